"""Sending from the page «Показания»: several contracts at once, each meter whole or not at all (READ-10, READ-11)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from kabinet.contracts.models import Contract, Membership, Meter, Register
from kabinet.contracts.services.access import NotAllowed, NotSeen, require
from kabinet.contracts.values import Action
from kabinet.infra import audit, events
from kabinet.infra.db import step, use_case
from kabinet.kernel.actors import Actor
from kabinet.providers.selectors import OpenProvider
from kabinet.readings.models import EFFECTIVE, Draft, Submission, SubmissionState
from kabinet.readings.rules import mistakes, whole_meters
from kabinet.readings.selectors.point_sheets import sheets_with
from kabinet.readings.selectors.points import day_for, lasting, with_registers
from kabinet.readings.selectors.sheets import Line, Sheet
from kabinet.readings.selectors.windows import openings_of
from kabinet.readings.services import drafts, rows
from kabinet.readings.services.rows import NothingSent, Sending
from kabinet.readings.values import Entry, Fate, Mistake, Outcome
from kabinet.readings.values.points import Months

Held = Mapping[Contract, Membership]
Going = list[tuple[Line, Outcome]]


@use_case
def submit(entries: Sequence[Entry], *, months: Months, sending: Sending) -> list[Outcome]:
    """Send the registers that may go; the others come back with reasons. The same key and rows are one sending.

    `months` are those that the page showed: what was typed for a month that billing has closed since does not go.
    """
    held = _held(entries, by=sending.by, at=sending.at)
    return rows.once(
        entries,
        body={"months": sorted((str(contract), str(month)) for contract, month in months.items())},
        sending=sending,
        act=lambda: _send(entries, held, months=months, sending=sending),
    )


@use_case
def keep(entries: Sequence[Entry], *, provider: OpenProvider, by: Actor, at: datetime, today: date) -> int:
    """Keep each row as typed for the people of its contract; return how many are kept. A closed month keeps nothing."""
    held = _held(entries, by=by, at=at)
    openings = openings_of(held.keys(), provider, today=today)
    day = day_for(provider, today=today)
    kept = 0
    for contract, own in _by_contract(entries, held).items():
        lasting_ones = _lasting(own, membership=held[contract], day=day)
        if lasting_ones and openings[contract.pk].closed is None:
            kept += drafts.keep(contract, lasting_ones, month=openings[contract.pk].window.month, by=by, at=at)
    return kept


def _lasting(entries: Iterable[Entry], *, membership: Membership, day: date) -> list[Entry]:
    """Leave out what stands on meters that were taken away, and beside the sender's supply points."""
    asked = {entry.row_id: entry for entry in entries}
    found = Register.objects.filter(lasting(day), lasting(day, "meter__"), pk__in=asked)
    if membership.points is not None:
        found = found.filter(meter__point_id__in=membership.points)
    return [asked[register] for register in found.values_list("pk", flat=True)]


@step
def _held(entries: Sequence[Entry], *, by: Actor, at: datetime) -> Held:
    """Ask the door for each contract of the rows, in one order for everybody; what is not the actor's is left out."""
    wanted = Register.objects.filter(pk__in=[entry.row_id for entry in entries])
    found = Contract.objects.filter(pk__in=wanted.values("contract_id")).order_by("pk")
    held: dict[Contract, Membership] = {}
    for contract in found:
        try:
            held[contract] = require(by, contract, Action.SEND_READINGS, at=at)
        except (NotSeen, NotAllowed):
            continue
    return held


def _by_contract(entries: Iterable[Entry], held: Held) -> dict[Contract, list[Entry]]:
    by_id = {contract.pk: contract for contract in held}
    asked = {entry.row_id: entry for entry in entries}
    named = Register.objects.filter(pk__in=asked, contract_id__in=by_id).order_by("contract_id", "pk")
    found: defaultdict[Contract, list[Entry]] = defaultdict(list)
    for register, contract in named.values_list("pk", "contract_id"):
        found[by_id[contract]].append(asked[register])
    return found


