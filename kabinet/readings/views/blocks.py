"""A contract's block on a page of sending, whatever its rows are: finished strings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.utils.translation import get_language

from kabinet.contracts.http import Request
from kabinet.contracts.models import Contract
from kabinet.contracts.values import Action
from kabinet.infra import ids
from kabinet.kernel.formats import format_day, format_month
from kabinet.readings.forms import TypedPage
from kabinet.readings.models import EFFECTIVE
from kabinet.readings.selectors.losses import unopened_of
from kabinet.readings.selectors.sheets import AnyLine, Sheet
from kabinet.readings.values import Fate, Mistake, WindowState
from kabinet.readings.views import words
from kabinet.web.components import DialDrawing
from kabinet.web.shapes import APART

RowT = TypeVar("RowT")


@dataclass(frozen=True, slots=True)
class Block(Generic[RowT]):
    """One contract of the page."""

    id: str
    title: str
    deadline_day: int | None
    period: str
    deadline: str
    opens: str
    closes: str
    usual_closes: str
    today: str
    closed: Mistake | None
    is_before: bool
    key: str
    rows: tuple[RowT, ...] = field(metadata=APART)
    drawing: DialDrawing | None


@dataclass(frozen=True, slots=True)
class Summary:
    """How a sending went as a whole (READ-03)."""

    sent: int
    unchanged: int
    not_sent: int


def summary_of(fates: Sequence[Fate]) -> Summary | None:
    if not fates:
        return None
    return Summary(
        sent=fates.count(Fate.SENT),
        unchanged=fates.count(Fate.UNCHANGED),
        not_sent=fates.count(Fate.TO_CONFIRM) + fates.count(Fate.REFUSED),
    )


def block_around(
    rows: tuple[RowT, ...], *, sheet: Sheet[Any], today: date, drawing: DialDrawing | None = None
) -> Block[RowT]:
    """Put the contract's name and window around its rows."""
    window, contract = sheet.window, sheet.contract
    return Block(
        id=str(contract.pk),
        title=title_of(contract),
        deadline_day=contract.deadline_day,
        period=format_month(window.month, language()),
        deadline=day_words(window.deadline),
        opens=day_words(window.opens),
        closes=day_words(window.closes),
        usual_closes=day_words(window.usual_closes),
        today=day_words(today),
        closed=sheet.closed,
        is_before=window.state_on(today) is WindowState.NOT_YET,
        key=str(ids.new()),
        rows=rows,
        drawing=drawing,
    )


def title_of(contract: Contract) -> str:
    """Name a contract as its block and the messages about it do."""
    return f"{contract.customer_name}, №{contract.customer_number}".removesuffix(", №")


def numbered(contract: Contract) -> str:
    """Name a contract by its own number, as the business portal does."""
    return f"{contract.customer_name}, №\N{NO-BREAK SPACE}{contract.number}"


def unopened_titles(
    request: Request, *, action: Action, today: date, named: Callable[[Contract], str] = title_of
) -> list[str]:
    """Name the contracts that the page leaves out for the viewer's role on them."""
    return [named(contract) for contract in unopened_of(request.viewer, action=action, today=today)]


def source_of(line: AnyLine) -> str:
    """Say where the previous value comes from."""
    if line.previous is None:
        return ""
    return words.source(line.previous.source if line.previous.is_accepted else "sent")


def value_in(line: AnyLine, typed: TypedPage | None, *, closed: Mistake | None) -> str | Decimal:
    """Return what stands in the field: typed now, else the draft, else what was sent until the period ends."""
    raw = typed.raw_of(line.row_id) if typed else None
    if raw is not None:
        return raw
    if closed is Mistake.PERIOD_CLOSED:
        return ""
    if line.draft or line.sent is None:
        return line.draft
    return line.sent.value if line.sent.state in EFFECTIVE else line.sent.raw


def day_words(day: date | None) -> str:
    return format_day(day, language()) if day else ""


def language() -> str:
    return get_language() or "ru"
