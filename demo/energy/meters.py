"""What stands at a supply point: a meter with its registers, or an old one and the one in its place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from demo.energy.dials import Kit, Scale, kit
from demo.energy.history import Visit, reading, readings, visits
from demo.values import MeterSet, RegisterSet
from kabinet.contracts.values import EntryStatus
from kabinet.exchange.values import entities
from kabinet.exchange.values.entities import ReadingOrigin
from kabinet.kernel.periods import Month
from kabinet.providers.values import Resource

EXPIRED_FOR: Final = timedelta(days=41)
# Some fall due within two months, which is when people are warned.
_DUE_IN: Final = (24, 55, *range(90, 4200, 60))
_PLACES: Final = ("Вводное устройство", "Щит учёта", "РУ-0,4 кВ", "ТП, РУ-6 кВ", "Этажный щит", "Фасад")


@dataclass(frozen=True, slots=True)
class Stand:
    """A point, and what is unusual about its meter."""

    point: entities.SupplyPoint
    category: int
    months: list[Month]
    today: date
    random: Random
    status: EntryStatus | None = None
    is_replaced: bool = False
    is_expired: bool = False


def meters_at(stand: Stand) -> Iterator[MeterSet]:
    """Give the meters of a point, the removed one first."""
    random, name = stand.random, stand.point.external_id
    chosen = kit(stand.category, random)
    ratio = random.choice(list(chosen.make.ratios))
    is_automatic = EntryStatus.AMI in (stand.status, stand.point.entry_status)
    told = visits(chosen, stand.months, random, is_automatic=is_automatic)
    meter = _meter(stand, f"{name}-m0", chosen, ratio, since=told[0].taken_on)
    registers = _registers(meter, chosen, told, random)
    if not stand.is_replaced:
        yield MeterSet(meter, registers)
        return
    new = _meter(stand, f"{name}-m1", chosen, ratio, since=_replaced_on(stand))
    gone = {"valid_to": new.valid_from, "replaced_by": new.external_id, "entry_status": EntryStatus.OUT_OF_SERVICE}
    yield MeterSet(meter.model_copy(update=gone), tuple(_ended(each, chosen, on=new.valid_from) for each in registers))
    yield MeterSet(new, tuple(_begun(new, scale, chosen) for scale in chosen.scales))


def _replaced_on(stand: Stand) -> date:
    """Return a day of this month, after the last reading of the old meter."""
    return stand.today.replace(day=1) + (stand.today - stand.today.replace(day=1)) // 2


def _meter(stand: Stand, name: str, chosen: Kit, ratio: int, *, since: date) -> entities.Meter:
    random = stand.random
    transformers = chosen.make.ratios[ratio]
    complex_name = f"ИК № {random.randrange(1, 900)}" + (f", {transformers}" if transformers else "")
    due = stand.today + timedelta(days=random.choice(_DUE_IN))
    return entities.Meter(
        external_id=name,
        version=1,
        supply_point=stand.point.external_id,
        number=f"{random.randrange(1_000_000, 99_999_999):08d}",
        make=chosen.make.name,
        resource=Resource.ELECTRICITY,
        place=random.choice(_PLACES),
        ratio=Decimal(ratio),
        complex_name=complex_name,
        verification_due=stand.today - EXPIRED_FOR if stand.is_expired else due,
        entry_status=stand.status or EntryStatus.AWAITING,
        valid_from=since,
    )


def _registers(meter: entities.Meter, chosen: Kit, told: Sequence[Visit], random: Random) -> tuple[RegisterSet, ...]:
    found = []
    for scale in chosen.scales:
        register = _register(meter, scale, chosen)
        found.append(RegisterSet(register, readings(register.external_id, scale, chosen, told, random)))
    return tuple(found)


def _register(meter: entities.Meter, scale: Scale, chosen: Kit) -> entities.Register:
    make = chosen.make
    return entities.Register(
        external_id=f"{meter.external_id}-{scale.quantity}-{scale.zone}",
        version=1,
        meter=meter.external_id,
        quantity=scale.quantity,
        zone=scale.zone,
        tariff_number=scale.tariff,
        integer_digits=make.integer_digits,
        fraction_digits=make.fraction_digits,
        physical_limit_per_day=make.limit_per_day,
        valid_from=meter.valid_from,
    )


def _ended(each: RegisterSet, chosen: Kit, *, on: date) -> RegisterSet:
    """Close a register by the reading that it was taken down with."""
    register, last = each.register.model_copy(update={"valid_to": on}), each.readings[-1]
    value = last.value + Decimal(7).scaleb(-chosen.make.fraction_digits)
    final = reading(register.external_id, Month.of(on), value, taken_on=on, origin=ReadingOrigin.FINAL)
    return RegisterSet(register, (*each.readings, final))


def _begun(meter: entities.Meter, scale: Scale, chosen: Kit) -> RegisterSet:
    register = _register(meter, scale, chosen)
    on = meter.valid_from
    zero = reading(register.external_id, Month.of(on), Decimal(0), taken_on=on, origin=ReadingOrigin.INITIAL)
    return RegisterSet(register, (zero,))
