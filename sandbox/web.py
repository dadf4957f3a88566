"""How the sandbox's pages are made: templates with escaping, forms, strict headers, plain errors."""

import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kabinet.kernel.formats import format_instant, format_month
from kabinet.kernel.periods import Month

HERE = Path(__file__).parent
LARGEST_FORM = 64 * 1024
POLICY = "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

_pages = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def _instant(text: str, zone: ZoneInfo) -> str:
    return format_instant(datetime.fromisoformat(text), zone)


def _month_words(text: str) -> str:
    return format_month(Month.parse(text))


_pages.filters |= {"instant": _instant, "month_words": _month_words}


def render(template: str, facts: Mapping[str, Any], *, status: int = 200) -> HTMLResponse:
    return HTMLResponse(_pages.get_template(template).render(facts), status_code=status)


def wants_json(request: Request) -> bool:
    """Say whether the caller is a program: it sends or asks for JSON."""
    return "application/json" in (request.headers.get("content-type", "") + request.headers.get("accept", ""))


async def fields_of(request: Request) -> dict[str, Any]:
    """Return what a form or a JSON object says; anything else is told so."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            raise HTTPException(413, "Слишком большой запрос.")
    try:
        text = body.decode()
        if "application/json" not in request.headers.get("content-type", ""):
            return dict(parse_qsl(text, keep_blank_values=True))
        fields = json.loads(text or "{}")
    except ValueError:
        raise HTTPException(400, "Тело запроса не читается: нужны поля формы или объект JSON.") from None
    if not isinstance(fields, dict):
        raise HTTPException(400, "Нужен объект JSON.")
    return fields


def answer(request: Request, result: Mapping[str, Any], *, back: str) -> Response:
    """Give a program its JSON and a person the page he came from."""
    if wants_json(request):
        return JSONResponse(dict(result))
    return RedirectResponse(back, status_code=303)


def show_error(request: Request, error: Exception) -> Response:
    """Say what is wrong, to a program or a person."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    detail = (
        error.detail if isinstance(error, HTTPException) else "Внутренняя ошибка песочницы; подробности в её журнале."
    )
    words = {404: "Такой страницы здесь нет.", 405: "Эта страница не принимает такой запрос."}
    text = words.get(status, detail) if detail in {"Not Found", "Method Not Allowed"} else detail
    if wants_json(request) or request.url.path.endswith(".json"):
        return JSONResponse({"error": text}, status_code=status)
    return render("error.html", {"status": status, "text": text}, status=status)


class Guard:
    """Refuse forms sent from other sites, and tell browsers to run nothing that is not ours."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["method"] not in SAFE_METHODS and _is_foreign(scope):
            refusal = JSONResponse({"error": "Запрос с чужого сайта отклонён."}, status_code=403)
            await refusal(scope, receive, send)
            return
        await self.app(scope, receive, _with_headers(send))


def _is_foreign(scope: Scope) -> bool:
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    origin = headers.get(b"origin", "")
    if headers.get(b"sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return True
    return bool(origin) and urlsplit(origin).netloc != headers.get(b"host", "")


def _with_headers(send: Send) -> Callable[[Message], Awaitable[None]]:
    extra = {
        b"content-security-policy": POLICY.encode(),
        b"x-content-type-options": b"nosniff",
        b"referrer-policy": b"same-origin",
        b"cache-control": b"no-store",
    }

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            present = {name.lower() for name, _ in message["headers"]}
            message["headers"] = [*message["headers"], *((n, v) for n, v in extra.items() if n not in present)]
        await send(message)

    return send_with_headers
