"""Where this machine is found on its network."""

import socket
from typing import Final

EVERYWHERE: Final = "0.0.0.0"  # noqa: S104  # only with --lan, which says what that means
# An address for documentation: a route to it is looked up, nothing is sent.
SOMEWHERE_ELSE: Final = ("192.0.2.1", 9)


def lan_address() -> str:
    """Return the address that others on the network reach this machine by."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(SOMEWHERE_ELSE)
        except OSError:
            return "127.0.0.1"
        address: str = probe.getsockname()[0]
        return address


def origin(host: str, port: int) -> str:
    """Return what people type to get to an app that listens on `host` and `port`."""
    return f"http://{lan_address() if host == EVERYWHERE else host}:{port}"
