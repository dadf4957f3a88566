"""What the form and the check screen of a flat know of typed readings: decided from what is loaded, nothing written.

The check screen is one for who is signed in and who is not: give `checked` a flat made by `selectors.household.flat_of`
(with a viewer) or `flat_of_nobody`, and what `forms.household.typed_flat` read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Final
from uuid import UUID

from kabinet.contracts.values import Zone
from kabinet.kernel.periods import Month
from kabinet.providers.values import Resource
from kabinet.readings.models import EFFECTIVE
from kabinet.readings.rules import mistakes
from kabinet.readings.rules.hypotheses import hypotheses
from kabinet.readings.rules.tariff_numbers import FIELDS, differs, group_problem
from kabinet.readings.selectors.history import Known, usual_of
from kabinet.readings.selectors.household import Flat, FlatMeter
from kabinet.readings.selectors.sheets import Line
from kabinet.readings.values import Dial, Entry, Limits, Verdict
from kabinet.readings.values.causes import Hypothesis, TypedRow
from kabinet.readings.values.household import Claim, ClaimKind, GroupProblem, TypedFlat

_NOTHING_KNOWN: Final = Limits(Decimal(0))


@dataclass(frozen=True)
class CheckedField:
    """A field of a meter: a register, or a zone that billing has no register of."""

    meter: FlatMeter
    zone: Zone
    line: Line | None
    raw: str
    number: int | None
    causes: tuple[Hypothesis, ...] = ()

    @property
    def dial(self) -> Dial:
        return (self.line or next(iter(self.meter.lines.values()))).dial

    @cached_property
    def verdict(self) -> Verdict:
        if self.line is not None:
            return self.line.verdict_on(self.raw)
        return mistakes.verdict(self.raw, dial=self.dial, previous=None, limits=_NOTHING_KNOWN)

    @property
    def is_blocked(self) -> bool:
        return bool(self.raw) and bool(self.verdict.blocking)

    @property
    def is_doubtful(self) -> bool:
        return bool(self.raw) and not self.verdict.blocking and bool(self.verdict.to_confirm)

    @property
    def is_sent(self) -> bool:
        """Say whether this very value holds already."""
        sent = self.line.sent if self.line else None
        return sent is not None and sent.state in EFFECTIVE and sent.value == self.verdict.value


@dataclass(frozen=True)
class CheckedMeter:
    """A meter with its fields, and what its customer says of it otherwise than billing."""

    of: FlatMeter
    tariffs: int
    fields: tuple[CheckedField, ...]
    claim: Claim | None
    is_claim_agreed: bool

    @property
    def is_filled(self) -> bool:
        return any(field.raw for field in self.fields)

    @property
    def is_news(self) -> bool:
        """Say whether something stands in the fields that was not sent yet."""
        return self.is_filled and not all(field.is_sent for field in self.fields)

    @property
    def problem(self) -> GroupProblem | None:
        return group_problem([field.raw for field in self.fields], [field.number for field in self.fields])

    @property
    def question(self) -> ClaimKind | None:
        """Return what is asked about before the check screen opens: once for each other choice."""
        return self.claim.kind if self.is_news and self.claim and not self.is_claim_agreed else None

    @property
    def is_ready(self) -> bool:
        return not (self.problem or self.question or any(field.is_blocked for field in self.fields))


@dataclass(frozen=True)
class Checked:
    """Everything typed on the page, judged."""

    meters: tuple[CheckedMeter, ...]

    @property
    def going(self) -> tuple[CheckedMeter, ...]:
        return tuple(meter for meter in self.meters if meter.is_news)

    @property
    def is_ready(self) -> bool:
        """Say whether the check screen may open: nothing is wrong in what would go."""
        return bool(self.going) and all(meter.is_ready for meter in self.going)

    @property
    def is_held_already(self) -> bool:
        """Say whether everything that stands in the fields was sent before."""
        return not self.going and any(meter.is_filled for meter in self.meters)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Return what billing is to be told of the meters: each other choice once, and what only a claim can carry."""
        return tuple(meter.claim for meter in self.going if meter.claim and _is_to_be_told(meter))

    def of(self, resource: Resource) -> tuple[CheckedMeter, ...]:
        return tuple(meter for meter in self.meters if meter.of.resource is resource)

    def entries(self, typed: TypedFlat) -> list[Entry]:
        """Return the rows of the sending, each with what its sender has confirmed."""
        rows = [field for meter in self.going for field in meter.fields if field.line]
        return [
            Entry(field.line.row_id, field.raw, typed.confirmed.get(field.line.row_id, frozenset()))
            for field in rows
            if field.line
        ]


