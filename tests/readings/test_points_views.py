"""The page «Показания» of the business portal (READ-10, READ-11)."""

import re
from datetime import date

import pytest

from kabinet.contracts.models import Membership, Meter, SupplyPoint
from kabinet.contracts.values import Role
from kabinet.providers.models import BillingPeriod
from kabinet.readings.models import Draft, Submission
from tests import world
from tests.readings.books import power_meter
from tests.readings.sending import text_of

POINTS = "/b/readings/points/"

pytestmark = [pytest.mark.usefixtures("at"), pytest.mark.spec("READ-10")]


@pytest.fixture
def as_vera(visitor, b, vera):
    return world.signed_in(visitor, vera, b)


def fields_of(response):
    """Return the fields of the page's form as a browser would post them: disabled ones and buttons left out."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", response.content.decode()):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and not re.search(r"\bdisabled\b|type=\"checkbox\"", tag) and name[1] != "csrfmiddlewaretoken":
            found.setdefault(name[1], []).append(value[1] if value else "")
    return found


def press(client, do, *, opened=None, **typed):
    """Press a button of the page that was opened, or of the page as it stands, with some fields typed over."""
    fields = fields_of(opened or client.get(POINTS))
    return client.post(POINTS, {**fields, **typed, "do": do}, follow=True)


def field(register):
    return f"value-{register.pk}"


def value_in(response, register):
    tag = re.search(rf'<input[^>]*name="value-{register.pk}"[^>]*>', response.content.decode())
    return re.search(r'value="([^"]*)"', tag[0])[1] if tag else None


@pytest.mark.parametrize("typed", ["1100,5", "1100.5", " 1 100,50 "])
def test_typed_value_is_sent_and_stays_in_its_field(as_vera, deal, typed):
    register = power_meter(deal, "300111").registers.get()

    response = press(as_vera, "send", **{field(register): typed})

    assert "Показания сохранены" in text_of(response)
    assert value_in(response, register) == "001100,50"
    assert str(Submission.objects.get().value) == "1100.5000"
    assert "Все показания переданы" in text_of(response)


def test_consumption_is_the_difference_times_the_ratio(as_vera, deal):
    register = power_meter(deal, "300111", showed="12345.67", ratio=12000).registers.get()

    response = press(as_vera, "send", **{field(register): "12345,68"})

    assert re.search(r"Расход по ПУ\s*120 кВт·ч", text_of(response))


def test_only_changed_fields_are_sent(as_vera, deal):
    one, other = (power_meter(deal, number).registers.get() for number in ("300111", "300222"))
    press(as_vera, "send", **{field(one): "1100"})

    press(as_vera, "send", **{field(other): "1200"})

    assert Submission.objects.filter(register=one).count() == 1
    assert Submission.objects.get(register=other).value == 1200


def test_sent_value_may_be_corrected(as_vera, deal):
    register = power_meter(deal, "300111").registers.get()
    press(as_vera, "send", **{field(register): "1100"})

    response = press(as_vera, "send", **{field(register): "1105"})

    assert value_in(response, register) == "001105,00"
    assert list(Submission.objects.order_by("value").values_list("state", flat=True)) == ["superseded", "sent"]


@pytest.mark.spec("READ-11")
def test_meter_without_one_of_its_registers_does_not_go_and_others_do(as_vera, deal):
    two = power_meter(deal, "300111", registers=(("A+", "day"), ("A+", "night")))
    day, night = two.registers.order_by("tariff_number")
    other = power_meter(deal, "300222").registers.get()

    response = press(as_vera, "send", **{field(day): "1100", field(other): "1200"})

    assert Submission.objects.get().register == other
    assert "по прибору нужны показания всех шкал" in text_of(response)
    assert "Заполните поле" in text_of(response)
    assert value_in(response, day) == "1100"
    assert value_in(response, night) == ""


@pytest.mark.spec("READ-09")
def test_likely_value_is_one_button_away(as_vera, deal):
    register = power_meter(deal, "300111").registers.get()

    doubted = press(as_vera, "send", **{field(register): "11005"})
    taken = as_vera.post(POINTS, {**fields_of(doubted), f"take-{register.pk}": "001100,50"}, follow=True)

    assert "Похоже, пропущена запятая" in text_of(doubted)
    assert "Взять 001100,50" in text_of(doubted)
    assert value_in(taken, register) == "001100,50"
    assert not Submission.objects.exists()


@pytest.mark.spec("READ-09")
def test_doubtful_value_goes_once_it_is_confirmed(as_vera, deal):
    register = power_meter(deal, "300111").registers.get()
    doubted = press(as_vera, "send", **{field(register): "900"})

    press(as_vera, "send", opened=doubted, **{f"confirm-{register.pk}": "less_than_previous"})

    assert Submission.objects.get().confirmed == ["less_than_previous"]


def test_draft_is_kept_and_sent_later(as_vera, deal):
    register = power_meter(deal, "300111").registers.get()

    kept = press(as_vera, "keep", **{field(register): "1100"})
    press(as_vera, "send")

    assert "Черновик сохранён" in text_of(kept)
    assert "черновик" in text_of(kept)
    assert Submission.objects.get().value == 1100
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("point_status", "meter_status", "words"),
    [
        ("ami", "awaiting", "Снимается АСКУЭ"),
        ("disconnected", "awaiting", "Точка отключена"),
        ("awaiting", "out_of_service", "Прибор выведен из эксплуатации"),
        ("awaiting", "period_closed", "Период закрыт"),
    ],
)
def test_status_other_than_waiting_closes_the_field_and_says_why(as_vera, deal, point_status, meter_status, words):
    meter = power_meter(deal, "300111", entry_status=meter_status)
    SupplyPoint.objects.update(entry_status=point_status)

    page = as_vera.get(POINTS)
    response = press(as_vera, "send", opened=page, **{field(meter.registers.get()): "1100"})

    assert words in text_of(page)
    assert re.search(r"name=\"value-[^>]*disabled", page.content.decode())
    assert "показания сейчас не принимаются" in text_of(response)
    assert not Submission.objects.exists()


def test_filters_by_contract_status_and_words(as_vera, b, vera, deal):
    other = world.contract(b)
    world.link(vera, other)
    power_meter(deal, "300111")
    power_meter(other, "300222")
    power_meter(deal, "300333", entry_status="ami")

    def numbers(**asked):
        return re.findall(r">№ (300\d+)</a>", as_vera.get(POINTS, asked).content.decode())

    assert numbers(contract=other.pk) == ["300222"]
    assert numbers(status="ami") == ["300333"]
    assert numbers(status="awaiting") == ["300111", "300222"]
    assert numbers(q="300333") == ["300333"]
    assert numbers(q="Насосная нет такой") == []
    assert numbers(contract="x", status="y") == ["300111", "300333", "300222"]


def test_contracts_of_the_filter_ascend_by_number(as_vera, b, vera, deal):
    for number in ("55000000000003", "55000000000001", "55000000000002"):
        world.link(vera, world.contract(b, number=number))

    page = as_vera.get(POINTS).content.decode()

    assert re.findall(r"<option[^>]*>(5500\d+) ·", page) == ["55000000000001", "55000000000002", "55000000000003"]


def test_folded_point_has_no_fields_and_opens_with_what_was_typed(as_vera, deal):
    registers = [power_meter(deal, f"30011{n}").registers.get() for n in range(6)]

    folded = as_vera.get(POINTS)
    first = press(as_vera, f"open:{registers[0].meter.point_id}", opened=folded)
    both = press(as_vera, f"open:{registers[1].meter.point_id}", opened=first, **{field(registers[0]): "1100"})

    assert 'name="value-' not in folded.content.decode()
    assert value_in(first, registers[0]) == ""
    assert value_in(both, registers[0]) == "1100"
    assert value_in(both, registers[1]) == ""
    assert value_in(both, registers[2]) is None


def test_what_was_typed_travels_with_the_pages_and_is_sent_from_there(as_vera, deal):
    registers = [power_meter(deal, f"3{n:05d}", code=f"{n:03d}").registers.get() for n in range(40)]
    first = press(as_vera, f"open:{registers[0].meter.point_id}")

    second = press(as_vera, "page:2", opened=first, **{field(registers[0]): "1100"})
    sent = press(as_vera, "send", opened=second)

    assert "Страница 2 из 2" in text_of(second)
    assert "Введённое на других страницах списка сохранено" in text_of(second)
    assert "Показания сохранены" in text_of(sent)
    assert Submission.objects.get().register == registers[0]


def test_error_on_another_page_is_reached_through_its_point(as_vera, deal):
    registers = [power_meter(deal, f"3{n:05d}", code=f"{n:03d}").registers.get() for n in range(40)]
    first = press(as_vera, f"open:{registers[0].meter.point_id}")
    second = press(as_vera, "page:2", opened=first, **{field(registers[0]): "12x"})

    failed = press(as_vera, "send", opened=second)
    there = press(as_vera, f"point:{registers[0].meter.point_id}", opened=failed)

    assert f'value="point:{registers[0].meter.point_id}"' in failed.content.decode()
    assert value_in(there, registers[0]) == "12x"


def test_fragment_holds_the_meters_of_one_point(as_vera, deal):
    meter = power_meter(deal, "300111")

    fragment = as_vera.get(f"{POINTS}{meter.point_id}/", headers={"HX-Request": "true"})
    plain = as_vera.get(f"{POINTS}{meter.point_id}/")

    assert "№ 300111" in text_of(fragment)
    assert "<html" not in fragment.content.decode()
    assert plain["Location"] == f"{POINTS}?point={meter.point_id}"


@pytest.mark.spec("BILL-02")
def test_period_closed_while_typing_takes_nothing_and_keeps_what_was_typed(as_vera, b, deal, at):
    at(world.NOW.replace(month=11, day=3))
    BillingPeriod.objects.create(provider=b, month=date(2026, 9, 1), state="closed")
    register = power_meter(deal, "300111").registers.get()
    opened = as_vera.get(POINTS)
    BillingPeriod.objects.create(provider=b, month=date(2026, 10, 1), state="closed")

    response = press(as_vera, "send", opened=opened, **{field(register): "1100"})
    again = press(as_vera, "send", opened=response)

    assert "октябрь 2026" in text_of(opened)
    assert "поставщик закрыл период: введённое не отправлено" in text_of(response)
    assert value_in(response, register) == "1100"
    assert "Показания сохранены" in text_of(again)
    assert Submission.objects.get().month == date(2026, 11, 1)


def test_closed_period_closes_the_fields_and_clears_them(as_vera, b, deal):
    register = power_meter(deal, "300111").registers.get()
    press(as_vera, "send", **{field(register): "1100"})
    BillingPeriod.objects.filter(provider=b).update(state="closed")

    page = as_vera.get(POINTS)

    assert "Период закрыт" in text_of(page)
    assert value_in(page, register) == ""


def test_meter_taken_away_while_typing_is_said_with_what_was_typed(as_vera, deal):
    register, other = (power_meter(deal, number).registers.get() for number in ("300111", "300222"))
    opened = as_vera.get(POINTS)
    Meter.objects.filter(pk=register.meter_id).update(valid_to=world.TODAY)

    response = press(as_vera, "send", opened=opened, **{field(register): "1100", field(other): "1200"})

    assert "Приборы больше не доступны вам" in text_of(response)
    assert "1100" in text_of(response)
    assert Submission.objects.get().register == other


def test_contract_taken_away_while_typing_takes_nothing(as_vera, deal, vera, b):
    register = power_meter(deal, "300111").registers.get()
    world.link(vera, world.contract(b))
    opened = as_vera.get(POINTS)
    Membership.objects.filter(user=vera, contract=deal).update(ended_at=world.NOW)

    response = press(as_vera, "send", opened=opened, **{field(register): "1100"})

    assert "Приборы больше не доступны вам" in text_of(response)
    assert "300111" not in text_of(response)
    assert not Submission.objects.exists()


def test_value_that_a_colleague_sent_meanwhile_is_not_put_aside_unasked(as_vera, b, deal, client):
    register = power_meter(deal, "300111").registers.get()
    boris = world.person(b, "boris@example.com")
    world.link(boris, deal)
    opened = as_vera.get(POINTS)
    press(world.signed_in(client, boris, b), "send", **{field(register): "1110"})

    asked = press(as_vera, "send", opened=opened, **{field(register): "1100"})
    still = press(as_vera, "send", opened=asked)
    press(as_vera, "send", opened=still, **{f"confirm-{register.pk}": "sent_meanwhile"})

    assert "коллега передал другое показание" in text_of(asked)
    assert "Взять 001110,00" in text_of(asked)
    assert "коллега передал другое показание" in text_of(still)
    assert Submission.objects.get(state="sent").value == 1100


@pytest.mark.spec("ROLE-02", "ROLE-05")
def test_roles_decide_who_sends(b, deal, visitor):
    meter = power_meter(deal, "300111")
    beside = power_meter(deal, "300222")
    seen = {}
    for role in Role:
        user = world.person(b, f"{role}@example.com")
        world.link(user, deal, role=role)
        seen[role] = world.signed_in(visitor, user, b).get(POINTS).status_code
    limited = world.person(b, "limited@example.com")
    world.link(limited, deal, role=Role.ENERGY_ENGINEER, points=[meter.point_id])
    page = world.signed_in(visitor, limited, b).get(POINTS)

    assert seen == {role: 403 if role is Role.ACCOUNTANT else 200 for role in Role}
    assert meter.number in text_of(page)
    assert beside.number not in text_of(page)
