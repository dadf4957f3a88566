"""Readings by a machine: whatever is pressed in whatever order, the truth is what its book says (I1–I5, I7, I30)."""

import pytest
from hypothesis import seed
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule, run_state_machine_as_test

from kabinet.contracts.models import Membership
from kabinet.contracts.services.access import NotSeen
from kabinet.contracts.values import Role
from kabinet.infra import ids
from kabinet.infra.idempotency import KeyReused
from kabinet.kernel.periods import Month
from kabinet.providers.models import BillingPeriod
from kabinet.readings.models import Submission
from kabinet.readings.services import drafts
from kabinet.readings.services.rows import NothingSent
from kabinet.readings.values import Entry
from tests import world
from tests.deep import SEED
from tests.machines.worlds import STEADY, Machine, outcome_of
from tests.storm.test_sends import pressing, untruths

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at"), pytest.mark.spec("READ-01", "READ-03")]

EFFECTIVE = {"sent", "passed", "taken"}
PLACES = st.integers(0, 1)
# What a meter that showed 231 shows in a usual month, and what goes for no reading at all.
USUAL = st.integers(232, 240).map(str)
ODD = st.sampled_from(["", "abc", "-5", "90000", "230", "1e3", "\x00", "2½", "9" * 30])


class Readings(Machine):
    """Two people, two registers, billing, and a book of what must be there."""

    def made(self):
        provider = world.provider("w")
        contract = world.contract(provider)
        self.registers = [world.register_of(world.meter(contract)) for _ in range(2)]
        self.people = [world.person(provider, f"{name}@example.com") for name in ("anna", "boris")]
        for person in self.people:
            world.link(person, contract)
        BillingPeriod.objects.create(provider=provider, month=Month(2026, 10).first, state="open")
        self.may_send = [True, True]
        self.effective = [None, None]  # the value that holds, by register
        self.bound = {}  # by person and key: the register and the text
        self.taken = set()  # keys with their registers, whosever they are
        self.facts = {}  # of every submission, for ever
        self.is_closed = False
        return contract

    @rule(person=PLACES, place=PLACES, raw=USUAL, key=st.sampled_from(["one", "two", ""]), shown=st.booleans())
    def send(self, person, place, raw, key, shown):
        Readings.steps += 1
        key = key or str(ids.new())
        before, body = self.bound.get((person, key)), (place, raw)
        # Who may not send is shown no page to send from. A colleague's key breaks the one statement that stores what
        # was shown; inside a transaction, as here, nothing could be asked after it.
        is_copied = before is None and (key, place) in self.taken
        shown = shown and self.may_send[person] and not is_copied
        met = outcome_of(pressing(self.contract, self.registers[place], self.people[person], raw, key, shown=shown))

        if not self.may_send[person]:
            assert isinstance(met, NotSeen), met
        elif before is not None:
            assert isinstance(met, list if before == body else KeyReused), (met, before, body)
        elif self.is_closed or self.effective[place] == int(raw):
            assert isinstance(met, NothingSent), met
        elif (key, place) in self.taken:
            assert isinstance(met, KeyReused), met
        else:
            assert [str(one.fate) for one in met] == ["sent"], met
            self.bound[person, key] = body
            self.taken.add((key, place))
            self.effective[place] = int(raw)

    @rule(person=PLACES, place=PLACES, raw=ODD)
    def send_what_is_none(self, person, place, raw):
        Readings.steps += 1
        met = outcome_of(
            pressing(self.contract, self.registers[place], self.people[person], raw, str(ids.new()), shown=False)
        )

        assert isinstance(met, NothingSent if self.may_send[person] else NotSeen), met

    @rule(person=PLACES, place=PLACES, raw=USUAL)
    def keep(self, person, place, raw):
        by = world.actor(self.people[person], self.contract.provider)
        entries = [Entry(self.registers[place].pk, raw)]
        met = outcome_of(lambda: drafts.save(self.contract, entries, month=Month(2026, 10), by=by, at=world.NOW))
        assert isinstance(met, int if self.may_send[person] else NotSeen), met

    @rule(person=PLACES)
    def take_or_give_the_role(self, person):
        held = Membership.objects.filter(user=self.people[person], contract=self.contract, ended_at=None)
        if self.may_send[person]:
            held.update(ended_at=world.NOW)
        else:
            world.link(self.people[person], self.contract, role=Role.MANAGER)
        self.may_send[person] = not self.may_send[person]

    @precondition(lambda self: any(value is not None for value in self.effective))
    @rule(place=PLACES, verdict=st.sampled_from(["taken", "refused"]))
    def billing_answers(self, place, verdict):
        if self.effective[place] is None:
            return
        row = Submission.objects.get(register=self.registers[place], state__in=EFFECTIVE)
        Submission.objects.filter(contract=self.contract, id=row.id).update(state=verdict, state_at=world.NOW)
        if verdict == "refused":
            self.effective[place] = None

    @precondition(lambda self: not self.is_closed and len(self.facts) > 5)
    @rule()
    def billing_closes_the_period(self):
        BillingPeriod.objects.filter(provider=self.contract.provider).update(state="closed")
        self.is_closed = True

    @invariant()
    def the_book_is_the_truth(self):
        rows = list(Submission.objects.filter(contract=self.contract))
        held = {row.register_id: int(row.value) for row in rows if row.state in EFFECTIVE}
        assert held == {
            register.pk: value
            for register, value in zip(self.registers, self.effective, strict=True)
            if value is not None
        }
        facts = {row.id: (row.raw, row.value, row.month, row.actor_id, row.key, row.corrects) for row in rows}
        assert self.facts.items() <= facts.items()
        self.facts = facts
        assert len(rows) == len(self.bound)
        assert list(untruths(self.contract)) == []


def test_readings_hold_whatever_is_pressed(figures):
    Readings.steps = 0
    run_state_machine_as_test(seed(SEED)(Readings), settings=STEADY)
    figures(machine_sends=Readings.steps, broken=0)
