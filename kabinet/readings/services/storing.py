"""A sending's rows into the tables by one statement, on its own or within a transaction (SPEED, «Serving»).

Key, submissions, audit and events stand or fall together. Nothing is written unless everything that was judged still
holds: the sender's role, the open period, the registers held by nobody else, the last value of each. Who gets nothing
looks again under locks.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from kabinet.contracts.values import Action
from kabinet.infra import audit, failpoints, idempotency, ids
from kabinet.infra.statements import Statement, fetch, one_line
from kabinet.kernel.actors import ActorKind
from kabinet.readings.models import Submission
from kabinet.readings.rules import fates
from kabinet.readings.selectors import whose
from kabinet.readings.selectors.sheets import Line, Sheet
from kabinet.readings.services import rows
from kabinet.readings.services.rows import Sending
from kabinet.readings.values import Mistake, Outcome

_OF_PERSON: Final = """
        SELECT b.id, b.points FROM contracts_membership b JOIN accounts_user u ON u.id = b.user_id
        WHERE b.user_id = %(person)s AND b.contract_id = %(contract)s AND b.role = ANY(%(senders)s)
          AND b.ended_at IS NULL AND (b.expires_at IS NULL OR b.expires_at > %(at)s)
          AND u.email_confirmed_at IS NOT NULL
        FOR SHARE OF b
"""
# Who sends without signing in has shown by other means that he may: the use case has looked (READ-18).
_OF_NOBODY: Final = "SELECT NULL::uuid AS id, NULL::uuid[] AS points"
_SQL: Final = """
    WITH door AS MATERIALIZED ({door}), period AS MATERIALIZED (
        SELECT p.id FROM providers_billingperiod p
        WHERE p.provider_id = %(provider)s AND p.month = %(month)s AND p.state = 'open' FOR SHARE
    ), held AS MATERIALIZED (
        SELECT r.id FROM contracts_register r JOIN contracts_meter m ON m.id = r.meter_id CROSS JOIN door
        WHERE r.contract_id = %(contract)s AND r.id = ANY(%(registers)s)
          AND (door.points IS NULL OR m.point_id = ANY(door.points))
        FOR UPDATE OF r SKIP LOCKED
    ), corrected AS MATERIALIZED (
        SELECT l.id FROM readings_submission l
        WHERE l.contract_id = %(contract)s AND l.id = ANY(%(corrects)s) AND l.state IN ('sent', 'passed', 'taken')
        FOR UPDATE
    ), still AS MATERIALIZED (
        SELECT j.register
        FROM unnest(%(registers)s::uuid[], %(corrects)s::uuid[], %(days)s::date[], %(newest)s::numeric[])
             AS j (register, corrects, day, value)
        WHERE (SELECT l.id FROM readings_submission l
               WHERE l.contract_id = %(contract)s AND l.register_id = j.register AND l.month = %(month)s
                 AND l.state IN ('sent', 'passed', 'taken')) IS NOT DISTINCT FROM j.corrects
          AND (SELECT l.taken_on IS NOT DISTINCT FROM j.day AND l.value IS NOT DISTINCT FROM j.value
               FROM readings_reading l WHERE l.contract_id = %(contract)s AND l.register_id = j.register
               ORDER BY l.taken_on DESC, l.value DESC LIMIT 1) IS NOT FALSE
    ), bound AS (
        INSERT INTO infra_idempotencykey (id, actor_kind, actor_id, key, body_hash, result, bound_at)
        SELECT %(key_id)s, %(actor_kind)s, %(key_actor)s, %(key)s, %(body_hash)s, %(result)s::jsonb, %(technical)s
        FROM door, period
        WHERE (SELECT count(*) FROM held) = %(count)s AND (SELECT count(*) FROM still) = %(count)s
          AND (SELECT count(*) FROM corrected) = %(corrections)s
        ON CONFLICT (actor_kind, actor_id, key) DO NOTHING
        RETURNING id
    ), aside AS (
        UPDATE readings_submission l SET state = 'superseded', state_at = %(at)s FROM bound
        WHERE l.contract_id = %(contract)s AND l.id = ANY(%(corrects)s) RETURNING l.id
    ), stored AS (
        INSERT INTO readings_submission (
            contract_id, id, provider_id, register_id, month, raw, value, previous, rolls_over, taken_on, sent_at,
            actor_kind, actor_id, channel, key, corrects, confirmed, remarks, state, state_at, reason_code, reason)
        SELECT %(contract)s, n.id, %(provider)s, n.register, %(month)s, n.raw, n.value, n.previous, n.rolls_over,
               %(today)s, %(at)s, %(actor_kind)s, %(person)s, %(channel)s, %(key)s, n.corrects, n.confirmed::jsonb,
               n.remarks::jsonb, 'sent', %(at)s, '', ''
        FROM bound, unnest(%(ids)s::uuid[], %(registers)s::uuid[], %(raws)s::text[], %(values)s::numeric[],
                           %(previous)s::numeric[], %(rolls_over)s::boolean[], %(corrects)s::uuid[],
                           %(confirmed)s::text[], %(remarks)s::text[])
             AS n (id, register, raw, value, previous, rolls_over, corrects, confirmed, remarks)
        WHERE (SELECT count(*) FROM aside) = %(corrections)s
        RETURNING id
    ), noted AS (
        INSERT INTO infra_auditrow (id, at, provider_id, contract_id, act, target_kind, target_id, before, after,
                                    actor_kind, actor_id, on_behalf_of, channel, reason)
        SELECT %(audit_id)s, %(technical)s, %(provider)s, %(contract)s, 'readings.sent', %(target_kind)s, %(target)s,
               NULL, %(after)s::jsonb, %(actor_kind)s, %(person)s, %(on_behalf_of)s, %(channel)s, %(reason)s
        FROM bound
    ), told AS (
        INSERT INTO infra_event (uid, provider_id, contract_id, kind, payload, at)
        SELECT e.uid, %(provider)s, %(contract)s, 'readings.sent', e.payload::jsonb, %(at)s
        FROM bound, unnest(%(uids)s::uuid[], %(payloads)s::text[]) AS e (uid, payload)
    ), cleared AS (
        DELETE FROM readings_draft d USING bound WHERE d.register_id = ANY(%(registers)s) AND d.month = %(month)s
    )
    SELECT count(*) FROM stored