@step
def _send(entries: Sequence[Entry], held: Held, *, months: Months, sending: Sending) -> list[Outcome]:
    decided = {
        contract: _decided(contract, own, membership=held[contract], months=months, sending=sending)
        for contract, own in _by_contract(entries, held).items()
    }
    told = [outcome for _sheet, outcomes in decided.values() for outcome in outcomes]
    known = {outcome.row_id for outcome in told}
    told += [_unknown(entry) for entry in entries if entry.row_id not in known]
    if not any(outcome.fate is Fate.SENT for outcome in told):
        raise NothingSent(told)
    for sheet, outcomes in decided.values():
        if going := _going(sheet, outcomes):
            _store(sheet, going, sending=sending)
    return told


def _decided(
    contract: Contract, entries: Sequence[Entry], *, membership: Membership, months: Months, sending: Sending
) -> tuple[Sheet[Line], list[Outcome]]:
    sheet = _locked_sheet(contract, entries, membership=membership, sending=sending)
    if months.get(contract.pk, sheet.month) != sheet.month:
        sheet = replace(sheet, closed=Mistake.PERIOD_CLOSED)
    lines = {line.row_id: line for line in sheet.lines}
    sent = {row for row, line in lines.items() if line.sent and line.sent.state in EFFECTIVE}
    outcomes = [_decide(entry, lines.get(entry.row_id), sheet=sheet, today=sending.today) for entry in entries]
    meters: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for line in sheet.lines:
        meters[line.meter.pk].append(line.row_id)
    return sheet, whole_meters.whole(outcomes, meters=meters, sent=sent)


def _decide(entry: Entry, line: Line | None, *, sheet: Sheet[Line], today: date) -> Outcome:
    outcome = rows.decide(entry, line, sheet=sheet, today=today)
    if line is None or line.sent is None or line.sent.state not in EFFECTIVE:
        return outcome
    value = line.sent.value
    return whole_meters.asked_first(outcome, entry, sent_value=value, shown=mistakes.shown(value, line.dial))


def _locked_sheet(
    contract: Contract, entries: Sequence[Entry], *, membership: Membership, sending: Sending
) -> Sheet[Line]:
    """Hold every register of the named meters and the open period, then look."""
    wanted = [entry.row_id for entry in entries]
    named = Register.objects.filter(contract=contract, pk__in=wanted).values_list("meter_id", flat=True)
    meters = sorted(set(named))
    list(Register.objects.select_for_update().filter(meter_id__in=meters).order_by("pk").values_list("pk"))
    day = day_for(sending.provider, today=sending.today)
    own = Meter.objects.filter(lasting(day), pk__in=meters)
    if membership.points is not None:
        own = own.filter(point_id__in=membership.points)
    (sheet,) = sheets_with({contract: list(with_registers(own, day=day))}, sending.provider, today=sending.today)
    return rows.in_held_period(sheet)


def _going(sheet: Sheet[Line], outcomes: Iterable[Outcome]) -> Going:
    lines = {line.row_id: line for line in sheet.lines}
    return [(lines[outcome.row_id], outcome) for outcome in outcomes if outcome.fate is Fate.SENT]


@step
def _store(sheet: Sheet[Line], going: Going, *, sending: Sending) -> None:
    """Put the corrected aside, insert what goes, tell billing of each row, name them in the audit."""
    contract = sheet.contract
    made = [
        Submission(
            register=line.register,
            rolls_over=Mistake.ROLLOVER_SUSPECTED in outcome.problems,
            remarks=list(outcome.notes),
            **rows.facts_of(sheet, line, outcome, sending=sending),
        )
        for line, outcome in going
    ]
    corrected = Submission.objects.filter(contract=contract, id__in=[row.corrects for row in made if row.corrects])
    corrected.update(state=SubmissionState.SUPERSEDED, state_at=sending.at)
    Submission.objects.bulk_create(made)
    Draft.objects.filter(register__in=[row.register_id for row in made], month=sheet.month.first).delete()
    for row, (line, _outcome) in zip(made, going, strict=True):
        told = {"meter": line.meter.external_id, "register": line.register.external_id, "rolls_over": row.rolls_over}
        events.emit(
            "readings.sent",
            provider_id=contract.provider_id,
            contract_id=contract.pk,
            payload=rows.for_billing(row, contract=contract) | told,
            at=sending.at,
        )
    after = {"month": str(sheet.month), "submissions": [str(row.id) for row in made]}
    audit.record("readings.sent", contract, before=None, after=after, by=sending.by, contract_id=contract.pk)


def _unknown(entry: Entry) -> Outcome:
    return Outcome(entry.row_id, entry.raw, Fate.REFUSED, problems=(Mistake.NOT_YOURS,))
