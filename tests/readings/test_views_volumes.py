"""«Передача объемов по стокам ГВС» and its archive as a person meets them."""

import re
from datetime import date, timedelta

import pytest

from kabinet.contracts.values import Role
from kabinet.providers.models import BillingPeriod
from kabinet.readings.models import SewageVolume, VolumeDraft
from tests import world
from tests.readings.test_volumes import accepted, send

PAGE = "/w/readings/sewage-volumes/"
ARCHIVE = "/w/readings/archive/sewage-volumes/"

pytestmark = pytest.mark.usefixtures("at")


@pytest.fixture
def contract(contract):
    contract.has_hot_water = True
    contract.save(update_fields=["has_hot_water"])
    return contract


@pytest.fixture
def point(contract):
    return contract.points.get()


@pytest.fixture
def as_anna(visitor, contract, anna):
    world.link(anna, contract)
    return world.signed_in(visitor, anna, contract.provider)


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def press(client, contract, button, *rows, **more):
    typed = {f"volume-{point.pk}": raw for point, raw in rows}
    return client.post(PAGE, {button: str(contract.pk), f"key-{contract.pk}": "one", **typed, **more}, follow=True)


@pytest.mark.spec("READ-04", "READ-02")
def test_page_has_the_words_of_the_manual(as_anna, point):
    accepted(point, "6,5".replace(",", "."), month="2026-09")

    text = text_of(as_anna.get(PAGE))

    for words in ("Передача объемов по стокам ГВС", "Срок передачи до 10 чисел(ла) текущего месяца", "Отчётный период",
                  "октябрь 2026", "Адрес установки прибора учета", point.address, "Предыдущий объем", "6,500 м³",
                  "Дата предыдущего показания", "8 сентября 2026", "Текущий объем", "Дата текущего показания",
                  "8 октября 2026", "Сохранить значения", "Передать значения"):  # fmt: skip
        assert words in text


@pytest.mark.spec("READ-03", "READ-04")
def test_all_sent_says_success_and_paints_the_row_green(as_anna, contract, point):
    response = press(as_anna, contract, "send", (point, "7,125"))

    assert "Успешно! Данные переданы" in text_of(response)
    assert "meter--sent" in response.content.decode()
    assert 'value="7,125"' in response.content.decode()


@pytest.mark.spec("READ-03", "READ-04")
def test_mixed_sending_names_both_counts_and_keeps_what_was_typed(as_anna, contract, point):
    wrong = world.meter(contract).point

    response = press(as_anna, contract, "send", (point, "7"), (wrong, "1,2345"))

    assert "Передано: 1. Не передано: 1." in text_of(response)
    assert "После запятой не больше трёх цифр." in text_of(response)
    assert 'value="1,2345"' in response.content.decode()


def test_unusual_volume_is_asked_about_and_then_goes(as_anna, contract, point):
    asked = press(as_anna, contract, "send", (point, "900"))
    sent = press(as_anna, contract, "send", (point, "900"), **{f"confirm-{point.pk}": "consumption_too_high"})

    assert "Объём намного больше обычного." in text_of(asked)
    assert "Успешно! Данные переданы" in text_of(sent)


def test_nothing_filled_is_an_error_and_sends_nothing(as_anna, contract, point):
    response = press(as_anna, contract, "send", (point, " "))

    assert "Заполните хотя бы один объём" in text_of(response)
    assert not SewageVolume.objects.exists()


@pytest.mark.spec("READ-04")
def test_draft_is_kept_and_stands_in_the_field(as_anna, contract, point):
    response = press(as_anna, contract, "keep", (point, "7x"))

    assert "Значения сохранены: 1." in text_of(response)
    assert 'value="7x"' in response.content.decode()
    assert VolumeDraft.objects.get().raw == "7x"
    assert "Введите число" in text_of(response)
    assert "Введите число" in text_of(as_anna.get(PAGE))
    assert "Ошибка" not in text_of(response)


@pytest.mark.spec("READ-04")
def test_helper_puts_the_difference_into_the_field_and_sends_nothing(as_anna, contract, point):
    response = as_anna.post(
        PAGE, {"count": point.pk, f"volume-{point.pk}": "", f"earlier-{point.pk}": "36,5", f"later-{point.pk}": "42"}
    )

    assert f'name="volume-{point.pk}" value="5,5"' in response.content.decode()
    assert "Объём 5,500 м³ подставлен в поле." in text_of(response)
    assert not SewageVolume.objects.exists()


def test_helper_says_what_is_wrong(as_anna, contract, point):
    response = as_anna.post(
        PAGE, {"count": point.pk, f"volume-{point.pk}": "3", f"earlier-{point.pk}": "500", f"later-{point.pk}": "400"}
    )

    assert "Текущее показание меньше предыдущего" in text_of(response)
    assert f'name="volume-{point.pk}" value="3"' in response.content.decode()


@pytest.mark.spec("READ-02")
def test_closed_window_says_when_it_opens(as_anna, at):
    at(world.NOW - timedelta(days=2))

    response = as_anna.get(PAGE)

    assert "Объёмы принимаются с 8 октября 2026 по 12 октября 2026 включительно" in text_of(response)
    assert "Передать значения" not in text_of(response)
    assert " disabled" in response.content.decode()


@pytest.mark.spec("READ-04")
def test_without_hot_water_the_page_says_so(as_anna, contract):
    contract.has_hot_water = False
    contract.save(update_fields=["has_hot_water"])

    assert "Горячей воды по вашим договорам нет" in text_of(as_anna.get(PAGE))


def test_without_contracts_the_page_offers_to_link_one(visitor, w, clara):
    text = text_of(world.signed_in(visitor, clara, w).get(PAGE))

    assert "Договоров пока нет" in text


