"""The form of a flat: finished strings and dials (READ-07)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from kabinet.contracts.models import Contract
from kabinet.infra import ids
from kabinet.kernel.formats import format_month, format_number
from kabinet.providers.selectors import OpenProvider
from kabinet.providers.values import Resource
from kabinet.readings.rules import windows
from kabinet.readings.rules.tariff_numbers import FIELDS, NUMBERS
from kabinet.readings.selectors.household import Flat
from kabinet.readings.selectors.sheets import Line
from kabinet.readings.services.checking import Checked, CheckedField, CheckedMeter
from kabinet.readings.values import WindowState
from kabinet.readings.values.household import TypedFlat
from kabinet.readings.views import cause_words, words
from kabinet.readings.views.blocks import day_words, language, source_of
from kabinet.readings.views.flat_words import beside, field_label, hidden_of, number_word, resource_word, unit_of
from kabinet.web.components import Dial

_EVERY_TYPE: Final = tuple(FIELDS)


@dataclass(frozen=True, slots=True)
class FieldShown:
    """A dial with the tariff number beside it."""

    dial: Dial
    number_name: str
    numbers: tuple[tuple[int, str, bool], ...]
    offers: tuple[tuple[str, str, str], ...]
    state: str
    state_reason: str


@dataclass(frozen=True, slots=True)
class GroupShown:
    """A meter of the page."""

    id: str
    title: str
    place: str
    is_electric: bool
    tariffs: int
    types: tuple[tuple[int, str, bool], ...]
    fields: tuple[FieldShown, ...]
    problem: str
    question: str
    by_billing: str
    is_agreed: bool
    is_mendable: bool


def form_facts(
    flat: Flat,
    typed: TypedFlat,
    seen: Checked,
    *,
    provider: OpenProvider,
    accounts: Sequence[Contract],
    today: date,
    is_judged: bool,
) -> dict[str, Any]:
    """Return what the form shows: one tab, the other's fields carried along."""
    tab = typed.tab if typed.tab in flat.resources else next(iter(flat.resources), None)
    shown = seen.of(tab) if tab else ()
    groups = [_group(meter, flat, is_judged=is_judged) for meter in shown]
    window = flat.sheet.window
    return {
        "contract": flat.contract,
        "address": address_of(flat),
        "accounts": accounts,
        "tabs": [(str(resource), resource_word(resource), resource is tab) for resource in flat.resources],
        "tab": str(tab or ""),
        "is_electric": tab is Resource.ELECTRICITY,
        "groups": groups,
        "hidden": _hidden(flat, typed, groups, [meter for meter in seen.meters if meter not in shown]),
        "key": typed.key or str(ids.new()),
        "period": format_month(flat.month, language()),
        "opens": day_words(window.opens),
        "closes": day_words(window.closes),
        "is_before": window.state_on(today) is WindowState.NOT_YET,
        "is_moved_on": windows.is_moved_on(provider.policy.window, window, today=today, calendar=provider.calendar),
        "closed": flat.sheet.closed,
        "is_judged": is_judged,
        "is_nothing": is_judged and not seen.going,
        "is_sent_already": is_judged and seen.is_held_already,
        "faults": [fault for meter in seen.going for fault in _faults(meter)] if is_judged else [],
    }


def _hidden(
    flat: Flat, typed: TypedFlat, groups: Sequence[GroupShown], others: Sequence[CheckedMeter]
) -> list[tuple[str, str]]:
    """Return what the next press carries of fields that are not on the page."""
    hidden = [*hidden_of(others), *_carried(typed)]
    fields = [field for group in groups for field in group.fields]
    names = (
        {field.dial.name for field in fields} | {field.number_name for field in fields} | {name for name, _ in hidden}
    )
    return [*hidden, *beside(typed, flat, names)]


def address_of(flat: Flat) -> str:
    """Return the address of the account: that of its first meter's point."""
    return next((meter.meter.point.address for meter in flat.meters), "")


def _carried(typed: TypedFlat) -> Iterator[tuple[str, str]]:
    """Yield what only the check screen asks for: going back to the form forgets it no more than the rest."""
    if typed.email is not None:
        yield "email", typed.email
    for row, text in typed.comments.items():
        if text:
            yield f"comment-{row}", text


def _faults(meter: CheckedMeter) -> Iterator[tuple[str, str, str]]:
    """Yield what keeps a meter from the check screen: where it stands, its title and the words."""
    title = f"№ {meter.of.meter.number}"
    if meter.problem:
        yield f"meter-{meter.of.id}", title, cause_words.group_problem(meter.problem)
        return
    for field in meter.fields:
        if field.is_blocked:
            for code in field.verdict.blocking:
                yield f"id_{_name(field)}", title, words.refusal(code, digits=field.dial.integer_digits)
    if meter.question:
        yield f"meter-{meter.of.id}", title, cause_words.question(meter.question)


