"""Looks at ports before anything is started."""

import socket
import time
from typing import Final

from launcher.talk import Stop

LOOPBACK: Final = "127.0.0.1"
LARGEST_PORT: Final = 65535
PATIENCE_SECONDS: Final = 3.0


def is_free(port: int, *, host: str = LOOPBACK) -> bool:
    """Say whether we could listen there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def require_free(port: int, *, option: str, host: str = LOOPBACK) -> None:
    """Stop with the option to use when the port stays taken; what a killed start left goes within seconds."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_free(port, host=host):
        if time.monotonic() > deadline:
            raise Stop(f"Port {port} is taken by another program. Choose another: {option} {port + 10}")
        time.sleep(0.1)


def first_free(port: int, *, but: int) -> int:
    """Return the first free port from this one on."""
    for candidate in range(port, LARGEST_PORT):
        if candidate != but and is_free(candidate):
            return candidate
    raise Stop(f"No port from {port} on is free. Choose lower ones with --port and --sandbox-port.")
