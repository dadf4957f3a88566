"""The check screen of a flat: what goes, what it is compared with, and what may be wrong in it (READ-08, READ-09).

It is the same for who is signed in and who is not: a page of its own gives `check_facts` its flat and what was typed,
renders `readings/_check.html` within its form, and adds `phone` or leaves account, address and name out (READ-18).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from kabinet.infra import ids
from kabinet.kernel.formats import format_month, format_number
from kabinet.providers.values import Resource
from kabinet.readings.selectors.household import Flat
from kabinet.readings.services.checking import Checked, CheckedField, CheckedMeter
from kabinet.readings.values import Fate, Outcome
from kabinet.readings.values.causes import Hypothesis
from kabinet.readings.values.household import PhotoProblem, TypedFlat
from kabinet.readings.views import cause_words, words
from kabinet.readings.views.blocks import language
from kabinet.readings.views.flat_words import beside, field_label, hidden_of, number_word, resource_word, unit_of
from kabinet.readings.views.household_form import address_of


@dataclass(frozen=True, slots=True)
class CauseShown:
    """An explanation with the values that would mend the reading: `take` is what the button carries."""

    words: str
    take: str = ""
    offer: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class DoubtShown:
    """What is doubtful about a row, what may lie behind it, and how to send it all the same."""

    row: str
    title: str
    words: str
    causes: tuple[CauseShown, ...]
    codes: tuple[str, ...]
    is_confirmed: bool
    comment: str
    error: str
    photo_error: str

    @property
    def offers(self) -> bool:
        return any(cause.take for cause in self.causes)


@dataclass(frozen=True, slots=True)
class RowShown:
    """A line of the check screen."""

    meter: str
    zone: str
    previous: str
    current: str
    consumption: str
    errors: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    doubt: DoubtShown | None = None


@dataclass(frozen=True, slots=True)
class TableShown:
    """The rows of one resource."""

    title: str
    unit: str
    rows: tuple[RowShown, ...]


@dataclass(frozen=True, slots=True)
class _Said:
    """What is to be said of rows beside the rules: the fates of a sending that stored nothing, and photos refused."""

    typed: TypedFlat
    outcomes: Mapping[UUID, Outcome] = field(default_factory=dict)
    photos: Mapping[UUID, PhotoProblem] = field(default_factory=dict)
    is_pressed: bool = False


def check_facts(
    flat: Flat,
    typed: TypedFlat,
    seen: Checked,
    *,
    outcomes: Sequence[Outcome] = (),
    photo_problems: Mapping[UUID, PhotoProblem] | None = None,
    is_pressed: bool = False,
) -> dict[str, Any]:
    """Return what the check screen shows, with everything typed in hidden fields."""
    of_row = {outcome.row_id: outcome for outcome in outcomes}
    said = _Said(typed, of_row, photo_problems or {}, is_pressed)
    tables = [_table(resource, seen, said) for resource in flat.resources]
    tables = [table for table in tables if table.rows]
    hidden = list(hidden_of(seen.meters))
    return {
        "contract": flat.contract,
        "address": address_of(flat),
        "period": format_month(flat.month, language()),
        "tables": tables,
        "doubts": [row.doubt for table in tables for row in table.rows if row.doubt],
        "claims": [_claim_words(meter) for meter in seen.going if meter.claim],
        "hidden": [*hidden, *beside(typed, flat, {name for name, _ in hidden})],
        "email": typed.email or "",
        "key": typed.key or str(ids.new()),
        "tab": str(typed.tab or ""),
    }


def _table(resource: Resource, seen: Checked, said: _Said) -> TableShown:
    rows = tuple(_row(field_, meter, said) for meter in seen.of(resource) if meter.is_news for field_ in meter.fields)
    return TableShown(resource_word(resource), unit_of(resource), rows)


def _row(checked: CheckedField, meter: CheckedMeter, said: _Said) -> RowShown:
    line, verdict = checked.line, checked.verdict
    digits = checked.dial.integer_digits
    outcome = said.outcomes.get(line.row_id) if line else None
    refused = outcome.problems if outcome and outcome.fate is Fate.REFUSED else ()
    unit = unit_of(meter.of.resource)
    return RowShown(
        meter=meter.of.meter.number,
        zone=_zone(checked, meter),
        previous=str(int(line.previous.value)).zfill(digits) if line and line.previous else "",
        current=verdict.shown or checked.raw,
        consumption=_amount(verdict.consumption),
        errors=tuple(words.refusal(code, digits=digits) for code in refused),
        notes=words.notes(verdict.hints),
        doubt=_doubt(checked, meter, said, unit=unit) if checked.is_doubtful and not checked.is_sent else None,
    )


def _zone(checked: CheckedField, meter: CheckedMeter) -> str:
    """Write T1…T3 of a meter with several tariffs, else the place of the meter."""
    if checked.number:
        return number_word(checked.number)
    return meter.of.meter.place or (field_label(checked.zone) if meter.of.resource is Resource.ELECTRICITY else "")


def _amount(amount: Decimal | None) -> str:
    return "" if amount is None else format_number(amount, language())


def _doubt(checked: CheckedField, meter: CheckedMeter, said: _Said, *, unit: str) -> DoubtShown | None:
    line = checked.line
    if line is None:
        return None
    codes, row = checked.verdict.to_confirm, line.row_id
    confirmed = said.typed.confirmed.get(row, frozenset())
    is_confirmed = confirmed.issuperset(codes)
    photo = said.photos.get(row)
    return DoubtShown(
        row=str(row),
        title=" ".join(filter(None, (f"№ {meter.of.meter.number}", _zone(checked, meter)))),
        words=cause_words.doubt(codes[0]),
        causes=tuple(_cause(one, unit=unit) for one in checked.causes),
        codes=tuple(map(str, codes)),
        is_confirmed=is_confirmed,
        comment=said.typed.comments.get(row, ""),
        error=_("Возьмите предложенное или подтвердите своё.") if said.is_pressed and not is_confirmed else "",
        photo_error=cause_words.photo_problem(photo) if photo else "",
    )


def _cause(one: Hypothesis, *, unit: str) -> CauseShown:
    """Write an explanation; one that changes several rows names them all on its button."""
    if not one.offers:
        return CauseShown(cause_words.cause(one.cause))
    spent = ", ".join(f"{_amount(offer.consumption)} {unit}" for offer in one.offers)
    return CauseShown(
        words=cause_words.cause(one.cause),
        take=",".join(f"{offer.row_id}={offer.value}" for offer in one.offers),
        offer=", ".join(offer.value for offer in one.offers),
        outcome=_("расход %(amount)s") % {"amount": spent},
    )


def _claim_words(meter: CheckedMeter) -> tuple[str, str, str]:
    """Say what billing will be told of a meter: its number, what is otherwise, and how it is by the customer."""
    claim = meter.claim
    if claim is None:
        raise ValueError("the meter is as billing has it")
    own = ", ".join(_numbers(meter))
    return meter.of.meter.number, cause_words.question(claim.kind), own or _("1-тарифный")


def _numbers(meter: CheckedMeter) -> Iterator[str]:
    for one in meter.fields:
        if one.number:
            yield f"{field_label(one.zone)} — {number_word(one.number)}"
