"""What counts where no reading came, and what a reading then corrects (rule 354, p.59–61; DOMAIN §1.7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from kabinet.billing.values import Basis
from kabinet.contracts.values import Zone
from kabinet.kernel.exact import half_up
from kabinet.kernel.periods import Month
from sandbox.charging.values import ZERO, Counted, Estimated, MeterState, RegisterState

AVERAGED_MONTHS: Final = 6
LEAST_MONTHS: Final = 3
SILENT_AT_MOST: Final = 3
VOLUME_PLACES: Final = 3


@dataclass(frozen=True, slots=True)
class Correction:
    """Volume of a month without a reading that is taken back."""

    month: str
    zone: Zone
    volume: Decimal


@dataclass(frozen=True, slots=True)
class Run:
    """What a meter is charged for in a month, by zone, and what it corrects; `months` is how many it is of."""

    meter: MeterState
    basis: Basis
    volumes: tuple[tuple[Zone, Decimal], ...]
    months: int = 1
    corrections: tuple[Correction, ...] = ()
    # Each register's reading before and now, where it was read.
    dials: tuple[tuple[Zone, int, int], ...] = ()


def run_of(meter: MeterState, month: Month, readings: Mapping[str, int], *, norm: Decimal) -> Run:
    """Say what the meter is charged for: by its readings, else by the average, after three months by the norm."""
    if all(register.id in readings for register in meter.registers):
        return _read(meter, readings)
    silent = meter.silent + 1
    averages = [average(register.counted) for register in meter.registers]
    known = [each for each in averages if each is not None]
    if silent <= SILENT_AT_MOST and len(known) == len(averages):
        basis, volumes = Basis.AVERAGE, known
    else:
        basis, volumes = Basis.NORM, shared(norm, [each or ZERO for each in averages])
    zones = [register.zone for register in meter.registers]
    charged = tuple(Estimated(str(month), zone, volume) for zone, volume in zip(zones, volumes, strict=True))
    after = replace(meter, silent=silent, estimated=(*meter.estimated, *charged))
    return Run(after, basis, tuple(zip(zones, volumes, strict=True)))


def average(counted: Sequence[Counted]) -> Decimal | None:
    """Return a month's mean of the newest stretches of six months and more, of three where there are no more."""
    volume, months = 0, 0
    for stretch in counted:
        if months >= AVERAGED_MONTHS:
            break
        volume, months = volume + stretch.volume, months + stretch.months
    if months < LEAST_MONTHS:
        return None
    return half_up(Decimal(volume) / months, places=VOLUME_PLACES)


def shared(volume: Decimal, by: Sequence[Decimal]) -> list[Decimal]:
    """Part a norm among the zones of a meter as they ran on average; evenly where nothing is known."""
    weights = by if sum(by) else [Decimal(1)] * len(by)
    total = sum(weights, ZERO)
    parts = [half_up(volume * weight / total, places=VOLUME_PLACES) for weight in weights[1:]]
    return [volume - sum(parts, ZERO), *parts]


def _read(meter: MeterState, readings: Mapping[str, int]) -> Run:
    volumes: list[tuple[Zone, Decimal]] = []
    corrections: list[Correction] = []
    registers: list[RegisterState] = []
    for register in meter.registers:
        ran = _ran(register, readings[register.id])
        left, taken_back = _settled(ran, [each for each in meter.estimated if each.zone is register.zone])
        volumes.append((register.zone, left))
        corrections.extend(taken_back)
        counted = (Counted(ran, meter.silent + 1), *register.counted)[:AVERAGED_MONTHS]
        registers.append(RegisterState(register.id, register.zone, readings[register.id], register.digits, counted))
    dials = tuple((each.zone, each.last, readings[each.id]) for each in meter.registers)
    after = MeterState(meter.id, meter.resource, tuple(registers))
    return Run(after, Basis.METER, tuple(volumes), meter.silent + 1, tuple(corrections), dials)


def _ran(register: RegisterState, now: int) -> int:
    """Return what the register ran; a dial that shows less went past zero, for billing took it so."""
    ran = now - register.last
    return ran if ran >= 0 else ran + 10**register.digits


def _settled(ran: int, charged: Sequence[Estimated]) -> tuple[Decimal, list[Correction]]:
    """Set what ran against what was charged unread: the rest is due, too much is taken back, last in first out."""
    if not charged:
        return Decimal(ran), []
    over = sum((each.volume for each in charged), ZERO) - ran
    if over <= 0:
        return -over, []
    corrections = []
    for each in reversed(charged):
        part = min(each.volume, over)
        if part > 0:
            corrections.append(Correction(each.month, each.zone, part))
            over -= part
    return ZERO, corrections
