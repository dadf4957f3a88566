"""Ports for servers that tests start."""

import random
import socket

# Below those that the kernel gives to whoever opens a connection: a port found free stays so until it is listened on.
BELOW_PASSING_ONES = range(12_000, 32_000)


def free_port() -> int:
    """Return a port that is free together with the next one: the mailbox of a demonstration stands there."""
    while True:
        port = random.choice(BELOW_PASSING_ONES)
        if all(_is_free(each) for each in (port, port + 1)):
            return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