def _group(meter: CheckedMeter, flat: Flat, *, is_judged: bool) -> GroupShown:
    is_electric = meter.of.resource is Resource.ELECTRICITY
    claimed = meter.claim if meter.is_claim_agreed or is_judged else None
    return GroupShown(
        id=str(meter.of.id),
        title=f"№{meter.of.meter.number}",
        place=meter.of.meter.place,
        is_electric=is_electric,
        tariffs=meter.tariffs,
        types=tuple((number, _type_word(number), number == meter.tariffs) for number in _EVERY_TYPE),
        fields=tuple(_field(field, meter, flat, is_judged=is_judged) for field in meter.fields),
        problem=cause_words.group_problem(meter.problem) if is_judged and meter.problem else "",
        question=cause_words.question(claimed.kind) if claimed and meter.is_news else "",
        by_billing=_by_billing(meter),
        is_agreed=meter.is_claim_agreed,
        is_mendable=claimed is not None and meter.tariffs == meter.of.tariffs,
    )


def _type_word(tariffs: int) -> str:
    return {1: _("1-тарифный"), 2: _("2-тарифный"), 3: _("3-тарифный")}[tariffs]


def _by_billing(meter: CheckedMeter) -> str:
    """Say how billing has the meter: its type, or which number counts which zone."""
    if meter.tariffs != meter.of.tariffs:
        return _type_word(meter.of.tariffs)
    known = ((field_label(zone), number) for zone, number in meter.of.numbers.items() if number)
    return ", ".join(f"{label} — {number_word(number)}" for label, number in known)


def _name(field: CheckedField) -> str:
    return f"value-{field.line.row_id}" if field.line else f"claim-{field.meter.id}-{field.zone}"


def _field(field: CheckedField, meter: CheckedMeter, flat: Flat, *, is_judged: bool) -> FieldShown:
    is_wrong = is_judged and field.is_blocked
    digits = field.dial.integer_digits
    errors = tuple(words.refusal(code, digits=digits) for code in field.verdict.blocking) if is_wrong else ()
    sent = field.line.sent if field.line else None
    return FieldShown(
        dial=_dial(field, meter, flat, errors=errors),
        number_name=f"tariff-{field.meter.id}-{field.zone}" if meter.tariffs > 1 else "",
        numbers=tuple((number, number_word(number), number == field.number) for number in NUMBERS[: meter.tariffs]),
        offers=tuple(_offers(field)) if is_wrong else (),
        state=sent.state if sent else "",
        state_reason=sent.reason if sent else "",
    )


def _offers(field: CheckedField) -> Iterator[tuple[str, str, str]]:
    """Yield what a number that cannot be was likely meant to be: what the button carries, its value, and why."""
    if field.line is None:
        return
    explained = [one for one in field.causes if one.offers]
    for one in explained:
        take = ",".join(f"{offer.row_id}={offer.value}" for offer in one.offers)
        yield take, ", ".join(offer.value for offer in one.offers), cause_words.cause(one.cause)
    if not explained:
        for value in field.verdict.suggestions:
            yield f"{field.line.row_id}={value}", value, ""


def _dial(field: CheckedField, meter: CheckedMeter, flat: Flat, *, errors: tuple[str, ...]) -> Dial:
    line = field.line
    previous = line.previous if line else None
    physical = line.limits.physical if line else None
    return Dial(
        name=_name(field),
        label=_label(field, meter),
        whole=field.dial.integer_digits,
        fraction=field.dial.fraction_digits,
        value=field.raw,
        unit=unit_of(meter.of.resource),
        rule=_rule(line, meter.of.resource, tells_usual=flat.tells_usual) if line else "",
        previous=str(int(previous.value)).zfill(field.dial.integer_digits) if previous else "",
        previous_source=_source(line) if line else "",
        previous_value=str(int(previous.value)) if previous else "",
        limit=str(int(physical)) if physical is not None else "",
        usual=str(int(line.limits.usual)) if line and flat.tells_usual else "",
        errors=errors,
        is_disabled=flat.sheet.closed is not None or (line is not None and not line.is_live),
        is_label_shown=True,
    )


def _label(field: CheckedField, meter: CheckedMeter) -> str:
    if meter.of.resource is Resource.ELECTRICITY:
        return field_label(field.zone)
    return meter.of.meter.place or _("Показание")


def _source(line: Line) -> str:
    day = day_words(line.previous.taken_on) if line.previous else ""
    return _("Предыдущее показание: %(day)s, %(source)s") % {"day": day, "source": source_of(line)} if day else ""


def _rule(line: Line, resource: Resource, *, tells_usual: bool) -> str:
    """Say before typing how much is usual: what the limit is measured by."""
    if line.previous is None or not tells_usual:
        return _("Введите все чёрные цифры со счётчика, без красных.")
    usual = format_number(line.limits.usual.to_integral_value(), language())
    return _("Без цифр после запятой. Расход до %(usual)s %(unit)s обычен.") % {
        "usual": usual,
        "unit": unit_of(resource),
    }
