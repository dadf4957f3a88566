"""A flat with its meters, at a provider of private customers, and pressing the buttons of its pages."""

import re
from datetime import date
from decimal import Decimal
from itertools import count

from kabinet.contracts.models import Meter, Register, SupplyPoint
from tests import world

ZONES = {1: ("single",), 2: ("day", "night"), 3: ("peak", "night", "half_peak")}
_numbers = count(1)


def account(of, user=None, **changed):
    """Return an account of a household; `user` holds it."""
    place = next(_numbers)
    facts = {
        "kind": "household",
        "number": f"{111222000 + place}",
        "customer_name": "Иванова Н.Н.",
        "customer_number": "",
        "inn": "",
        "deadline_day": None,
    }
    row = world.contract(of, **(facts | changed))
    if user:
        world.link(user, row)
    return row


def power(of, *, showed=("4580",), number=None, digits=5, fraction=1, months=0, run=100, limit="500", **changed):
    """Give the account an electricity meter with a register for each value, that ran `run` in each of some months."""
    place = next(_numbers)
    names = {"provider": of.provider, "contract": of, "source": "billing", "version": 1, "valid_from": world.LONG_AGO}
    meter = _meter(of, place, number or f"{11228000 + place}", resource="electricity", **changed)
    zones = ZONES[len(showed)]
    for tariff, (zone, value) in enumerate(zip(zones, showed, strict=True), start=1):
        register = Register.objects.create(
            meter=meter, external_id=f"fr{place}-{tariff}", quantity="A+", zone=zone,
            tariff_number=tariff if len(zones) > 1 else None, integer_digits=digits, fraction_digits=fraction,
            physical_limit_per_day=Decimal(limit), **names,
        )  # fmt: skip
        _past(register, int(value), months=months, run=run)
    return meter


def hot_water(of, *, showed="36", number=None, place="Санузел", months=0, run=4, **changed):
    """Give the account a hot-water meter of five black digits and three red ones."""
    number_ = next(_numbers)
    names = {"provider": of.provider, "contract": of, "source": "billing", "version": 1, "valid_from": world.LONG_AGO}
    meter = _meter(of, number_, number or f"0{11000 + number_}", resource="hot_water", place=place, **changed)
    register = Register.objects.create(
        meter=meter, external_id=f"fr{number_}", quantity="V", zone="single", integer_digits=5, fraction_digits=3,
        physical_limit_per_day=Decimal(72), **names,
    )  # fmt: skip
    _past(register, int(showed), months=months, run=run)
    return meter


def _meter(of, ordinal, number, **changed):
    names = {"provider": of.provider, "contract": of, "source": "billing", "version": 1, "valid_from": world.LONG_AGO}
    point = SupplyPoint.objects.create(
        external_id=f"fp{ordinal}", code=f"{ordinal}", address="Ул. Южное шоссе д. 28, кв. 52", **names
    )
    return Meter.objects.create(point=point, external_id=f"fm{ordinal}", number=number, **(names | changed))


def _past(register, showed, *, months, run):
    for back in range(months + 1):
        month = f"{2026 - (back + 3) // 12}-{(8 - back) % 12 + 1:02d}"
        taken = date(int(month[:4]), int(month[5:]), 20)
        world.accepted(register, str(showed - back * run), month=month, taken_on=taken)


def registers_of(meter):
    return list(meter.registers.order_by("tariff_number"))


def url_of(contract):
    return f"/p/readings/household/{contract.pk}/"


def numbers_of(meter, *numbers):
    """Return the fields of tariff numbers as the form posts them."""
    zones = [{"peak": "day", "single": "day"}.get(row.zone, row.zone) for row in registers_of(meter)]
    return {f"tariff-{meter.pk}-{zone}": str(number) for zone, number in zip(zones, numbers, strict=True)}


def values_of(meter, *values):
    """Return the meter's fields as the form posts them."""
    rows = {f"value-{row.pk}": value for row, value in zip(registers_of(meter), values, strict=True)}
    return rows | (numbers_of(meter, *range(1, len(values) + 1)) if len(values) > 1 else {})


def hidden_of(response):
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', response.content.decode()))


def press(visitor, contract, fields, button, *, before=None, **files):
    """Press a button with these fields, and what the page before carried in hidden ones."""
    hidden = hidden_of(before) if before is not None else {}
    hidden.pop("csrfmiddlewaretoken", None)
    name, _, value = button.partition(":")
    return visitor.post(url_of(contract), hidden | fields | {name: value or "1"} | files)
