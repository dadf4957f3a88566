"""Linking and unlinking on a real database."""

import pytest

from kabinet.contracts.models import Contract, Membership, Meter
from kabinet.contracts.rules.numbers import number_key
from kabinet.contracts.services import linking
from kabinet.contracts.services.access import EmailUnconfirmed, NotAllowed, NotSeen, require
from kabinet.contracts.services.linking import LinkRefused
from kabinet.contracts.values import Action, LinkByInn, LinkProblem, Role
from kabinet.infra.limits import LimitReached
from kabinet.infra.models import AuditRow, Event
from kabinet.kernel.digits import meter_number_key
from kabinet.providers.values import Limits
from tests import world


def link(contract, user, *, inn=None, number=None, provider=None, allowed=None):
    wanted = LinkByInn(inn=inn or contract.inn, number_key=number_key(number or contract.number))
    by = world.actor(user, provider or contract.provider)
    return linking.link_by_inn(
        wanted, address="127.0.0.1", allowed=allowed or Limits(), by=by, at=world.NOW, today=world.TODAY
    )


@pytest.mark.spec("CON-01")
def test_right_pair_links_as_manager_with_audit_and_event(contract, anna):
    link(contract, anna, number=f" {contract.number.lower()} ")

    assert Membership.objects.get(user=anna, contract=contract).role == Role.MANAGER
    assert AuditRow.objects.filter(act="contracts.linked", contract_id=contract.pk, actor_id=anna.pk).count() == 1
    assert Event.objects.filter(kind="contracts.linked", contract_id=contract.pk).count() == 1


@pytest.mark.spec("CON-01")
def test_unknown_and_foreign_contract_get_one_answer(contract, anna, v):
    foreign = world.contract(v)
    answers = set()

    for inn, number in [(contract.inn, "нет такого"), (foreign.inn, foreign.number), (foreign.inn, contract.number)]:
        with pytest.raises(LinkRefused) as refusal:
            link(contract, anna, inn=inn, number=number)
        answers.add(refusal.value.problem)

    assert answers == {LinkProblem.NOT_FOUND}
    assert not Membership.objects.exists()


@pytest.mark.spec("CON-01")
def test_linking_twice_says_so(contract, anna):
    link(contract, anna)

    with pytest.raises(LinkRefused) as refusal:
        link(contract, anna)

    assert refusal.value.problem is LinkProblem.ALREADY_LINKED


@pytest.mark.spec("CON-01")
def test_sixth_wrong_guess_of_a_day_is_refused_even_if_right(contract, anna):
    for _ in range(5):
        with pytest.raises(LinkRefused):
            link(contract, anna, number="мимо")

    with pytest.raises(LimitReached):
        link(contract, anna)


@pytest.mark.spec("CON-01")
def test_refusal_by_the_address_spends_no_try_of_the_person(contract, anna, w):
    stranger = world.person(w, "stranger@example.com")
    for person, tries in ((stranger, 2), (anna, 5)):
        for _ in range(tries):
            with pytest.raises((LinkRefused, LimitReached)):
                link(contract, person, number="мимо", allowed=Limits(wrong_links_per_address_an_hour=2))

    link(contract, anna)

    assert Membership.objects.filter(user=anna).exists()


def test_right_links_do_not_count_as_guesses(w, anna):
    contracts = [world.contract(w) for _ in range(8)]

    for contract in contracts:
        link(contract, anna)

    assert Membership.objects.filter(user=anna).count() == 8


@pytest.mark.spec("REG-04")
def test_unconfirmed_email_links_nothing(contract, w):
    newcomer = world.person(w, "new@example.com", confirmed=False)

    with pytest.raises(LinkRefused) as refusal:
        link(contract, newcomer)

    assert refusal.value.problem is LinkProblem.EMAIL_UNCONFIRMED


def test_ended_contract_is_not_found(w, anna):
    ended = world.contract(w, valid_to=world.TODAY)

    with pytest.raises(LinkRefused):
        link(ended, anna)


@pytest.mark.spec("CON-04")
def test_unlinking_ends_own_link_alone(contract, anna, boris):
    world.link(anna, contract)
    world.link(boris, contract)

    linking.unlink(contract, by=world.actor(anna, contract.provider), at=world.NOW)

    assert list(Membership.objects.filter(ended_at=None).values_list("user", flat=True)) == [boris.pk]
    assert Contract.objects.filter(pk=contract.pk).exists()


def test_unlinked_contract_can_be_linked_again(contract, anna):
    world.link(anna, contract)
    linking.unlink(contract, by=world.actor(anna, contract.provider), at=world.NOW)

    link(contract, anna)

    assert Membership.objects.filter(user=anna, ended_at=None).count() == 1


def test_stranger_has_no_sight(contract, clara):
    with pytest.raises(NotSeen):
        require(world.actor(clara, contract.provider), contract, Action.SEE_CONTRACT, at=world.NOW)


def test_accountant_sees_but_may_not_send(contract, anna):
    world.link(anna, contract, role=Role.ACCOUNTANT)

    with pytest.raises(NotAllowed):
        require(world.actor(anna, contract.provider), contract, Action.SEND_READINGS, at=world.NOW)


@pytest.mark.spec("REG-04")
def test_sending_waits_for_a_confirmed_email(contract, w):
    newcomer = world.person(w, "new@example.com", confirmed=False)
    world.link(newcomer, contract)

    with pytest.raises(EmailUnconfirmed):
        require(world.actor(newcomer, w), contract, Action.SEND_READINGS, at=world.NOW)


@pytest.mark.parametrize("number", ["№011774", "13 300963", "ВСХН-07", "000", "А12Б3"])
def test_database_knows_the_same_meter_key(contract, number):
    meter = world.meter(contract, number=number)

    assert Meter.objects.get(pk=meter.pk).number_key == meter_number_key(number)


@pytest.mark.parametrize("number", ["хвс-12/3", "№ 00123", "XYZ.ёЁ-é", "  А–1 ", "d.f/7"])
def test_database_knows_the_same_contract_key(w, number):
    contract = world.contract(w, number=number)

    assert Contract.objects.get(pk=contract.pk).number_key == number_key(number)
