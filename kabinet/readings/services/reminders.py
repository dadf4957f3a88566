"""Reminders by letter: one letter a person and day, each contract and month once (NOTE-04)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final, TypeVar
from uuid import UUID

from kabinet.accounts.models import Enrollment, User
from kabinet.contracts.models import Contract
from kabinet.infra import mail
from kabinet.infra.db import step, use_case
from kabinet.infra.models import Event
from kabinet.kernel.periods import Month
from kabinet.providers.selectors import OpenProvider
from kabinet.readings import letters
from kabinet.readings.letters import Refusals, ToSend
from kabinet.readings.models import Reminder, SewageVolume, Submission, SubmissionState
from kabinet.readings.rules.reminders import is_hour_for_letters
from kabinet.readings.selectors import reminders as selectors
from kabinet.readings.selectors.reminders import Due
from kabinet.readings.selectors.windows import why_closed, window_for
from kabinet.readings.values import ReminderKind, Window

Row = TypeVar("Row", Submission, SewageVolume)

READINGS: Final = Submission
VOLUMES: Final = SewageVolume
WINDOWS: Final = (ReminderKind.OPENED, ReminderKind.CLOSING)


def remind(provider: OpenProvider, *, at: datetime) -> int:
    """Write to everybody who has something to be reminded of; return how many letters were left to the jobs.

    Whoever runs it, however often and late: what was told before is not told again. One person's fault stops nobody.
    """
    local = at.astimezone(provider.row.zone)
    if not is_hour_for_letters(local.time()):
        return 0
    of_person: dict[UUID, list[Due]] = defaultdict(list)
    for due in selectors.dues_of(provider, at=at, today=local.date()):
        of_person[due.user_id].append(due)
    waiting = Reminder.objects.filter(kind=ReminderKind.REFUSED, told_on=None, contract__provider=provider.row)
    refused = waiting.order_by("user_id").values_list("user_id", flat=True).distinct()
    told = [_remind(user, dues, provider=provider, at=at, today=local.date()) for user, dues in of_person.items()]
    told += [_tell_refusals(user, provider=provider, at=at, today=local.date()) for user in refused]
    return sum(told)


@use_case
def _remind(user_id: UUID, dues: Sequence[Due], *, provider: OpenProvider, at: datetime, today: date) -> bool:
    user = held_for_letters(user_id, provider=provider)
    mine = Reminder.objects.filter(user_id=user_id, contract__provider=provider.row)
    if user is None or mine.filter(told_on=today, kind__in=WINDOWS).exists():
        return False
    known = set(mine.values_list("contract_id", "month", "kind"))
    new = [due for due in dues if not _is_known(due, known)]
    if not new:
        return False
    Reminder.objects.bulk_create(_reminder(due, at=at, today=today) for due in new)
    lines = [ToSend(due.contract, due.window, due.left, due.kind) for due in new]
    mail.post(letters.time_to_send(lines, user, provider=provider.row))
    return True


def _is_known(due: Due, known: set[tuple[UUID, date, str]]) -> bool:
    """Say whether the person was told; who hears of a refusal need not be told besides that the window is open."""
    month = (due.contract.pk, due.window.month.first)
    is_open_known = due.kind is ReminderKind.OPENED and (*month, ReminderKind.REFUSED) in known
    return is_open_known or (*month, due.kind) in known


def _reminder(due: Due, *, at: datetime, today: date) -> Reminder:
    month = due.window.month.first
    return Reminder(kind=due.kind, contract=due.contract, user_id=due.user_id, month=month, made_at=at, told_on=today)


def held_for_letters(user_id: UUID, *, provider: OpenProvider) -> User | None:
    """Hold the person's part at the provider, so that of two runs one writes; None when letters are not wanted."""
    enrollment = (
        Enrollment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("user")
        .filter(user_id=user_id, provider=provider.row, closed_at=None, wants_letters=True)
        .first()
    )
    if enrollment is None or enrollment.user.email_confirmed_at is None:
        return None
    return enrollment.user


@step
def note_answer(event: Event, *, of: type[Submission] | type[SewageVolume]) -> None:
    """Note a refusal for everybody who may send on the contract; what a correction superseded needs no letter."""
    row = of.objects.select_related("contract").get(
        contract_id=event.contract_id,  # type: ignore[misc]  # an answer always has its contract
        id=event.payload["submission"],
    )
    if row.state == SubmissionState.REFUSED:
        _note_refusal(row.contract, month=Month.of(row.month), at=event.at)


def _note_refusal(contract: Contract, *, month: Month, at: datetime) -> None:
    Reminder.objects.bulk_create(
        (
            Reminder(
                kind=ReminderKind.REFUSED,
                contract=contract,
                user_id=membership.user_id,
                month=month.first,
                made_at=at,
            )
            for membership in selectors.senders_of([contract.pk], provider_id=contract.provider_id, at=at)
        ),
        ignore_conflicts=True,
    )


@use_case
def _tell_refusals(user_id: UUID, *, provider: OpenProvider, at: datetime, today: date) -> bool:
    """Tell a person of all that waits to be told; what was sent anew meanwhile needs no words any more."""
    user = held_for_letters(user_id, provider=provider)
    waiting = list(
        Reminder.objects.select_for_update(of=("self",))
        .filter(user_id=user_id, kind=ReminderKind.REFUSED, told_on=None, contract__provider=provider.row)
        .select_related("contract")
    )
    found = [_refusals(reminder, provider=provider, at=at, today=today) for reminder in waiting] if user else []
    told = [one for one in found if one.readings or one.volumes]
    Reminder.objects.filter(pk__in=[reminder.pk for reminder in waiting]).update(told_on=today)
    if user is None or not told:
        return False
    mail.post(letters.refused(told, user, provider=provider.row))
    return True


def _refusals(reminder: Reminder, *, provider: OpenProvider, at: datetime, today: date) -> Refusals:
    """Return what is refused still, as far as the person's role and supply points go now."""
    contract = reminder.contract
    senders = selectors.senders_of([contract.pk], provider_id=contract.provider_id, at=at)
    held = senders.filter(user=reminder.user_id).first()
    points = None if held is None else held.points
    month = {"contract": contract, "month": reminder.month}
    readings = Submission.objects.filter(**month).select_related("register__meter__point")
    volumes = SewageVolume.objects.filter(**month).select_related("point")
    if points is not None:
        readings = readings.filter(register__meter__point_id__in=points)
        volumes = volumes.filter(point_id__in=points)
    return Refusals(
        contract,
        window=_open_window(contract, provider, month=Month.of(reminder.month), today=today),
        readings=_refused(readings.order_by("register", "-sent_at", "-id").distinct("register")) if held else [],
        volumes=_refused(volumes.order_by("point", "-sent_at", "-id").distinct("point")) if held else [],
    )


def _refused(newest: Iterable[Row]) -> list[Row]:
    return [row for row in newest if row.state == SubmissionState.REFUSED]


def _open_window(contract: Contract, provider: OpenProvider, *, month: Month, today: date) -> Window | None:
    """Return the month's window while it takes corrections."""
    window = window_for(contract, provider, today=today)
    is_open = window.month == month and why_closed(provider, window, today=today) is None
    return window if is_open else None
