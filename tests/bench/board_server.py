"""An app process of boards: `python -m tests.bench.board_server PORT`, addresses from the environment."""

import sys

import uvicorn

from server.serving import UVICORN
from tests.support.board_site import create_board_app


def main() -> None:
    options = {**UVICORN, "factory": False, "log_level": "warning"}
    uvicorn.run(create_board_app(), host="127.0.0.1", port=int(sys.argv[1]), **options)


if __name__ == "__main__":
    main()
