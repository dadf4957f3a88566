"""The sheets on which volumes of hot water into the drains are sent: one per contract, a line per supply point."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from kabinet.contracts import selectors as contracts
from kabinet.contracts.models import Contract, Meter, SupplyPoint
from kabinet.contracts.values import Action, EntryStatus, Viewer
from kabinet.kernel.periods import Month
from kabinet.providers.selectors import OpenProvider
from kabinet.providers.values import Plausibility, Resource
from kabinet.readings.models import EFFECTIVE, AcceptedVolume, SewageVolume, VolumeDraft
from kabinet.readings.rules import volumes
from kabinet.readings.selectors.history import known_in, of_month
from kabinet.readings.selectors.sheets import Sheet
from kabinet.readings.selectors.windows import openings_of
from kabinet.readings.values import Dial, Measured, PlausibilityPolicy, Previous, Verdict

# Eight figures, five of them black: what the source says of a water meter whose own dial is not known.
USUAL_DIAL = Dial(5, 3)


@dataclass(frozen=True, slots=True)
class HotMeter:
    """The hot-water meter of a point, where there is exactly one: the helper starts from its last reading."""

    number: str
    dial: Dial
    showed: Decimal | None


@dataclass(frozen=True, slots=True)
class VolumeLine:
    """A supply point of the sheet: what was counted before, what was kept, what was sent."""

    point: SupplyPoint
    previous: Previous | None
    usual: Decimal
    draft: str
    sent: SewageVolume | None
    meter: HotMeter | None

    @property
    def row_id(self) -> UUID:
        return self.point.pk

    @property
    def is_live(self) -> bool:
        return self.point.entry_status == EntryStatus.AWAITING

    @property
    def dial(self) -> Dial:
        return self.meter.dial if self.meter else USUAL_DIAL

    def verdict_on(self, raw: str) -> Verdict:
        """Judge a typed volume against what is usual at this point."""
        return volumes.verdict(raw, usual=self.usual)

    def is_unverified_on(self, day: date) -> bool:  # noqa: ARG002  a volume is typed, no dial is read
        return False


VolumeSheet = Sheet[VolumeLine]


def volume_sheets_of(viewer: Viewer, provider: OpenProvider, *, today: date) -> list[VolumeSheet]:
    """Return a sheet for each contract with hot water on which the viewer may send, as far as his points go."""
    allowed = contracts.contracts_of(viewer, action=Action.SEND_READINGS).current(today).filter(has_hot_water=True)
    own = {membership.contract_id: membership.points for membership in viewer.memberships}
    return _sheets({contract: own[contract.pk] for contract in allowed}, provider, today=today)


def volume_sheet_of(
    contract: Contract, provider: OpenProvider, *, points: Iterable[UUID] | None, today: date
) -> VolumeSheet:
    """Return the sheet of one contract, limited to these points."""
    (sheet,) = _sheets({contract: None if points is None else frozenset(points)}, provider, today=today)
    return sheet


def _sheets(
    limits: Mapping[Contract, frozenset[UUID] | None], provider: OpenProvider, *, today: date
) -> list[VolumeSheet]:
    """Put sheets together: as many statements for all contracts as for one."""
    openings = openings_of(limits.keys(), provider, today=today)
    hot = _hot_meters(limits.keys(), today=today)
    points = _points(limits, hot=hot, today=today)
    months = {point.pk: openings[point.contract_id].window.month for own in points.values() for point in own}
    facts = _facts([contract.pk for contract in limits], hot, months)
    return [
        Sheet(
            contract,
            openings[contract.pk].window,
            closed=openings[contract.pk].closed,
            lines=tuple(
                _line(point, facts=facts, policy=provider.policy.plausibility, month=months[point.pk])
                for point in points[contract.pk]
            ),
        )
        for contract in limits
    ]


def _points(
    limits: Mapping[Contract, frozenset[UUID] | None], *, hot: Mapping[UUID, list[Meter]], today: date
) -> Mapping[UUID, list[SupplyPoint]]:
    """Return the points at which a volume is awaited; while billing names no hot-water meter, that is every one."""
    metered = {meter.contract_id for meters in hot.values() for meter in meters}
    own = {contract.pk: points for contract, points in limits.items() if contract.has_hot_water}
    found: dict[UUID, list[SupplyPoint]] = defaultdict(list)
    rows = SupplyPoint.objects.filter(contract_id__in=own, valid_from__lte=today).order_by("address", "code")
    for point in rows:
        limit = own[point.contract_id]
        is_metered = point.pk in hot or point.contract_id not in metered
        if is_metered and (limit is None or point.pk in limit) and (point.valid_to is None or point.valid_to > today):
            found[point.contract_id].append(point)
    return found


def _hot_meters(of: Collection[Contract], *, today: date) -> Mapping[UUID, list[Meter]]:
    found: dict[UUID, list[Meter]] = defaultdict(list)
    rows = Meter.objects.filter(contract__in=of, resource=Resource.HOT_WATER, valid_from__lte=today)
    for meter in rows.prefetch_related("registers"):
        if meter.valid_to is None or meter.valid_to > today:
            found[meter.point_id].append(meter)
    return found


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is known of points, each by the month that is sent of it."""

    past: Mapping[UUID, Previous]
    accepted: Mapping[UUID, list[Measured]]
    drafts: Mapping[UUID, str]
    sent: Mapping[UUID, SewageVolume]
    meters: Mapping[UUID, HotMeter]


