"""Who is to be reminded of what: whole sets of contracts at a time."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from kabinet.accounts.models import Enrollment
from kabinet.contracts.models import Contract, Membership, Meter, Register, SupplyPoint
from kabinet.contracts.rules import rights
from kabinet.contracts.values import Action, EntryStatus, Role
from kabinet.kernel.periods import Month
from kabinet.providers.selectors import OpenProvider
from kabinet.providers.values import Resource, Section
from kabinet.readings.models import EFFECTIVE, SewageVolume, Submission, WindowExtension
from kabinet.readings.rules.reminders import reminder_due
from kabinet.readings.selectors.household import TYPED
from kabinet.readings.selectors.windows import open_period_of, why_closed, window_by_day, window_for
from kabinet.readings.values import Left, ReminderKind, Window

AT_ONCE: Final = 500
SENDERS: Final = tuple(role for role in Role if rights.may(role, Action.SEND_READINGS))

# How many registers, or how many points, of each supply point are not sent yet.
Counts = Mapping[UUID, Counter[UUID]]


@dataclass(frozen=True, slots=True)
class Due:
    """One line of a letter: a contract whose window is open, and what this person has left to send."""

    user_id: UUID
    contract: Contract
    window: Window
    left: Left
    kind: ReminderKind


def dues_of(provider: OpenProvider, *, at: datetime, today: date) -> Iterator[Due]:
    """Give what people are to be reminded of today, whether or not they have been."""
    for window, contracts in _contracts_in_open_windows(provider, at=at, today=today):
        by_id = {contract.pk: contract for contract in contracts}
        readings = _missing_readings(provider, by_id, month=window.month, today=today)
        volumes = _missing_volumes(provider, by_id, month=window.month, today=today)
        for membership in senders_of(by_id, provider_id=provider.row.pk, at=at):
            left = Left(_sum(readings, membership), _sum(volumes, membership))
            kind = reminder_due(window, left, today=today)
            if kind is not None:
                yield Due(membership.user_id, by_id[membership.contract_id], window, left, kind)


def senders_of(contract_ids: Iterable[UUID], *, provider_id: UUID, at: datetime) -> QuerySet[Membership]:
    """Return who may send on the contracts and wants letters about it, at an address that is confirmed."""
    wants = Enrollment.objects.filter(
        user=OuterRef("user"), provider_id=provider_id, closed_at=None, wants_letters=True
    )
    return Membership.objects.live(at).filter(
        Exists(wants),
        contract_id__in=list(contract_ids),
        role__in=SENDERS,
        user__email_confirmed_at__isnull=False,
        user__email__isnull=False,
    )


def _contracts_in_open_windows(
    provider: OpenProvider, *, at: datetime, today: date
) -> Iterator[tuple[Window, Sequence[Contract]]]:
    """Give contracts by their deadline day, so many at once; each that the office gave more time stands alone."""
    held = Membership.objects.live(at).filter(contract=OuterRef("pk"))
    current = Contract.objects.current(today).filter(Exists(held), provider=provider.row)
    granted = WindowExtension.objects.filter(
        provider=provider.row, month__gte=Month.of(today).previous.first, withdrawn_at=None
    )
    period = open_period_of(provider, today=today)
    to_all = [extension.to_value() for extension in granted.filter(contract=None)]
    own = set(granted.exclude(contract=None).values_list("contract_id", flat=True))
    for contract in current.filter(pk__in=own):
        window = window_for(contract, provider, today=today)
        if _is_open(window, provider, today=today):
            yield window, [contract]
    for day in current.order_by("deadline_day").values_list("deadline_day", flat=True).distinct():
        window = window_by_day(day, provider, extensions=to_all, today=today, open_period=period)
        if _is_open(window, provider, today=today):
            yield from ((window, part) for part in _in_parts(current.filter(deadline_day=day).exclude(pk__in=own)))


def _is_open(window: Window, provider: OpenProvider, *, today: date) -> bool:
    return window.holds(today) and why_closed(provider, window, today=today) is None


def _in_parts(contracts: QuerySet[Contract]) -> Iterator[Sequence[Contract]]:
    part = list(contracts.order_by("pk")[:AT_ONCE])
    while part:
        yield part
        part = list(contracts.filter(pk__gt=part[-1].pk).order_by("pk")[:AT_ONCE])


def _missing_readings(
    provider: OpenProvider, contracts: Mapping[UUID, Contract], *, month: Month, today: date
) -> Counts:
    """Count the registers that nothing was sent of, of what the provider's pages ask for."""
    found: defaultdict[UUID, Counter[UUID]] = defaultdict(Counter)
    resources = _asked_for(provider)
    if not resources:
        return found
    sent = Submission.objects.filter(
        contract_id=OuterRef("contract_id"), register_id=OuterRef("pk"), month=month.first, state__in=EFFECTIVE
    )
    registers = Register.objects.filter(
        ~Exists(sent),
        _lasting(today),
        _lasting(today, "meter__"),
        contract_id__in=contracts.keys(),
        meter__resource__in=resources,
        meter__entry_status=EntryStatus.AWAITING,
        meter__point__entry_status=EntryStatus.AWAITING,
    )
    for contract_id, point_id in registers.values_list("contract_id", "meter__point_id"):
        found[contract_id][point_id] += 1
    return found


def _asked_for(provider: OpenProvider) -> list[Resource]:
    sections = provider.policy.sections
    of_flats = TYPED if Section.HOUSEHOLD_READINGS in sections else ()
    return [*((Resource.COLD_WATER,) if Section.READINGS in sections else ()), *of_flats]


def _missing_volumes(
    provider: OpenProvider, contracts: Mapping[UUID, Contract], *, month: Month, today: date
) -> Counts:
    """Count the points that no volume was sent of; where hot-water meters are known, only theirs are asked."""
    found: defaultdict[UUID, Counter[UUID]] = defaultdict(Counter)
    hot = [contract.pk for contract in contracts.values() if contract.has_hot_water]
    if Section.SEWAGE_VOLUMES not in provider.policy.sections or not hot:
        return found
    sent = SewageVolume.objects.filter(
        contract_id=OuterRef("contract_id"), point_id=OuterRef("pk"), month=month.first, state__in=EFFECTIVE
    )
    meters = Meter.objects.filter(_lasting(today), resource=Resource.HOT_WATER)
    points = SupplyPoint.objects.filter(
        ~Exists(sent),
        Exists(meters.filter(point=OuterRef("pk"))) | ~Exists(meters.filter(contract=OuterRef("contract_id"))),
        _lasting(today),
        contract_id__in=hot,
        entry_status=EntryStatus.AWAITING,
    )
    for contract_id, point_id in points.values_list("contract_id", "pk"):
        found[contract_id][point_id] += 1
    return found


def _lasting(today: date, of: str = "") -> Q:
    no_end = Q(**{f"{of}valid_to__isnull": True}) | Q(**{f"{of}valid_to__gt": today})
    return no_end & Q(**{f"{of}valid_from__lte": today})


def _sum(counts: Counts, membership: Membership) -> int:
    of_contract = counts.get(membership.contract_id, Counter())
    if membership.points is None:
        return of_contract.total()
    return sum(of_contract[point] for point in membership.points)
