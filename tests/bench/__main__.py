"""`make bench`: run every measurement, print a table, write var/bench.json.

`python -m tests.bench [name …]` runs some of them only.
"""

import json
import os
import platform
import sys
from collections.abc import Callable
from typing import Any

from server.config import VAR
from tests.bench import (
    around,
    fanout,
    frames,
    phone,
    redeeming,
    scoring,
    settling,
    start,
    submitting,
    theatre,
    walks,
)

MEASUREMENTS: dict[str, Callable[[], dict[str, Any]]] = {
    "start": start.run,
    "scoring": scoring.run,
    "redeeming": redeeming.run,
    "submitting": submitting.run,
    "settling": settling.run,
    "around": around.run,
    "frames": frames.run,
    "fanout": fanout.run,
    "phone": phone.run,
    "walks": walks.run,
    "theatre": theatre.run,
}
# Figure → what it should reach, at least or at most.
TARGETS = {
    "scoring_vs_pgbench": ">= 0.5",
    "redeem_vs_pgbench": ">= 0.5",
    "lead_vs_pgbench": ">= 0.3",
    "settle_linearity": ">= 0.8",
    "fanout_vs_ws": "<= 1.1",
    "fanout_vs_socketio": "<= 0.9",
    "frames_at_1000_scores": "<= 5.5",
    "around_me_growth": "<= 2",
    "start_warm_s": "< 10",
    "phone_perf": ">= 95",
    "phone_a11y": ">= 100",
    "phone_best": ">= 100",
    "phone_lcp_ms": "<= 2000",
    "phone_tbt_ms": "<= 150",
    "phone_cls": "<= 0.05",
    "phone_js_kb": "<= 35",
    "phone_css_kb": "<= 14",
    "phone_font_kb": "<= 0",
    "phone_third_parties": "<= 0",
    "phone_worker_kb": "<= 14",
    "theatre_frame_worst_ms": "<= 50",
    "theatre_frame_vs_anew": "< 1",
    "phone_offline_start_ms": "<= 1000",
    "walk_join_s": "<= 60",
    "walk_lead_s": "<= 20",
    "walk_redeem_s": "<= 10",
}


def main(names: list[str]) -> None:
    """Run the named measurements, or all."""
    path = VAR / "bench.json"
    path.parent.mkdir(exist_ok=True)
    figures: dict[str, Any] = json.loads(path.read_text()) if names and path.exists() else {}
    for name in names or MEASUREMENTS:
        print(f"{name} …", file=sys.stderr, flush=True)
        figures |= MEASUREMENTS[name]()
    figures["machine"] = f"{os.cpu_count()} cores, {platform.machine()}"
    path.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n")
    for name, figure in figures.items():
        print(f"{name:32} {figure!s:>24}   {TARGETS.get(name, '')}")


if __name__ == "__main__":
    main(sys.argv[1:])
