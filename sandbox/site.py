"""The sandbox put together: its pages, its mail server, its billing systems."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox.billing.office import Office
from sandbox.billing.pages import Counter
from sandbox.billing.tables import open_books
from sandbox.clock import Clock
from sandbox.demo.logins import Addresses, sheet
from sandbox.mailbox import smtp
from sandbox.mailbox.pages import routes as mailbox_routes
from sandbox.mailbox.smtp import Postman
from sandbox.mailbox.store import Mailbox
from sandbox.settings import Settings
from sandbox.web import HERE, Guard, render, show_error

# Other names than these reach a loopback server only by a trick (DNS rebinding).
HOSTS = ["localhost", "127.0.0.1", "*.localhost", "testserver"]


class World:
    """Everything around the portal; its pages are `site`, the rest works within `at_work`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._clock = Clock(settings.clock_shift)
        self._mailbox = Mailbox(settings.mailbox_file)
        self._books = open_books(settings.billing_file)
        self._office = Office(
            settings.partner_keys, books=self._books, portal_url=settings.portal_url, clock=self._clock
        )
        self.site = Starlette(
            routes=self._routes(),
            middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS), Middleware(Guard)],
            exception_handlers={HTTPException: show_error, Exception: show_error},
        )

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Take mail and run the billing systems; SettingWrong when the mail's port cannot be had."""
        postman = Postman(self._mailbox, now=self._clock.now)
        server = await smtp.start(postman, port=self._settings.smtp_port, after=self._settings.port)
        self._office.start()
        try:
            yield
        finally:
            server.close()
            self._office.stop()

    def show_index(self, _: Request) -> Response:
        return render("index.html", {"portal": self._settings.portal_url, "letters": self._mailbox.count()})

    def show_logins(self, _: Request) -> Response:
        return render("demo.html", self._sheet())

    def tell_logins(self, _: Request) -> Response:
        return Response(json.dumps(self._sheet(), ensure_ascii=False, indent=1), media_type="application/json")

    def _sheet(self) -> dict[str, Any]:
        addresses = Addresses(portal=self._settings.portal_url, sandbox=self._settings.own_url)
        return sheet(self._settings.logins_file, books=self._books, clock=self._clock, addresses=addresses)

    def _routes(self) -> list[BaseRoute]:
        return [
            Route("/", self.show_index),
            Route("/livez", lambda _: PlainTextResponse("ok")),
            *mailbox_routes(self._mailbox),
            *Counter(self._office).routes(),
            Route("/demo", self.show_logins),
            Route("/demo/", lambda _: RedirectResponse("/demo")),
            Route("/demo/logins.json", self.tell_logins),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ]
