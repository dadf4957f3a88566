"""All registers of a contract at once, in two statements however many there are: for files and their template."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from kabinet.contracts.models import Contract
from kabinet.contracts.values import ContractKind, Viewer
from kabinet.infra.staging import array_of, fetch
from kabinet.kernel.periods import Month
from kabinet.providers.selectors import OpenProvider
from kabinet.providers.values import Resource
from kabinet.readings.rules import mistakes, plausibility
from kabinet.readings.rules.fractions import takes_fraction
from kabinet.readings.selectors.history import known_of, limits_of
from kabinet.readings.selectors.windows import window_for
from kabinet.readings.values import Limits, PlausibilityPolicy, Previous, Verdict
from kabinet.readings.values.files import Card, Stand


def cards_of(contract_id: UUID, *, day: date, points: Collection[UUID] | None) -> list[Card]:
    """Return the registers that hold on the day, of some supply points or of all, in the order of the template."""
    rows = fetch(
        """
        SELECT r.id::text, r.meter_id::text, p.code, p.name, m.number, m.complex_name, r.quantity, r.zone,
               r.tariff_number, r.integer_digits, r.fraction_digits, r.physical_limit_per_day, m.resource,
               m.verification_due, p.entry_status, m.entry_status, m.external_id, r.external_id, c.kind
        FROM contracts_register r JOIN contracts_contract c ON c.id = r.contract_id
        JOIN contracts_meter m ON m.id = r.meter_id JOIN contracts_supplypoint p ON p.id = m.point_id
        WHERE r.contract_id = %(contract)s AND (%(points)s::uuid[] IS NULL OR p.id = ANY(%(points)s::uuid[]))
          AND r.valid_from <= %(day)s AND (r.valid_to IS NULL OR r.valid_to > %(day)s)
          AND m.valid_from <= %(day)s AND (m.valid_to IS NULL OR m.valid_to > %(day)s)
          AND p.valid_from <= %(day)s AND (p.valid_to IS NULL OR p.valid_to > %(day)s)
        ORDER BY p.code, p.id, m.number, m.id, r.quantity, r.tariff_number NULLS LAST, r.zone
        """,
        {"contract": contract_id, "day": day, "points": None if points is None else list(points)},
    )
    return [_card(row) for row in rows]


_RESOURCE: Final = Card._fields.index("resource")


@lru_cache(maxsize=64)
def _takes_fraction(resource: str, kind: str) -> bool:
    return takes_fraction(Resource(resource), ContractKind(kind))


def _card(row: tuple[Any, ...]) -> Card:
    *facts, kind = row
    return Card._make((*facts, _takes_fraction(row[_RESOURCE], kind)))


def stands_of(contract_id: UUID, register_ids: Sequence[str], *, month: Month) -> dict[str, Stand]:
    """Return what was accepted and sent before the month, and what holds in it.

    A reading whose submission was taken back counts no more, nor does one that came of this month's own submissions.
    Each is looked for by its register, which an index finds: a join would be planned by figures of the days before, as
    if the contract had sent nothing yet, and compare every register with every submission.
    """
    rows = fetch(
        """
        SELECT r.id::text, a.value, a.taken_on, a.month, a.source, e.value, e.taken_on, e.month, s.id::text, s.value
        FROM unnest(%(registers)s::uuid[]) AS r (id)
        LEFT JOIN LATERAL (
            SELECT value, taken_on, month, source FROM readings_reading a
            WHERE a.contract_id = %(contract)s AND a.register_id = r.id AND a.month <= %(month)s
              AND (a.submission_id IS NULL OR NOT EXISTS (
                  SELECT FROM readings_submission o WHERE o.contract_id = %(contract)s AND o.id = a.submission_id
                  AND (o.month = %(month)s OR o.state = 'withdrawn')))
            ORDER BY a.taken_on DESC LIMIT 1) a ON true
        LEFT JOIN LATERAL (
            SELECT value, taken_on, month FROM readings_submission e
            WHERE e.contract_id = %(contract)s AND e.register_id = r.id AND e.month < %(month)s
              AND e.state IN ('sent', 'passed', 'taken')
            ORDER BY e.taken_on DESC LIMIT 1) e ON true
        LEFT JOIN LATERAL (
            SELECT id, value FROM readings_submission s
            WHERE s.contract_id = %(contract)s AND s.register_id = r.id AND s.month = %(month)s
              AND s.state IN ('sent', 'passed', 'taken')
            LIMIT 1) s ON true
        """,
        {"contract": contract_id, "registers": array_of(register_ids), "month": month.first},
    )
    return {row[0]: _stand(row) for row in rows}


_month_of = lru_cache(maxsize=256)(Month.of)


def _stand(row: tuple[Any, ...]) -> Stand:
    accepted = earlier = None
    if row[1] is not None:
        accepted = Previous(row[1], row[2], _month_of(row[3]), source=row[4], is_accepted=True)
    if row[5] is not None:
        earlier = Previous(row[5], row[6], _month_of(row[7]), source="sent", is_accepted=False)
    previous = accepted
    if earlier and (accepted is None or earlier.taken_on > accepted.taken_on):
        previous = earlier
    return Stand(accepted, previous, row[8], row[9])


class Judge:
    """Judges typed readings of a contract; the history of a register is read only where the verdict needs it."""

    def __init__(
        self, contract_id: UUID, stands: Mapping[str, Stand], *, provider: OpenProvider, month: Month, today: date
    ) -> None:
        self._contract_id = contract_id
        self._stands = stands
        self._policy = provider.policy.plausibility
        self._month = month
        self._today = today
        self._verdicts: dict[tuple[str, str], Verdict] = {}
        # Thousands of registers are of a few kinds, read on a few days.
        self._narrowest_of: dict[tuple[Any, ...], Limits] = {}

    def __call__(self, card: Card, raw: str) -> Verdict:
        """Return the verdict over what was looked at before."""
        return self._verdicts[card.register_id, raw]

    def look_at(self, typed: Sequence[tuple[Card, str]]) -> None:
        """Judge by the narrowest limit first: what stands within it stands within every other."""
        doubtful = []
        for card, raw in typed:
            verdict = self._verdict(card, raw, self._narrowest(card))
            self._verdicts[card.register_id, raw] = verdict
            if verdict.to_confirm or verdict.blocking or verdict.suggestions:
                doubtful.append((card, raw))
        limits = self._limits_of([card for card, _ in doubtful])
        for card, raw in doubtful:
            self._verdicts[card.register_id, raw] = self._verdict(card, raw, limits[card.register_id])

    def _limits_of(self, cards: Sequence[Card]) -> dict[str, Limits]:
        if not cards:
            return {}
        known = known_of(self._contract_id, [UUID(card.register_id) for card in cards], month=self._month)
        return {
            card.register_id: limits_of(
                known[UUID(card.register_id)],
                month=self._month,
                resource=Resource(card.resource),
                policy=self._policy,
                physical_per_day=card.physical_per_day,
                days=self._days(card),
            )
            for card in cards
        }

    def _verdict(self, card: Card, raw: str, limits: Limits) -> Verdict:
        previous = self._stands[card.register_id].previous
        return mistakes.verdict(raw, dial=card.dial, previous=previous.value if previous else None, limits=limits)

    def _narrowest(self, card: Card) -> Limits:
        previous = self._stands[card.register_id].previous
        kind = (card.resource, card.physical_per_day, previous and previous.taken_on)
        limits = self._narrowest_of.get(kind)
        if limits is None:
            limits = self._narrowest_of[kind] = self._counted_narrowest(card)
        return limits

    def _counted_narrowest(self, card: Card) -> Limits:
        floor = self._policy.floors.get(Resource(card.resource), self._policy.default_floor)
        physical = plausibility.physical_limit(card.physical_per_day, days=self._days(card))
        return plausibility.limits(PlausibilityPolicy(floor=floor, factor=Decimal(0)), physical=physical)

    def _days(self, card: Card) -> int:
        previous = self._stands[card.register_id].previous
        return (self._today - previous.taken_on).days if previous else self._month.days


class TemplateLine(NamedTuple):
    """A register of the template with what is known of it."""

    card: Card
    stand: Stand


def template_lines(
    viewer: Viewer, contract: Contract, provider: OpenProvider, *, today: date
) -> tuple[Month, list[TemplateLine]]:
    """Return the month that readings are awaited for, and the registers that the viewer may send."""
    points = next((m.points for m in viewer.memberships if m.contract_id == contract.pk), frozenset())
    window = window_for(contract, provider, today=today)
    cards = cards_of(contract.pk, day=day_of(window.month, today=today), points=points)
    stands = stands_of(contract.pk, [card.register_id for card in cards], month=window.month)
    return window.month, [TemplateLine(card, stands[card.register_id]) for card in cards]


def day_of(month: Month, *, today: date) -> date:
    """Return the day by which a month's registers are told: today, or the nearest day of the month."""
    return min(max(month.first, today), month.last)