@pytest.mark.spec("ROLE-02")
@pytest.mark.parametrize(("role", "status"), [(Role.ACCOUNTANT, 403), (Role.ENERGY_ENGINEER, 200)])
def test_pages_are_for_roles_of_readings(visitor, contract, boris, role, status):
    world.link(boris, contract, role=role)
    client = world.signed_in(visitor, boris, contract.provider)

    assert [client.get(PAGE).status_code, client.get(ARCHIVE).status_code] == [status, status]


@pytest.mark.spec("ROLE-02")
def test_accountant_of_this_contract_is_told_whom_to_ask(visitor, contract, point, boris):
    world.link(boris, contract, role=Role.ACCOUNTANT)
    world.link(boris, world.contract(contract.provider))
    client = world.signed_in(visitor, boris, contract.provider)

    response = press(client, contract, "send", (point, "7"))

    assert response.status_code == 403
    assert "Попросите Администратора договора" in text_of(response)
    assert not SewageVolume.objects.exists()


def test_stranger_and_other_provider_find_nothing(visitor, contract, point, clara, v):
    foreign = world.contract(v, has_hot_water=True)
    theirs = world.meter(foreign).point
    client = world.signed_in(visitor, clara, contract.provider)

    for target, at_point in ((contract, point), (foreign, theirs)):
        assert press(client, target, "send", (at_point, "7")).status_code == 404
        assert press(client, target, "keep", (at_point, "7")).status_code == 404
    assert not SewageVolume.objects.exists()


@pytest.mark.spec("READ-04", "READ-05")
def test_archive_shows_volumes_under_their_own_tab(as_anna, contract, point, anna):
    accepted(point, "6.5", month="2026-09")
    send(contract, anna, (point, "7"))

    text = text_of(as_anna.get(ARCHIVE))

    assert "Объёмы по стокам ГВС" in text
    assert f"{contract.customer_name}, №{contract.customer_number}" in text
    assert "6,500 м³" in text
    assert "7,000 м³" in text
    assert "отправлено" in text
    assert "принято" in text


def test_archive_shows_a_taken_volume_once(as_anna, contract, point, anna):
    send(contract, anna, (point, "7"))
    volume = SewageVolume.objects.get()
    SewageVolume.objects.update(state="taken")
    accepted(point, "7", month="2026-10", submission_id=volume.id)

    assert text_of(as_anna.get(ARCHIVE)).count("7,000 м³") == 1


def test_archive_keeps_to_the_points_of_a_limited_role(visitor, contract, point, boris):
    other = world.meter(contract).point
    accepted(other, "6.5", month="2026-09")
    world.link(boris, contract, points=[point.pk])
    client = world.signed_in(visitor, boris, contract.provider)

    assert "6,500" not in text_of(client.get(ARCHIVE))
    assert other.address not in text_of(client.get(ARCHIVE, {"point": other.pk}))


@pytest.mark.spec("BILL-02", "READ-04")
def test_field_clears_when_billing_closes_the_period(as_anna, contract, point):
    press(as_anna, contract, "send", (point, "7"))
    before = as_anna.get(PAGE).content.decode()
    BillingPeriod.objects.filter(month=date(2026, 10, 1)).update(state="closed")

    after = as_anna.get(PAGE).content.decode()

    assert 'value="7"' in before
    assert 'value="7"' not in after
    assert "Период закрыт" in after


@pytest.mark.spec("READ-04")
@pytest.mark.parametrize(
    ("raw", "stored"), [("6,5", "6.5000"), ("6.5", "6.5000"), ("0", "0.0000"), ("6,125", "6.1250"), ("12", "12.0000")]
)
def test_volume_is_typed_with_comma_or_point_and_up_to_three_decimals(as_anna, contract, point, raw, stored):
    press(as_anna, contract, "send", (point, raw))

    assert str(SewageVolume.objects.get().value) == stored


@pytest.mark.spec("READ-04")
@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("6,1234", "После запятой не больше трёх цифр."),
        ("-1", "Объём не бывает меньше нуля."),
        ("шесть", "Введите число"),
    ],
)
def test_what_is_no_volume_is_refused_at_its_row(as_anna, contract, point, raw, words):
    response = press(as_anna, contract, "send", (point, raw))

    assert words in text_of(response)
    assert "Ошибка" in text_of(response)
    assert f'value="{raw}"' in response.content.decode()
    assert not SewageVolume.objects.exists()


@pytest.mark.spec("READ-04", "READ-03", "BILL-02")
def test_volume_refused_by_billing_is_red_and_says_why(as_anna, contract, point):
    press(as_anna, contract, "send", (point, "7"))
    SewageVolume.objects.update(state="refused", reason="Больше, чем пришло воды")

    page, archive = as_anna.get(PAGE), as_anna.get(ARCHIVE)

    assert "meter--refused" in page.content.decode()
    assert "отклонено Больше, чем пришло воды" in text_of(page)
    assert "отклонено Больше, чем пришло воды" in text_of(archive)


@pytest.mark.spec("READ-04")
def test_sent_volume_is_corrected_while_the_window_is_open_and_not_after(as_anna, contract, point, at):
    press(as_anna, contract, "send", (point, "7"))
    press(as_anna, contract, "send", (point, "8"), **{f"key-{contract.pk}": "two"})
    at(world.NOW + timedelta(days=5))
    press(as_anna, contract, "send", (point, "9"), **{f"key-{contract.pk}": "three"})

    assert sorted(SewageVolume.objects.values_list("raw", "state")) == [("7", "superseded"), ("8", "sent")]
