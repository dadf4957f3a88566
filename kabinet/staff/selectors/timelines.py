"""What a contract sent and what billing said: one history out of submissions, readings and the journal."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final, cast

from django.db.models import Count, Max

from kabinet.contracts.models import Contract
from kabinet.exchange import selectors as exchange
from kabinet.exchange.models import Message
from kabinet.readings.models import AcceptedVolume, Draft, Reading, SewageVolume, Submission, VolumeDraft
from kabinet.staff.values import Moment, MomentKind

MOST: Final = 200

Sent = Submission | SewageVolume
Counted = Reading | AcceptedVolume


@dataclass(frozen=True, slots=True)
class _Subject:
    """What was measured: the meter or the place, and its month."""

    what: str = ""
    month: date | None = None


# What a message is about may be older than all that is shown here.
_UNKNOWN: Final = _Subject()


def timeline_of(contract: Contract) -> list[Moment]:
    """Return the newest moments of the contract, newest first. Of drafts only that they are there is told."""
    sent: list[Sent] = [*_submissions(contract), *_volumes(contract)]
    subjects = {str(row.id): _subject(row) for row in sent}
    moments = [
        *_kept(contract),
        *(_sent(row) for row in sent),
        *_accepted(contract),
        *_from_journal(exchange.messages_of(contract)[:MOST], subjects),
    ]
    return sorted(moments, key=lambda moment: moment.at, reverse=True)[:MOST]


def _submissions(contract: Contract) -> Iterable[Submission]:
    rows = Submission.objects.filter(contract=contract).select_related("register__meter")
    return rows.order_by("-sent_at")[:MOST]


def _volumes(contract: Contract) -> Iterable[SewageVolume]:
    return SewageVolume.objects.filter(contract=contract).select_related("point").order_by("-sent_at")[:MOST]


def _kept(contract: Contract) -> Iterator[Moment]:
    readings = Draft.objects.filter(contract=contract).values("month")
    volumes = VolumeDraft.objects.filter(contract=contract).values("month")
    for row in [
        *readings.annotate(count=Count("pk"), at=Max("saved_at")),
        *volumes.annotate(count=Count("pk"), at=Max("saved_at")),
    ]:
        yield Moment(row["at"], MomentKind.KEPT, month=row["month"], count=row["count"])


def _sent(row: Sent) -> Moment:
    subject = _subject(row)
    return Moment(
        row.sent_at,
        MomentKind.SENT,
        what=subject.what,
        month=subject.month,
        value=row.value,
        state=row.state,
        reason=row.reason,
        source="correction" if row.corrects else "",
    )


def _accepted(contract: Contract) -> Iterator[Moment]:
    """Yield what billing counts. It knows days alone: the moment is the day's beginning."""
    readings = Reading.objects.filter(contract=contract).select_related("register__meter").order_by("-taken_on")
    volumes = AcceptedVolume.objects.filter(contract=contract).select_related("point").order_by("-taken_on")
    for row in cast("list[Counted]", [*readings[:MOST], *volumes[:MOST]]):
        yield Moment(
            datetime.combine(row.taken_on, time(), UTC),
            MomentKind.ACCEPTED,
            what=_subject(row).what,
            month=row.month,
            value=row.value,
            source=row.source,
        )


def _from_journal(messages: Iterable[Message], subjects: Mapping[str, _Subject]) -> Iterator[Moment]:
    for message in messages:
        yield from _given(message, subjects) if message.direction == "out" else _answered(message, subjects)


def _given(message: Message, subjects: Mapping[str, _Subject]) -> Iterator[Moment]:
    subject = subjects.get(str(message.body.get("submission")), _UNKNOWN)
    number = str(message.body.get("seq", ""))
    yield Moment(message.at, MomentKind.GIVEN, what=subject.what, month=subject.month, number=number)
    if acknowledged := (message.answer or {}).get("acknowledged_at"):
        at = datetime.fromisoformat(acknowledged)
        yield Moment(at, MomentKind.ACKNOWLEDGED, what=subject.what, month=subject.month, number=number)


def _answered(message: Message, subjects: Mapping[str, _Subject]) -> Iterator[Moment]:
    subject = subjects.get(message.subject, _UNKNOWN)
    yield Moment(
        message.at,
        MomentKind.ANSWERED,
        what=subject.what,
        month=subject.month,
        state=str((message.answer or {}).get("state", "")),
        reason=str(message.body.get("reason_code") or ""),
        number=str(message.body.get("billed_in") or ""),
    )


def _subject(row: Sent | Counted) -> _Subject:
    if isinstance(row, Submission | Reading):
        return _Subject(row.register.meter.number, row.month)
    return _Subject(row.point.address, row.month)
