"""The mail server that takes every letter and sends none on."""

import asyncio
import errno
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

from aiosmtpd.smtp import SMTP, Envelope, Session

from sandbox.mailbox.store import Mailbox
from sandbox.settings import SettingWrong

HOST: Final = "127.0.0.1"
LARGEST_LETTER: Final = 25 * 1024 * 1024
PORTS_TRIED: Final = 50

log = logging.getLogger(__name__)


class Postman:
    """Put what the server receives into the mailbox."""

    def __init__(self, mailbox: Mailbox, *, now: Callable[[], datetime]) -> None:
        self._mailbox = mailbox
        self._now = now

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 - aiosmtpd's hook
        """Keep the letter before saying that it is kept."""
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode("utf-8", "replace")
        await asyncio.to_thread(
            self._mailbox.deliver,
            raw,
            recipients=list(envelope.rcpt_tos),
            sender=envelope.mail_from or "",
            at=self._now(),
        )
        return "250 OK"


async def start(postman: Postman, *, port: int | None, after: int) -> asyncio.Server:
    """Listen on the port, or without one on the first free port after another."""
    if port is not None:
        try:
            return await _listen(postman, port)
        except OSError as error:
            raise SettingWrong(f"Почтовый порт {port} занят или недоступен: {error.strerror}") from error
    for candidate in range(after + 1, min(after + 1 + PORTS_TRIED, 65536)):
        try:
            return await _listen(postman, candidate)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
    raise SettingWrong(f"Нет свободного порта для почты среди {PORTS_TRIED} следующих за {after}")


async def _listen(postman: Postman, port: int) -> asyncio.Server:
    def protocol() -> SMTP:
        # A host name of its own: looking one up may take seconds on a machine without a resolver.
        return SMTP(
            postman,
            hostname="sandbox.localhost",
            ident="Kabinet sandbox",
            data_size_limit=LARGEST_LETTER,
            enable_SMTPUTF8=True,
        )

    server = await asyncio.get_running_loop().create_server(protocol, HOST, port)
    log.info("mail is taken on port %s", server.sockets[0].getsockname()[1])
    return server
