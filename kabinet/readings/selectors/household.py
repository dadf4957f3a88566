"""The meters of a flat as their page shows them: by meter, each with the fields of its zones (READ-07)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from kabinet.contracts import selectors as contracts
from kabinet.contracts.models import Contract, ContractSet, Meter
from kabinet.contracts.values import Action, Viewer, Zone
from kabinet.kernel.periods import Month
from kabinet.providers.selectors import OpenProvider
from kabinet.providers.values import Resource
from kabinet.readings.models import MeterClaim
from kabinet.readings.rules.tariff_numbers import FIELDS, field_of
from kabinet.readings.selectors.lines import Asked
from kabinet.readings.selectors.sheets import Line, Sheet, sheet_of, sheets_of

# Heat is measured by the house or read by the supplier: nobody types it.
TYPED: Final = (Resource.ELECTRICITY, Resource.HOT_WATER)


@dataclass(frozen=True, slots=True)
class FlatMeter:
    """A meter of the flat with its registers by field, and what was said of it before."""

    meter: Meter
    lines: Mapping[Zone, Line]
    claim: MeterClaim | None = None

    @property
    def id(self) -> UUID:
        return self.meter.pk

    @property
    def resource(self) -> Resource:
        return Resource(self.meter.resource)

    @property
    def tariffs(self) -> int:
        """Return how many tariffs the meter has by billing."""
        return next((number for number, zones in FIELDS.items() if set(zones) == set(self.lines)), 1)

    @property
    def numbers(self) -> dict[Zone, int | None]:
        """Return billing's map: which number counts which zone."""
        return {zone: line.register.tariff_number for zone, line in self.lines.items()}


@dataclass(frozen=True, slots=True)
class Flat:
    """An account with the meters whose readings are typed; nobody is told how much is usual in somebody's flat."""

    contract: Contract
    sheet: Sheet[Line]
    meters: tuple[FlatMeter, ...]
    tells_usual: bool = True

    @property
    def month(self) -> Month:
        return self.sheet.month

    @property
    def resources(self) -> tuple[Resource, ...]:
        """Return the resources that the account has meters of, in the order of the tabs."""
        held = {meter.resource for meter in self.meters}
        return tuple(resource for resource in TYPED if resource in held)

    @property
    def lines(self) -> dict[UUID, Line]:
        return {line.row_id: line for line in self.sheet.lines}


def accounts_of(viewer: Viewer, *, today: date) -> ContractSet:
    """Return the accounts on which the viewer may send."""
    return contracts.contracts_of(viewer, action=Action.SEND_READINGS).current(today)


def flat_of(viewer: Viewer, provider: OpenProvider, contract: Contract, *, today: date) -> Flat:
    """Return the meters of an account that the viewer may send of."""
    return _flat(sheet_of(contract, viewer.user_id, asked=Asked(provider, None, today)), contract)


def flat_of_nobody(contract: Contract, provider: OpenProvider, *, today: date) -> Flat:
    """Return all meters of an account; whoever calls has asked whether they may be shown (READ-18)."""
    flat = _flat(sheet_of(contract, None, asked=Asked(provider, None, today)), contract)
    return replace(flat, tells_usual=False)


def sheets_of_flats(viewer: Viewer, provider: OpenProvider, *, today: date) -> list[Sheet[Line]]:
    """Return a sheet for each account, with the meters that are typed alone."""
    return [_typed(sheet) for sheet in sheets_of(viewer, provider, resource=None, today=today)]


def _flat(sheet: Sheet[Line], contract: Contract) -> Flat:
    typed = _typed(sheet)
    return Flat(contract, typed, _by_meter(typed, claims=_claims(contract)))


def _typed(sheet: Sheet[Line]) -> Sheet[Line]:
    return replace(sheet, lines=tuple(line for line in sheet.lines if line.meter.resource in TYPED))


def _claims(contract: Contract) -> Mapping[UUID, MeterClaim]:
    newest = MeterClaim.objects.filter(contract=contract).order_by("meter", "-made_at", "-id").distinct("meter")
    return {claim.meter_id: claim for claim in newest}


def _by_meter(sheet: Sheet[Line], *, claims: Mapping[UUID, MeterClaim]) -> tuple[FlatMeter, ...]:
    lines: defaultdict[Meter, list[Line]] = defaultdict(list)
    for line in sheet.lines:
        lines[line.meter].append(line)
    return tuple(FlatMeter(meter, _by_field(own), claims.get(meter.pk)) for meter, own in _in_order(lines))


def _in_order(lines: Mapping[Meter, list[Line]]) -> Sequence[tuple[Meter, list[Line]]]:
    return sorted(lines.items(), key=lambda pair: (pair[0].place, pair[0].number))


def _by_field(lines: Collection[Line]) -> Mapping[Zone, Line]:
    """Put the registers of a meter into the order of the form's fields."""
    found = {field_of(Zone(line.register.zone)): line for line in lines}
    return {zone: found[zone] for zone in FIELDS[3] if zone in found}
