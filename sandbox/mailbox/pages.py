"""The mailbox as pages and as JSON."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox.clock import MOSCOW
from sandbox.mailbox.store import KeptLetter, Mailbox
from sandbox.web import render


def routes(mailbox: Mailbox) -> list[Route]:
    def show_letters(request: Request) -> Response:
        to = request.query_params.get("to", "").strip()
        facts = {"letters": mailbox.letters(to), "to": to, "count": mailbox.count(), "zone": MOSCOW}
        return render("mailbox.html", facts)

    def show_letter(request: Request) -> Response:
        kept = _found(mailbox, request)
        return render("letter.html", {"kept": kept, "zone": MOSCOW})

    def show_raw(request: Request) -> Response:
        raw = _found(mailbox, request).raw
        return Response(raw.decode("utf-8", "replace"), media_type="text/plain; charset=utf-8")

    def list_messages(request: Request) -> Response:
        to = request.query_params.get("to", "").strip()
        return JSONResponse([kept.to_json() for kept in mailbox.letters(to)])

    def delete_all(request: Request) -> Response:  # noqa: ARG001 - the router's shape
        mailbox.empty()
        return RedirectResponse("/mailbox", status_code=303)

    return [
        Route("/mailbox", show_letters),
        Route("/mailbox/", lambda _: RedirectResponse("/mailbox")),
        Route("/mailbox/messages.json", list_messages),
        Route("/mailbox/delete", delete_all, methods=["POST"]),
        Route("/mailbox/{number:int}", show_letter),
        Route("/mailbox/{number:int}/raw", show_raw),
    ]


def _found(mailbox: Mailbox, request: Request) -> KeptLetter:
    number: int = request.path_params["number"]
    # SQLite keeps no larger integers.
    kept = mailbox.letter(number) if number < 2**63 else None
    if kept is None:
        raise HTTPException(404, "Такого письма нет: возможно, ящик очистили.")
    return kept
