"""The sheets on which volumes of hot water into the drains are sent: one per contract, a line per supply point."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
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
from kabinet.readings.selectors.history import known_of
from kabinet.readings.selectors.sheets import Sheet
from kabinet.readings.selectors.windows import why_closed_for, window_for
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


VolumeSheet = Sheet[VolumeLine]


def volume_sheets_of(viewer: Viewer, provider: OpenProvider, *, today: date) -> list[VolumeSheet]:
    """Return a sheet for each contract with hot water on which the viewer may send."""
    allowed = contracts.contracts_of(viewer, action=Action.SEND_READINGS).current(today).filter(has_hot_water=True)
    return [volume_sheet_for(viewer, contract, provider, today=today) for contract in allowed]


def volume_sheet_for(viewer: Viewer, contract: Contract, provider: OpenProvider, *, today: date) -> VolumeSheet:
    """Return the sheet of one contract as far as the viewer's supply points go."""
    membership = next(m for m in viewer.memberships if m.contract_id == contract.pk)
    return volume_sheet_of(contract, provider, points=membership.points, today=today)


def volume_sheet_of(
    contract: Contract, provider: OpenProvider, *, points: Iterable[UUID] | None, today: date
) -> VolumeSheet:
    window = window_for(contract, provider, today=today)
    hot = _hot_meters(contract, today=today)
    # While billing names no hot-water meter, a volume is awaited at every point.
    among = [point for point in _points(contract, today=today) if not hot or point.pk in hot]
    if points is not None:
        among = [point for point in among if point.pk in set(points)]
    return Sheet(
        contract,
        window,
        closed=why_closed_for(contract, provider, window, today=today),
        lines=_lines(contract, among, hot=hot, policy=provider.policy.plausibility, month=window.month),
    )


def _points(contract: Contract, *, today: date) -> list[SupplyPoint]:
    if not contract.has_hot_water:
        return []
    found = SupplyPoint.objects.filter(contract=contract, valid_from__lte=today).order_by("address", "code")
    return [point for point in found if point.valid_to is None or point.valid_to > today]


def _hot_meters(contract: Contract, *, today: date) -> dict[UUID, list[Meter]]:
    found: dict[UUID, list[Meter]] = defaultdict(list)
    rows = Meter.objects.filter(contract=contract, resource=Resource.HOT_WATER, valid_from__lte=today)
    for meter in rows.prefetch_related("registers"):
        if meter.valid_to is None or meter.valid_to > today:
            found[meter.point_id].append(meter)
    return found


def _lines(
    contract: Contract,
    points: Sequence[SupplyPoint],
    *,
    hot: dict[UUID, list[Meter]],
    policy: Plausibility,
    month: Month,
) -> tuple[VolumeLine, ...]:
    ids = [point.pk for point in points]
    past = _past(contract.pk, ids, month=month)
    accepted = _accepted(contract.pk, ids, month=month)
    drafts = dict(VolumeDraft.objects.filter(point_id__in=ids, month=month.first).values_list("point_id", "raw"))
    sent = _newest_sent(contract.pk, ids, month=month)
    meters = _helpers(contract.pk, hot, month=month)
    return tuple(
        VolumeLine(
            point=point,
            previous=past.get(point.pk),
            usual=_usual(accepted[point.pk], policy=policy, month=month, last=past.get(point.pk)),
            draft=drafts.get(point.pk, ""),
            sent=sent.get(point.pk),
            meter=meters.get(point.pk),
        )
        for point in points
    )


def _past(contract_id: UUID, point_ids: list[UUID], *, month: Month) -> dict[UUID, Previous]:
    """Return each point's newest volume of an earlier month: counted by billing, or sent and still on its way."""
    found: dict[UUID, list[Previous]] = defaultdict(list)
    earlier = {"contract_id": contract_id, "point_id__in": point_ids, "month__lt": month.first}
    for row in AcceptedVolume.objects.filter(**earlier):
        found[row.point_id].append(Previous(row.value, row.taken_on, Month.of(row.month), row.source, is_accepted=True))
    for sent in SewageVolume.objects.filter(**earlier, state__in=EFFECTIVE):
        found[sent.point_id].append(
            Previous(sent.value, sent.taken_on, Month.of(sent.month), source="customer", is_accepted=False)
        )
    return {
        point: max(rows, key=lambda seen: (seen.month, seen.taken_on, seen.is_accepted))
        for point, rows in found.items()
    }


def _accepted(contract_id: UUID, point_ids: list[UUID], *, month: Month) -> dict[UUID, list[Measured]]:
    found: dict[UUID, list[Measured]] = defaultdict(list)
    rows = AcceptedVolume.objects.filter(
        contract_id=contract_id, point_id__in=point_ids, month__range=(month.plus(-12).first, month.previous.first)
    )
    for row in rows:
        found[row.point_id].append(Measured(Month.of(row.month), row.value))
    return found


def _usual(volumes_: Sequence[Measured], *, policy: Plausibility, month: Month, last: Previous | None) -> Decimal:
    floor = policy.floors.get(Resource.HOT_WATER, policy.default_floor)
    figures = PlausibilityPolicy(floor=floor, factor=policy.average_factor)
    return volumes.usual_limit(figures, volumes_, month=month, last=last.month if last else None)


def _helpers(contract_id: UUID, hot: dict[UUID, list[Meter]], *, month: Month) -> dict[UUID, HotMeter]:
    """Return the meters that the helper may start from: a point's only one, with a single register."""
    only = {
        point: (meters[0], meters[0].registers.all()[0])
        for point, meters in hot.items()
        if len(meters) == 1 and len(meters[0].registers.all()) == 1
    }
    known = known_of(contract_id, [register.pk for _, register in only.values()], month=month)
    return {
        point: HotMeter(
            meter.number,
            Dial(register.integer_digits, register.fraction_digits),
            showed=previous.value if (previous := known[register.pk].previous) else None,
        )
        for point, (meter, register) in only.items()
    }


def _newest_sent(contract_id: UUID, point_ids: list[UUID], *, month: Month) -> dict[UUID, SewageVolume]:
    rows = SewageVolume.objects.filter(contract_id=contract_id, point_id__in=point_ids, month=month.first)
    newest = rows.order_by("point", "-sent_at", "-id").distinct("point")
    return {row.point_id: row for row in newest}
