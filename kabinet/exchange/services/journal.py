"""The journal of the exchange: every message with its answer, in ids and codes."""

from typing import Final

from kabinet.billing.services import import_ as acts
from kabinet.exchange.models import Message, Partner
from kabinet.exchange.values.batches import Upload
from kabinet.exchange.values.wire import Outcome, Report
from kabinet.infra.db import step, use_case
from kabinet.infra.models import Event
from kabinet.infra.staging import Stage, run
from kabinet.readings.services import answers
from kabinet.readings.services.answers import Answered

BATCH: Final = "batch"
IN: Final = "in"
OUT: Final = "out"
# What an event of the feed is about; nothing else of its payload is kept here.
NAMED: Final = ("submission", "request")


@use_case
def note_batch(upload: Upload, report: Report, *, partner: Partner) -> Message:
    """Keep a batch of which nothing came in: the report is what billing will ask for again."""
    return write_batch(upload, report, partner=partner)


@step
def write_batch(upload: Upload, report: Report, *, partner: Partner) -> Message:
    """Keep what came and its answer, by the batch's own id."""
    return Message.objects.create(
        id=report.batch,
        provider_id=partner.provider_id,
        partner=partner,
        direction=IN,
        kind=BATCH if report.outcome is not Outcome.CHECKED else f"{BATCH}.dry_run",
        subject=str(report.batch),
        at=report.at,
        body={"sha256": upload.sha256, "size": upload.size, "form": upload.written_as},
        answer=report.model_dump(mode="json"),
    )


@step
def write_answers(stage: Stage, batch: Message) -> None:
    """Keep each new answer to a submission where its contract's history looks for it."""
    for kind in answers.KINDS:
        if stage.holds(kind.entity):
            _write_answers(kind, batch)
    if stage.holds(acts.ENTITY):
        _write_acts(batch)


def _write_answers(kind: Answered, batch: Message) -> None:
    run(
        """
        INSERT INTO exchange_message
               (id, provider_id, partner_id, direction, kind, contract_id, subject, at, body, answer)
        SELECT id, %(provider)s, %(partner)s, 'in', %(kind)s, contract_id, submission::text, %(at)s,
               jsonb_build_object('verdict', verdict, 'reason_code', reason_code,
                                  'billed_in', to_char(billed_in, 'YYYY-MM'), 'batch', %(batch)s::text),
               jsonb_build_object('state', CASE WHEN is_superseded THEN 'superseded' ELSE verdict END)
        FROM {merged} WHERE NOT same
        """,
        {
            "provider": batch.provider_id,
            "partner": batch.partner_id,
            "kind": kind.entity,
            "at": batch.at,
            "batch": batch.pk,
        },
        merged=kind.merged,
    )


def _write_acts(batch: Message) -> None:
    """Keep each new answer to a request for an act."""
    run(
        """
        INSERT INTO exchange_message
               (id, provider_id, partner_id, direction, kind, contract_id, subject, at, body, answer)
        SELECT id, %(provider)s, %(partner)s, 'in', %(kind)s, contract_id, request::text, %(at)s,
               jsonb_build_object('verdict', verdict, 'version', version, 'file', file_id, 'batch', %(batch)s::text),
               jsonb_build_object('state', verdict)
        FROM {merged} WHERE version > old_version
        """,
        {
            "provider": batch.provider_id,
            "partner": batch.partner_id,
            "kind": acts.ENTITY,
            "at": batch.at,
            "batch": batch.pk,
        },
        merged=acts.MERGED,
    )


@step
def write_given(partner: Partner, given: list[Event]) -> None:
    """Keep what went out for the first time; its answer is the acknowledgement to come."""
    Message.objects.bulk_create(
        Message(
            provider_id=partner.provider_id,
            partner=partner,
            direction=OUT,
            kind=event.kind,
            contract_id=event.contract_id,
            subject=str(event.uid),
            at=event.at,
            body={"seq": event.seq} | {name: event.payload[name] for name in NAMED if name in event.payload},
        )
        for event in given
    )