def checked(flat: Flat, typed: TypedFlat) -> Checked:
    """Judge what stands in the fields of the page; what was not typed anew is what was sent of the month."""
    meters = [_meter(meter, typed) for meter in flat.meters]
    causes = {
        row: found
        for resource in flat.resources
        for row, found in hypotheses(list(_rows(meters, resource, month=flat.month))).items()
    }
    return Checked(tuple(_explained(meter, causes) for meter in meters))


def _meter(meter: FlatMeter, typed: TypedFlat) -> CheckedMeter:
    said = meter.claim
    usual_type = said.tariffs if said and said.kind == ClaimKind.METER_TYPE else meter.tariffs
    tariffs = typed.types.get(meter.id, usual_type) if meter.resource is Resource.ELECTRICITY else 1
    own = tariffs == meter.tariffs
    zones = tuple(meter.lines) if own else FIELDS[tariffs]
    fields = tuple(_field(meter, zone, typed, tariffs=tariffs, is_own=own) for zone in zones)
    claim = _claim(meter, tariffs, fields)
    return CheckedMeter(meter, tariffs, fields, claim, meter.id in typed.agreed or _was_said(claim, meter))


def _field(meter: FlatMeter, zone: Zone, typed: TypedFlat, *, tariffs: int, is_own: bool) -> CheckedField:
    line = meter.lines.get(zone) if is_own else None
    spot = (meter.id, zone)
    raw = typed.claims.get(spot, "") if line is None else typed.values.get(line.row_id, _sent_value(line))
    number = typed.numbers[spot] if spot in typed.numbers else _usual_number(meter, zone, tariffs=tariffs)
    return CheckedField(meter, zone, line, raw, number if tariffs > 1 else None)


def _sent_value(line: Line) -> str:
    """Return what was sent of the month: it stays in its field and may be corrected."""
    if line.sent is None or line.sent.state not in EFFECTIVE:
        return ""
    return str(int(line.sent.value)).zfill(line.register.integer_digits)


def _usual_number(meter: FlatMeter, zone: Zone, *, tariffs: int) -> int | None:
    """Return the number that was said of the zone before, else billing's."""
    said = meter.claim
    if said and said.tariffs == tariffs:
        number: int | None = said.numbers.get(zone)
        return number
    return meter.numbers.get(zone)


def _claim(meter: FlatMeter, tariffs: int, fields: tuple[CheckedField, ...]) -> Claim | None:
    numbers = {field.zone: field.number for field in fields}
    if tariffs != meter.tariffs:
        shown = {field.zone: value for field in fields if (value := field.verdict.value) is not None}
        return Claim(meter.id, ClaimKind.METER_TYPE, tariffs, numbers, shown)
    if tariffs > 1 and differs(numbers, meter.numbers):
        return Claim(meter.id, ClaimKind.TARIFF_NUMBERS, tariffs, numbers)
    return None


def _was_said(claim: Claim | None, meter: FlatMeter) -> bool:
    """Say whether the customer has said the same of the meter before."""
    said = meter.claim
    if claim is None or said is None:
        return False
    facts = claim.to_facts()
    return (said.kind, said.tariffs, said.numbers) == (claim.kind, facts["tariffs"], facts["numbers"])


def _is_to_be_told(meter: CheckedMeter) -> bool:
    claim = meter.claim
    return claim is not None and (claim.kind is ClaimKind.METER_TYPE or not _was_said(claim, meter.of))


def _rows(meters: list[CheckedMeter], resource: Resource, *, month: Month) -> Iterator[TypedRow]:
    for meter in meters:
        for field in meter.fields:
            if meter.of.resource is resource and field.line and field.raw:
                yield _row(field, field.line, month=month)


def _row(field: CheckedField, line: Line, *, month: Month) -> TypedRow:
    previous = line.previous
    before = [seen for seen in line.past if previous is None or seen.month < previous.month]
    return TypedRow(
        row_id=line.row_id,
        meter_id=field.meter.id,
        raw=field.raw,
        dial=line.dial,
        previous=previous.value if previous else None,
        limits=line.limits,
        zone=field.zone,
        earlier=max(before, key=lambda seen: seen.month).value if before else None,
        usual=usual_of(Known(previous, line.past), month=month),
    )


def _explained(meter: CheckedMeter, causes: Mapping[UUID, tuple[Hypothesis, ...]]) -> CheckedMeter:
    fields = tuple(
        replace(field, causes=causes.get(field.line.row_id, ())) if field.line else field for field in meter.fields
    )
    return replace(meter, fields=fields)
