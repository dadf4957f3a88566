"""Which function answers which file of golden cases: the one table between the two."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from kabinet.billing.formats import payment_qr
from kabinet.kernel.calendar import WorkCalendar
from kabinet.kernel.identifiers.bank import AccountKind, check_account
from kabinet.kernel.identifiers.checked import Checked
from kabinet.kernel.identifiers.codes import Code, check_code
from kabinet.kernel.identifiers.inn import check_inn
from kabinet.kernel.identifiers.ogrn import check_ogrn
from kabinet.kernel.names import PersonName, match_names
from kabinet.kernel.periods import Month
from kabinet.kernel.phones import parse_phone
from kabinet.providers.values import DeadlineDay, WindowRule
from kabinet.readings.rules.consumption import (
    meter_consumption,
    register_consumption,
    replacement_consumption,
    with_gap,
    with_losses,
)
from kabinet.readings.rules.mistakes import judge
from kabinet.readings.rules.windows import window_of
from kabinet.readings.values import Acceptance, Dial, MeterSide, Stretch

from .adapters_of_charges import calculator, odn_charges, penalties, water_heat

Facts = dict[str, Any]
Adapter = Callable[[Facts], Facts]


@dataclass(frozen=True)
class NotBuilt:
    """The rules of this file are not written yet; the reason says what waits for them."""

    reason: str


def inn(given: Facts) -> Facts:
    return _checked(check_inn(given["inn"]))


def ogrn(given: Facts) -> Facts:
    return _checked(check_ogrn(given["ogrn"]))


def identifiers(given: Facts) -> Facts:
    return _checked(check_code(Code(given["type"]), given["value"]))


def bank_account(given: Facts) -> Facts:
    return _checked(check_account(given["account"], bic=given["bic"], kind=AccountKind(given["kind"])))


def phones(given: Facts) -> Facts:
    phone = parse_phone(given["phone"], given.get("default_area"))
    return {"valid": phone.valid, "e164": phone.e164, "mobile": phone.mobile, "ext": phone.ext}


def fio_match(given: Facts) -> Facts:
    return {"result": match_names(PersonName(**given["base"]), PersonName(**given["entered"]))}


def work_calendar(given: Facts) -> Facts:
    calendar, day = WorkCalendar(), date.fromisoformat(given["date"])
    return {"working": calendar.is_working(day), "shortened": calendar.is_shortened(day)}


def reading_windows(given: Facts) -> Facts:
    day = _local_day(given)
    rule, deadline_day = _rule(given["rule"])
    window = window_of(rule, Month.parse(given["period_month"]), calendar=WorkCalendar(), deadline_day=deadline_day)
    return {
        "state": window.state_on(day),
        "opens": str(window.opens),
        "closes": window.closes and str(window.closes),
        "deadline": window.deadline and str(window.deadline),
        "local_date": str(day),
    }


def input_errors(given: Facts) -> Facts:
    judgement = judge(
        str(given["raw"]),
        dial=Dial(int(given["digits"]), int(given["fraction_digits"])),
        previous=Decimal(str(given["prev"])),
        limit=Decimal(str(given["limit"])),
    )
    return {
        "code": judgement.code,
        "accept": {Acceptance.YES: True, Acceptance.NO: False, Acceptance.CONFIRM: "confirm"}[judgement.accept],
        "value": judgement.value,
        "consumption": judgement.consumption,
        "suggest": judgement.suggest,
        "warnings": list(judgement.warnings),
    }


def consumption(given: Facts) -> Facts:
    kinds: dict[str, Adapter] = {
        "register": _register,
        "multi": _multi,
        "replacement": _replacement,
        "replacement_gap": _replacement_gap,
        "losses": _losses,
    }
    return kinds[given["kind"]](given)


def gost_qr(given: Facts) -> Facts:
    try:
        if given["op"] == "build":
            return _code_facts(payment_qr.build(given["fields"], encoding=given["encoding"]))
        return _code_facts(payment_qr.parse(bytes.fromhex(given["hex"])))
    except payment_qr.QrRefused as refusal:
        return {"errors": list(refusal.faults)}


TABLE: dict[str, Adapter | NotBuilt] = {
    "advance_schedule": NotBuilt("advances come with payments"),
    "bank_account": bank_account,
    "calculator": calculator,
    "espi": NotBuilt("Green Button comes with intervals"),
    "fio_match": fio_match,
    "gost_qr": gost_qr,
    "hourly_profile": NotBuilt("hourly profiles come with intervals"),
    "hourly_profile_xlsx": NotBuilt("hourly profiles come with intervals"),
    "identifiers": identifiers,
    "inn": inn,
    "input_errors": input_errors,
    "maket80020": NotBuilt("80020 comes with intervals"),
    "meter_consumption": consumption,
    "odn_charges": odn_charges,
    "ogrn": ogrn,
    "penalties": penalties,
    "phones": phones,
    "reading_windows": reading_windows,
    "water_heat": water_heat,
    "work_calendar": work_calendar,
}


def _checked(checked: Checked) -> Facts:
    return {
        "valid": checked.valid,
        "reason": checked.reason,
        "kind": checked.kind,
        "normalized": checked.normalized,
    }


def _local_day(given: Facts) -> date:
    if "date" in given:
        return date.fromisoformat(given["date"])
    return datetime.fromisoformat(given["now_utc"]).astimezone(ZoneInfo(given["timezone"])).date()


def _rule(written: Facts) -> tuple[WindowRule, int | None]:
    # The deadline day is the contract's, not the rule's; a range of days has nothing to roll.
    foreign = {"deadline_day"} if written["type"] == DeadlineDay().type else {"roll_to_next_working_day"}
    own = {name: value for name, value in written.items() if name not in foreign}
    rule: WindowRule = TypeAdapter[WindowRule](WindowRule).validate_python(own)
    return rule, written.get("deadline_day")


def _stretch(given: Facts, *, start: str = "prev", end: str = "curr") -> Stretch:
    return Stretch(*(Decimal(str(text)) for text in (given[start], given[end], given.get("ratio", "1"))))


def _register(given: Facts) -> Facts:
    run = register_consumption(
        _stretch(given), integer_digits=given.get("digits"), rollover_confirmed=given.get("confirmed_rollover", False)
    )
    return {"register_difference": run.difference, "rollover": run.rolled_over, "consumption": run.consumption}


def _multi(given: Facts) -> Facts:
    runs = [(register["zone"], register_consumption(_stretch(register))) for register in given["registers"]]
    meter = meter_consumption(runs)
    zones = [{"zone": zone, "consumption": amount} for zone, amount in meter.by_register]
    return {"zones": zones, "total": meter.total}


def _replacement(given: Facts) -> Facts:
    old = _stretch(given["old"], end="final")
    return {"consumption": replacement_consumption(old, _stretch(given["new"], start="start"))}


def _replacement_gap(given: Facts) -> Facts:
    measured, average = Decimal(str(given["measured"])), Decimal(str(given["average_daily"]))
    return {"consumption": with_gap(measured, days_without_meter=given["days_without_meter"], average_daily=average)}


def _losses(given: Facts) -> Facts:
    metered, percent = Decimal(str(given["metered"])), Decimal(str(given["percent"]))
    found = with_losses(metered, percent=percent, side=MeterSide(given["meter_side"]))
    return {"losses": found.losses, "billed": found.billed}


def _code_facts(code: payment_qr.PaymentCode) -> Facts:
    return {
        "fields": dict(code.fields),
        "encoding": code.encoding.codec,
        "separator": code.separator,
        "payload": code.text,
        "bytes": len(code.payload),
        "hex_prefix": code.payload[:24].hex(),
    }