"""
_BY_PERSON: Final = one_line(_SQL.format(door=_OF_PERSON))
_BY_NOBODY: Final = one_line(_SQL.format(door=_OF_NOBODY))


@dataclass(frozen=True, slots=True)
class Going:
    """The rows of a sheet that go, with what their sender is told of all his rows."""

    sheet: Sheet[Line]
    rows: Sequence[tuple[Line, Outcome]]
    outcomes: Sequence[Outcome]
    body_hash: str


def store(going: Going, *, sending: Sending) -> Sequence[Submission]:
    """Store the rows under the sending's key; nothing where anything has changed since they were judged."""
    made = [_submission(going.sheet, line, outcome, sending=sending) for line, outcome in going.rows]
    lines = [line for line, _ in going.rows]
    parameters = (
        _of_act(going, made, sending=sending) | _of_rows(made) | _of_judging(lines) | _told(going.sheet, lines, made)
    )
    is_nobody = sending.by.kind is ActorKind.ANONYMOUS
    failpoints.reach("before", "readings.stored")
    ((stored,),) = fetch(Statement(_BY_NOBODY if is_nobody else _BY_PERSON, parameters))
    failpoints.reach("after", "readings.stored")
    return made if stored else ()


def _submission(sheet: Sheet[Line], line: Line, outcome: Outcome, *, sending: Sending) -> Submission:
    return Submission(
        register_id=line.register.pk,
        rolls_over=Mistake.ROLLOVER_SUSPECTED in outcome.problems,
        remarks=list(outcome.notes),
        **rows.facts_of(sheet, line, outcome, sending=sending),
    )


def _of_act(going: Going, made: Sequence[Submission], *, sending: Sending) -> dict[str, Any]:
    contract, by = going.sheet.contract, sending.by
    result = {"outcomes": [fates.outcome_as_json(outcome) for outcome in going.outcomes]}
    after = {"month": str(going.sheet.month), "submissions": [str(one.id) for one in made]}
    noted = audit.drawn_up("readings.sent", contract, before=None, after=after, by=by, contract_id=contract.pk)
    return {
        "contract": contract.pk,
        "provider": contract.provider_id,
        "month": going.sheet.month.first,
        "today": sending.today,
        "at": sending.at,
        "person": by.id,
        "actor_kind": str(by.kind),
        "on_behalf_of": by.on_behalf_of,
        "channel": str(by.channel),
        "reason": by.reason,
        "senders": whose.roles_for(Action.SEND_READINGS),
        "audit_id": noted.pk,
        "technical": noted.at,
        "target_kind": noted.target_kind,
        "target": noted.target_id,
        "after": json.dumps(after),
        **idempotency.binding(sending.key, body_hash=going.body_hash, result=result, by=by),
    }


def _of_rows(made: Sequence[Submission]) -> dict[str, Any]:
    return {
        "count": len(made),
        "corrections": sum(one.corrects is not None for one in made),
        "ids": [one.id for one in made],
        "registers": [one.register_id for one in made],
        "raws": [one.raw for one in made],
        "values": [one.value for one in made],
        "previous": [one.previous for one in made],
        "rolls_over": [one.rolls_over for one in made],
        "corrects": [one.corrects for one in made],
        "confirmed": [json.dumps(one.confirmed) for one in made],
        "remarks": [json.dumps(one.remarks) for one in made],
    }


def _of_judging(lines: Sequence[Line]) -> dict[str, Any]:
    """Return the last accepted readings by which the rows were judged."""
    return {
        "days": [line.newest[0] if line.newest else None for line in lines],
        "newest": [line.newest[1] if line.newest else None for line in lines],
    }


def _told(sheet: Sheet[Line], lines: Sequence[Line], made: Sequence[Submission]) -> dict[str, Any]:
    """Return the events by which billing learns of the rows."""
    payloads = [
        rows.for_billing(one, contract=sheet.contract)
        | {"meter": line.meter.external_id, "register": line.register.external_id, "rolls_over": one.rolls_over}
        for line, one in zip(lines, made, strict=True)
    ]
    return {"uids": [ids.new() for _ in made], "payloads": [json.dumps(payload) for payload in payloads]}