def _facts(contract_ids: Collection[UUID], hot: Mapping[UUID, list[Meter]], months: Mapping[UUID, Month]) -> _Facts:
    now, before = of_month("point", months), of_month("point", months, "month__lt")
    accepted = list(AcceptedVolume.objects.filter(before, contract_id__in=contract_ids))
    volumes_sent = SewageVolume.objects.filter(contract_id__in=contract_ids)
    newest = volumes_sent.filter(now).order_by("point", "-sent_at", "-id").distinct("point")
    return _Facts(
        past=_past(accepted, volumes_sent.filter(before, state__in=EFFECTIVE)),
        accepted=_measured(accepted),
        drafts=dict(VolumeDraft.objects.filter(now).values_list("point_id", "raw")),
        sent={row.point_id: row for row in newest},
        meters=_helpers(contract_ids, {point: meters for point, meters in hot.items() if point in months}, months),
    )


def _line(point: SupplyPoint, *, facts: _Facts, policy: Plausibility, month: Month) -> VolumeLine:
    past = facts.past.get(point.pk)
    return VolumeLine(
        point=point,
        previous=past,
        usual=_usual(facts.accepted.get(point.pk, ()), policy=policy, month=month, last=past),
        draft=facts.drafts.get(point.pk, ""),
        sent=facts.sent.get(point.pk),
        meter=facts.meters.get(point.pk),
    )


def _past(accepted: Iterable[AcceptedVolume], sent: Iterable[SewageVolume]) -> Mapping[UUID, Previous]:
    """Return each point's newest volume of an earlier month: counted by billing, or sent and still on its way."""
    found: dict[UUID, list[Previous]] = defaultdict(list)
    for row in accepted:
        found[row.point_id].append(Previous(row.value, row.taken_on, Month.of(row.month), row.source, is_accepted=True))
    for volume in sent:
        found[volume.point_id].append(
            Previous(volume.value, volume.taken_on, Month.of(volume.month), source="customer", is_accepted=False)
        )
    return {
        point: max(rows, key=lambda seen: (seen.month, seen.taken_on, seen.is_accepted))
        for point, rows in found.items()
    }


def _measured(accepted: Iterable[AcceptedVolume]) -> Mapping[UUID, list[Measured]]:
    found: dict[UUID, list[Measured]] = defaultdict(list)
    for row in accepted:
        found[row.point_id].append(Measured(Month.of(row.month), row.value))
    return found


def _usual(volumes_: Sequence[Measured], *, policy: Plausibility, month: Month, last: Previous | None) -> Decimal:
    floor = policy.floors.get(Resource.HOT_WATER, policy.default_floor)
    figures = PlausibilityPolicy(floor=floor, factor=policy.average_factor)
    return volumes.usual_limit(figures, volumes_, month=month, last=last.month if last else None)


def _helpers(
    contract_ids: Collection[UUID], hot: Mapping[UUID, list[Meter]], months: Mapping[UUID, Month]
) -> Mapping[UUID, HotMeter]:
    """Return the meters that the helper may start from: a point's only one, with a single register."""
    only = {
        point: (meters[0], meters[0].registers.all()[0])
        for point, meters in hot.items()
        if len(meters) == 1 and len(meters[0].registers.all()) == 1
    }
    known = known_in(contract_ids, {register.pk: months[point] for point, (_, register) in only.items()})
    return {
        point: HotMeter(
            meter.number,
            Dial(register.integer_digits, register.fraction_digits),
            showed=previous.value if (previous := known[register.pk].previous) else None,
        )
        for point, (meter, register) in only.items()
    }
