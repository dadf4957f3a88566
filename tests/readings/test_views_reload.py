"""What was stored is answered by loading the page anew; what was typed beside it stays on the page."""

import pytest

from kabinet.accounts.models import KeptInput
from kabinet.readings.models import Draft, SewageVolume, Submission
from tests import world
from tests.readings.sending import SEND, VOLUMES, hidden_of, text_of

pytestmark = pytest.mark.usefixtures("at")

SUCCESS = "Успешно! Данные переданы"


@pytest.fixture
def contracts(contract, anna):
    """Anna's two contracts, both with hot water; each has one meter."""
    contract.has_hot_water = True
    contract.save(update_fields=["has_hot_water"])
    other = world.contract(contract.provider, has_hot_water=True)
    world.meter(other)
    for row in (contract, other):
        world.link(anna, row)
    return contract, other


@pytest.fixture
def as_anna(visitor, contracts, anna):
    return world.signed_in(visitor, anna, contracts[0].provider)


def field_of(contract):
    return f"value-{contract.registers.get().pk}"


def post(client, contract, button="send", *, page=SEND, hidden=None, **typed):
    opened = hidden or hidden_of(client.get(page))
    return client.post(page, {**opened, button: contract.pk, **typed})


@pytest.mark.spec("READ-03")
def test_sending_one_contract_after_another_is_answered_by_a_redirect(as_anna, contracts):
    first, second = contracts
    post(as_anna, first, **{field_of(first): "243"})

    answer = post(as_anna, second, **{field_of(first): "00243", field_of(second): "238"})
    shown = as_anna.get(answer["Location"])

    assert answer.status_code == 302
    assert SUCCESS in text_of(shown)
    assert shown.content.decode().count("meter--sent") == 2
    assert Submission.objects.count() == 2


@pytest.mark.spec("READ-01", "READ-03")
@pytest.mark.parametrize("button", ["send", "keep"])
def test_what_was_typed_for_another_contract_is_there_after_the_redirect(as_anna, contracts, button):
    first, second = contracts

    answer = post(as_anna, first, button, **{field_of(first): "243", field_of(second): "77х"})
    shown = as_anna.get(answer["Location"])

    assert answer.status_code == 302
    assert 'value="77х"' in shown.content.decode()
    assert not Submission.objects.filter(contract=second).exists()
    assert not Draft.objects.filter(contract=second).exists()


@pytest.mark.spec("READ-03")
def test_partly_refused_sending_tells_the_same_at_each_reload(as_anna, contracts):
    first, _ = contracts
    wrong = world.register_of(world.meter(first))
    right = first.registers.exclude(pk=wrong.pk).get()

    answer = post(as_anna, first, **{f"value-{right.pk}": "243", f"value-{wrong.pk}": "12ab"})
    shown, again = as_anna.get(answer["Location"]), as_anna.get(answer["Location"])

    assert answer.status_code == 302
    assert "Передано: 1. Не передано: 1." in text_of(shown)
    assert "Введите только цифры" in text_of(shown)
    assert 'value="12ab"' in shown.content.decode()
    assert text_of(shown) == text_of(again)
    assert Submission.objects.count() == 1


def test_sent_value_of_a_kept_page_is_what_is_known_now(as_anna, contracts):
    first, second = contracts
    sent = post(as_anna, first, **{field_of(first): "243", field_of(second): "77"})
    post(as_anna, first, **{field_of(first): "244"})

    shown = as_anna.get(sent["Location"]).content.decode()

    assert 'value="00244"' in shown
    assert 'value="243"' not in shown


def test_same_post_twice_is_one_sending_with_one_answer(as_anna, contracts):
    first, second = contracts
    hidden = hidden_of(as_anna.get(SEND))
    rows = {field_of(first): "243", field_of(second): "77"}

    answers = [post(as_anna, first, hidden=hidden, **rows) for _ in range(2)]
    shown = [text_of(as_anna.get(answer["Location"])) for answer in answers]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert shown[0] == shown[1]
    assert Submission.objects.count() == 1


def test_refused_sending_stores_nothing_and_is_the_page_itself(as_anna, contracts):
    first, second = contracts

    answer = post(as_anna, first, **{field_of(first): "12ab", field_of(second): "77"})

    assert answer.status_code == 200
    assert not KeptInput.objects.exists()


def test_what_was_kept_is_for_its_owner_alone(as_anna, contracts, boris, client):
    first, second = contracts
    answer = post(as_anna, first, **{field_of(first): "243", field_of(second): "77х"})
    for contract in contracts:
        world.link(boris, contract)

    page = world.signed_in(client, boris, first.provider).get(answer["Location"])

    assert page.status_code == 200
    assert "77х" not in page.content.decode()
    assert SUCCESS not in text_of(page)


@pytest.mark.spec("READ-04")
def test_volumes_are_answered_by_a_redirect_too(as_anna, contracts):
    first, second = (contract.points.get() for contract in contracts)
    typed = {f"volume-{first.pk}": "7", f"volume-{second.pk}": "8,5", f"later-{second.pk}": "9"}

    answer = post(as_anna, contracts[0], page=VOLUMES, **typed)
    shown = as_anna.get(answer["Location"])

    assert answer.status_code == 302
    assert SUCCESS in text_of(shown)
    assert f'name="later-{second.pk}" value="9"' in shown.content.decode()
    assert 'value="8,5"' in shown.content.decode()
    assert SewageVolume.objects.count() == 1


def test_more_than_a_person_types_is_answered_in_place(as_anna, contracts):
    first, second = contracts

    answer = post(as_anna, first, **{field_of(first): "243", field_of(second): "77", "padding": "х" * 100_001})

    assert answer.status_code == 200
    assert 'value="77"' in answer.content.decode()
    assert SUCCESS in text_of(answer)
