"""The billing systems as pages for people and as JSON for tests."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from kabinet.kernel.periods import Month
from sandbox.billing import closing, decisions, journal, outbox, submissions, truth
from sandbox.billing.decisions import NotWaiting
from sandbox.billing.desk import Desk
from sandbox.billing.office import Office
from sandbox.billing.values import SENTENCES, Books, Fault, Reason, Refusal, State, Unknown
from sandbox.web import answer, fields_of, render

FAULTS = {
    Fault.NONE: "исправен",
    Fault.UNAVAILABLE: "биллинг недоступен",
    Fault.REFUSE_ALL: "отклонять всё",
    Fault.ANSWER_TWICE: "отвечать дважды",
    Fault.WRONG_CONTRACT: "отвечать за чужой договор",
    Fault.GARBAGE: "отвечать мусором",
    Fault.SCHEMA_CHANGED: "отвечать строками другого вида",
    Fault.NO_ACKNOWLEDGEMENT: "не подтверждать ленту",
}
STATES = {
    State.WAITING: "ждёт решения",
    State.TAKEN: "принято",
    State.REFUSED: "отклонено",
    State.SUPERSEDED: "заменено исправлением",
    State.WITHDRAWN: "отозвано клиентом",
}
KINDS = {
    "readings.sent": "показание",
    "readings.withdrawn": "отзыв показания",
    "readings.meter_claimed": "сведения о счётчике",
    "readings.volume_sent": "объём стоков ГВС",
    "billing.act_requested": "запрос акта сверки",
    "reconciliation_act": "акт сверки",
    "acknowledgement": "подтверждение ленты",
    "answers": "ответы и принятые показания",
    "billing_period": "расчётный период",
    "charges": "начисления, платежи и остатки",
    "connection": "связь",
    "unknown": "неизвестное",
}
LONGEST_DELAY = 3600.0


class Counter:
    """The billing systems' counter: what people and tests may ask of them."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def routes(self) -> list[Route]:
        return [
            Route("/billing", self.show_all),
            Route("/billing/", lambda _: RedirectResponse("/billing")),
            Route("/billing/{slug}", self.show_one),
            Route("/billing/{slug}/", lambda request: RedirectResponse(f"/billing/{request.path_params['slug']}")),
            Route("/billing/{slug}/journal", self.show_journal),
            Route("/billing/{slug}/state.json", self.tell_state),
            Route("/billing/{slug}/submissions.json", self.tell_submissions),
            Route("/billing/{slug}/journal.json", self.tell_journal),
            Route("/billing/{slug}/submissions/{number}/{act}", self.decide, methods=["POST"]),
            Route("/billing/{slug}/periods/{month}/close", self.close_period, methods=["POST"]),
            Route("/billing/{slug}/faults", self.set_fault, methods=["POST"]),
            Route("/billing/{slug}/settings", self.set_manners, methods=["POST"]),
        ]

    def show_all(self, request: Request) -> Response:  # noqa: ARG002 - the router's shape
        states = [self._state(desk) for desk in self._office.desks.values()]
        return render("billing.html", {"providers": [state for state in states if state["is_loaded"]]})

    def show_one(self, request: Request) -> Response:
        desk = self._desk(request)
        wanted = request.query_params.get("state", "")
        with self._office.books.reading() as db:
            rows = submissions.list_(db, desk.slug, state=wanted if wanted in set(State) else "")
        facts = {"provider": self._loaded(desk), "rows": rows, "wanted": wanted, "faults": FAULTS, "states": STATES}
        return render("provider.html", facts | {"message": request.query_params.get("message", "")})

    def show_journal(self, request: Request) -> Response:
        desk = self._desk(request)
        with self._office.books.reading() as db:
            lines = journal.newest(db, desk.slug)
        return render("journal.html", {"provider": self._loaded(desk), "lines": lines, "kinds": KINDS})

    def tell_state(self, request: Request) -> Response:
        state = self._state(self._desk(request))
        return JSONResponse({name: value for name, value in state.items() if name != "zone"})

    def tell_submissions(self, request: Request) -> Response:
        desk = self._desk(request)
        with self._office.books.reading() as db:
            return JSONResponse(submissions.list_(db, desk.slug, state=request.query_params.get("state", "")))

    def tell_journal(self, request: Request) -> Response:
        desk = self._desk(request)
        with self._office.books.reading() as db:
            return JSONResponse(journal.newest(db, desk.slug, limit=1000))

    async def decide(self, request: Request) -> Response:
        """Take, refuse or answer again by hand."""
        desk, number = self._desk(request), request.path_params["number"]
        fields = await fields_of(request)
        act = self._act(request.path_params["act"], number, fields)
        try:
            await run_in_threadpool(self._act_on, desk, act)
        except NotWaiting as refusal:
            raise HTTPException(409, f"Уже решено иначе: {STATES[refusal.state]}.") from refusal
        except Unknown as unknown:
            raise HTTPException(404, "Такого показания или его прибора в биллинге нет.") from unknown
        with self._office.books.reading() as db:
            row = submissions.one(db, desk.slug, number)
        return answer(request, {"id": number, "state": row["state"] if row else ""}, back=f"/billing/{desk.slug}")

    async def close_period(self, request: Request) -> Response:
        desk = self._desk(request)
        try:
            month = Month.parse(request.path_params["month"])
            is_closed = await run_in_threadpool(desk.close_period, month)
        except (ValueError, Unknown):
            raise HTTPException(404, "Такого периода в биллинге нет; месяц пишется так: 2026-10.") from None
        result = {"month": str(month), "state": "closed", "changed": is_closed}
        return answer(request, result, back=f"/billing/{desk.slug}")

    async def set_fault(self, request: Request) -> Response:
        desk = self._desk(request)
        kind = str((await fields_of(request)).get("kind", ""))
        if kind not in set(Fault):
            raise HTTPException(400, f"Неисправности: {', '.join(Fault)}.")
        await run_in_threadpool(self._write, desk, "UPDATE provider SET fault = ? WHERE slug = ?", kind)
        return answer(request, {"kind": kind}, back=f"/billing/{desk.slug}")

    async def set_manners(self, request: Request) -> Response:
        """Say whether the system decides by itself, and after how many seconds."""
        desk = self._desk(request)
        fields = await fields_of(request)
        is_automatic = fields.get("automatic") in (True, "true", "on", "1", 1)
        delay = _seconds(fields.get("delay_seconds", 2))
        statement = "UPDATE provider SET is_automatic = ?, delay_seconds = ? WHERE slug = ?"
        await run_in_threadpool(self._write, desk, statement, is_automatic, delay)
        return answer(request, {"automatic": is_automatic, "delay_seconds": delay}, back=f"/billing/{desk.slug}")

    def _act(self, name: str, number: str, fields: dict[str, Any]) -> Callable[[Books], None]:
        if name == "take":
            return lambda books: decisions.take(books, number)
        if name == "again":
            return lambda books: decisions.answer_again(books, number)
        if name == "refuse":
            sentence = str(fields.get("reason") or SENTENCES[Reason.REFUSED_BY_CLERK]).strip()[:300]
            refusal = Refusal(_code(fields), sentence or SENTENCES[Reason.REFUSED_BY_CLERK])
            return lambda books: decisions.refuse(books, number, refusal)
        raise HTTPException(404, "Показание можно принять (take), отклонить (refuse) или ответить ещё раз (again).")

    def _act_on(self, desk: Desk, act: Callable[[Books], None]) -> None:
        with desk.deciding() as books:
            act(books)

    def _write(self, desk: Desk, statement: str, *values: Any) -> None:
        with self._office.books.transaction() as db:
            db.execute(statement, (*values, desk.slug))
        desk.wake()

    def _desk(self, request: Request) -> Desk:
        desk = self._office.desks.get(request.path_params["slug"])
        if desk is None:
            raise HTTPException(404, "Биллинга такого поставщика в песочнице нет.")
        return desk

    def _loaded(self, desk: Desk) -> dict[str, Any]:
        state = self._state(desk)
        if not state["is_loaded"]:
            raise HTTPException(404, "Данные этого поставщика ещё не загружены.")
        return state

    def _state(self, desk: Desk) -> dict[str, Any]:
        with self._office.books.reading() as db:
            row = db.execute("SELECT * FROM provider WHERE slug = ?", (desk.slug,)).fetchone()
            if row is None:
                return {"slug": desk.slug, "is_loaded": False}
            counts = db.execute(
                "SELECT state, count(*) AS n FROM submission WHERE slug = ? GROUP BY state", (desk.slug,)
            ).fetchall()
            periods = [{"month": str(m), "state": p["state"]} for m, p in truth.periods(db, desk.slug).items()]
            waiting = outbox.waiting_count(db, desk.slug)
            houses_left = closing.houses_left(db, desk.slug)
        zone = ZoneInfo(row["zone"])
        return {
            "slug": desk.slug,
            "is_loaded": True,
            "name": row["name"],
            "zone": zone,
            "today": self._office.clock.today(zone).isoformat(),
            "automatic": bool(row["is_automatic"]),
            "delay_seconds": row["delay_seconds"],
            "fault": row["fault"],
            "acknowledged": row["acknowledged"],
            "trouble": row["trouble"],
            "heard_at": desk.heard_at.isoformat(timespec="seconds") if desk.heard_at else None,
            "batches_waiting": waiting,
            "houses_left": houses_left,
            "counts": {each["state"]: each["n"] for each in counts},
            "periods": periods[-6:],
        }


def _seconds(value: Any) -> float:
    try:
        seconds = float(str(value).replace(",", "."))
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= LONGEST_DELAY:
        raise HTTPException(400, "Задержка — число секунд от 0 до 3600.")
    return seconds


def _code(fields: dict[str, Any]) -> str:
    code = str(fields.get("reason_code") or Reason.REFUSED_BY_CLERK)
    if len(code) > 40 or not code.replace("_", "").isalnum() or not code.isascii() or code != code.lower():  # noqa: PLR2004 - the exchange's own limit
        raise HTTPException(400, "Код причины: до 40 строчных латинских букв, цифр и подчёркиваний.")
    return code
