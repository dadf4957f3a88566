"""Start the sandbox: `python -m sandbox --port 8100`."""

import argparse
import asyncio
import logging
import socket
import sys

import uvicorn

from sandbox.settings import Settings, SettingWrong, from_environment
from sandbox.site import World

HOST = "127.0.0.1"
GRACE_SECONDS = 2
LAST_PORT = 65535


def main() -> int:
    """Serve until a signal comes."""
    port = _port()
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    # Each poll of the feed and each step of a letter is a line otherwise.
    for chatty in ("httpx", "mail.log"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        asyncio.run(_serve(from_environment(port)))
    except SettingWrong as wrong:
        print(wrong, file=sys.stderr)  # noqa: T201 - said to the person who starts the process
        return 2
    return 0


async def _serve(settings: Settings) -> None:
    listener = _listen(settings.port)
    world = World(settings)
    config = uvicorn.Config(
        world.site, log_level="warning", lifespan="off", timeout_graceful_shutdown=GRACE_SECONDS, server_header=False
    )
    async with world.at_work():
        await uvicorn.Server(config).serve(sockets=[listener])


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        raise SettingWrong(f"Порт песочницы {port} занят или недоступен: {error.strerror}") from error
    return listener


def _port() -> int:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="Мир вокруг портала: почта и биллинг.")
    parser.add_argument("--port", type=int, default=8100, help="порт страниц (по умолчанию 8100)")
    port: int = parser.parse_args().port
    if not 0 < port <= LAST_PORT:
        parser.error(f"порт {port} не из 1…{LAST_PORT}")
    return port


if __name__ == "__main__":
    sys.exit(main())
