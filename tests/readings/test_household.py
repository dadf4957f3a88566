"""The form of a flat, its check screen and what is sent by it (READ-07, READ-08)."""

import pytest

from kabinet.contracts.values import Role
from kabinet.infra.models import AuditRow, Event, OutgoingLetter
from kabinet.readings.models import MeterClaim, Submission
from tests import world
from tests.readings import flats
from tests.readings.sending import text_of

pytestmark = pytest.mark.usefixtures("at")

NINA = "nina@example.com"


@pytest.fixture
def nina(p):
    return world.person(p, NINA)


@pytest.fixture
def visitor(client, nina, p):
    return world.signed_in(client, nina, p)


def check(visitor, flat, fields):
    return flats.press(visitor, flat, fields, "check")


def send(visitor, flat, fields, **more):
    seen = check(visitor, flat, fields)
    return flats.press(visitor, flat, more, "send", before=seen)


@pytest.mark.spec("READ-07")
def test_form_shows_account_tabs_and_fields_by_zone(visitor, flat):
    flats.power(flat, showed=("212", "220"), number="11228081")
    flats.hot_water(flat, number="011774")

    electric = text_of(visitor.get("/p/readings/household/"))
    water = text_of(visitor.get(flats.url_of(flat) + "?tab=hot_water"))

    for words in (flat.number, "Ул. Южное шоссе д. 28, кв. 52", "Электроэнергия", "Горячая вода", "№11228081"):
        assert words in electric
    for words in ("1-тарифный", "2-тарифный", "3-тарифный", "день", "ночь", "T1", "T2", "кВт.ч"):
        assert words in electric
    assert "полупик" not in electric.partition("№11228081")[2].partition("Как верно")[0].replace("и полупик", "")
    for words in ("№011774", "Санузел", "куб.м"):
        assert words in water


@pytest.mark.spec("READ-07")
def test_tariff_numbers_are_those_of_the_meter(visitor, flat):
    meter = flats.power(flat, showed=("1", "2", "3"))
    meter.registers.filter(zone="night").update(tariff_number=3)
    meter.registers.filter(zone="half_peak").update(tariff_number=2)

    page = visitor.get(flats.url_of(flat)).content.decode()

    selects = page.split("<select")[1:]
    assert ['value="1" selected' in selects[0], 'value="3" selected' in selects[1], 'value="2" selected' in selects[2]]
    assert all(f'value="{number}" selected' in select for number, select in zip((1, 3, 2), selects, strict=True))


@pytest.mark.spec("READ-08")
def test_check_screen_repeats_the_example_of_the_manual(visitor, flat, nina):
    nina.phone = "+78312556886"
    nina.save()
    meter = flats.power(flat, showed=("212", "220"), number="11228081")

    page = check(visitor, flat, flats.values_of(meter, "256", "246"))

    words = text_of(page)
    assert "Пожалуйста, проверьте правильность данных перед отправкой." in words
    for fact in (flat.number, "Ул. Южное шоссе д. 28, кв. 52", "Иванова Н.Н.", "255-68-86", "Электроэнергия"):
        assert fact in words
    assert "11228081 T1 00212 00256 44" in words
    assert "11228081 T2 00220 00246 26" in words
    assert f'value="{NINA}"' in page.content.decode()
    assert not Submission.objects.exists()


@pytest.mark.spec("READ-08")
def test_hot_water_of_the_manual_with_its_place(visitor, flat):
    meter = flats.hot_water(flat, showed="36", number="011774")

    words = text_of(check(visitor, flat, flats.values_of(meter, "42")))

    assert "011774 Санузел 00036 00042 6" in words


@pytest.mark.spec("READ-08")
def test_sending_stores_thanks_and_writes_a_letter(visitor, flat):
    meter = flats.power(flat, showed=("212", "220"))
    water = flats.hot_water(flat)
    fields = flats.values_of(meter, "256", "246") | flats.values_of(water, "42")

    answer = send(visitor, flat, fields, email="other@example.com")
    thanks = text_of(visitor.get(answer.url))

    assert "Спасибо!" in thanks
    assert "Показания вашего счетчика были успешно отправлены." in thanks
    # The last word is a link, and the text of a page has a gap after it.
    assert "Для расчета стоимости потребленной энергии воспользуйтесь калькулятором" in thanks
    assert sorted(int(row.value) for row in Submission.objects.all()) == [42, 246, 256]
    letter = OutgoingLetter.objects.get(template="readings/received")
    assert letter.to == "other@example.com"
    assert f"№ {meter.number}, Т1: 00256, расход 44 кВт·ч" in letter.text
    assert AuditRow.objects.filter(act="readings.sent", contract_id=flat.pk).count() == 1
    assert Event.objects.filter(kind="readings.sent").count() == 3


@pytest.mark.spec("READ-08")
def test_without_an_address_no_letter_is_written(visitor, flat):
    meter = flats.hot_water(flat)

    send(visitor, flat, flats.values_of(meter, "42"), email="")

    assert Submission.objects.count() == 1
    assert not OutgoingLetter.objects.exists()


@pytest.mark.spec("READ-08")
def test_mailbox_with_too_many_letters_gets_no_more_and_readings_go(visitor, flat):
    meter = flats.hot_water(flat)

    for value in range(40, 47):
        send(visitor, flat, flats.values_of(meter, str(value)), email="victim@example.com")

    assert Submission.objects.count() == 7
    assert OutgoingLetter.objects.filter(to="victim@example.com").count() == 5


@pytest.mark.spec("READ-08")
def test_pressed_twice_is_sent_once(visitor, flat):
    meter = flats.hot_water(flat)
    seen = check(visitor, flat, flats.values_of(meter, "42"))

    answers = [flats.press(visitor, flat, {"email": NINA}, "send", before=seen) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Submission.objects.count() == 1
    assert OutgoingLetter.objects.count() == 1


@pytest.mark.spec("READ-08")
def test_other_values_under_the_same_key_are_offered_as_a_correction(visitor, flat):
    meter = flats.hot_water(flat)
    seen = check(visitor, flat, flats.values_of(meter, "42"))
    flats.press(visitor, flat, {}, "send", before=seen)

    again = flats.press(visitor, flat, flats.values_of(meter, "43"), "send", before=seen)
    flats.press(visitor, flat, {}, "send", before=again)

    assert again.status_code == 409
    assert "С этой страницы показания уже отправлены" in text_of(again)
    assert [(int(row.value), row.state) for row in Submission.objects.order_by("sent_at", "id")] == [
        (42, "superseded"),
        (43, "sent"),
    ]


@pytest.mark.spec("READ-08")
def test_editing_keeps_what_was_typed(visitor, flat):
    meter = flats.power(flat, showed=("212", "220"))
    seen = check(visitor, flat, flats.values_of(meter, "256", "246"))

    form = flats.press(visitor, flat, {"email": "x@example.com"}, "edit", before=seen).content.decode()

    assert 'value="256"' in form
    assert 'value="246"' in form
    assert 'name="email" value="x@example.com"' in form


@pytest.mark.spec("READ-07")
def test_other_tab_forgets_nothing(visitor, flat):
    meter = flats.power(flat)
    water = flats.hot_water(flat)

    page = flats.press(visitor, flat, flats.values_of(meter, "4680"), "tab:hot_water")
    seen = flats.press(visitor, flat, flats.values_of(water, "42"), "check", before=page)

    assert "04680 100" in text_of(seen)
    assert "00042 6" in text_of(seen)


@pytest.mark.spec("READ-07")
@pytest.mark.parametrize(
    ("values", "numbers", "words"),
    [
        (("256", ""), (1, 2), "Заполните все поля этого счётчика"),
        (("256", "246"), (1, ""), "Укажите номер тарифа у каждого поля"),
        (("256", "246"), (2, 2), "Номера тарифов повторяются"),
        (("25x", "246"), (1, 2), "Введите только цифры, как на счётчике."),
    ],
)
def test_form_says_what_to_mend_and_keeps_the_rest(visitor, flat, values, numbers, words):
    meter = flats.power(flat, showed=("212", "220"))

    page = check(visitor, flat, flats.values_of(meter, *values) | flats.numbers_of(meter, *numbers))

    assert words in text_of(page)
    assert f'value="{values[0]}"' in page.content.decode()
    assert "перед отправкой" not in text_of(page)


@pytest.mark.spec("READ-07")
def test_nothing_typed_is_said(visitor, flat):
    flats.power(flat)

    assert "Заполните хотя бы одно показание." in text_of(check(visitor, flat, {}))


@pytest.mark.spec("READ-07")
def test_other_numbers_are_asked_about_once_and_told_to_billing(visitor, flat):
    meter = flats.power(flat, showed=("212", "220"))
    fields = flats.values_of(meter, "256", "246") | flats.numbers_of(meter, 2, 1)

    asked = check(visitor, flat, fields)
    agreed = fields | {f"agree-{meter.pk}": "on"}
    send(visitor, flat, agreed)
    again = check(visitor, flat, flats.values_of(meter, "257", "247") | flats.numbers_of(meter, 2, 1))

    assert "По данным поставщика: день — T1, ночь — T2. Как на самом счётчике?" in text_of(asked)
    assert "T2 00212 00257 45" in text_of(again)
    claim = MeterClaim.objects.get()
    assert (claim.kind, claim.numbers) == ("tariff_numbers", {"day": 2, "night": 1})
    payload = Event.objects.get(kind="readings.meter_claimed").payload
    assert (payload["meter"], payload["numbers"]) == (meter.external_id, {"day": 2, "night": 1})
    assert {(row.register.zone, int(row.value)) for row in Submission.objects.all()} == {("day", 256), ("night", 246)}


@pytest.mark.spec("READ-07")
def test_numbers_can_be_put_back_by_one_press(visitor, flat):
    meter = flats.power(flat, showed=("212", "220"))
    fields = flats.values_of(meter, "256", "246") | flats.numbers_of(meter, 2, 1)

    seen = flats.press(visitor, flat, fields, f"mend:{meter.pk}")

    assert "T1 00212 00256 44" in text_of(seen)


@pytest.mark.spec("READ-07")
def test_meter_of_another_type_is_asked_about_and_told_with_its_values(visitor, flat):
    meter = flats.power(flat, showed=("212",))
    chosen = flats.press(visitor, flat, {}, f"choose:{meter.pk}:2")
    spot = {f"claim-{meter.pk}-{zone}": value for zone, value in (("day", "150"), ("night", "90"))}
    numbers = {f"tariff-{meter.pk}-day": "1", f"tariff-{meter.pk}-night": "2", f"type-{meter.pk}": "2"}

    asked = flats.press(visitor, flat, spot | numbers, "check")
    answer = send(visitor, flat, spot | numbers | {f"agree-{meter.pk}": "on"}, email=NINA)

    assert f'name="claim-{meter.pk}-night"' in chosen.content.decode()
    assert "По данным поставщика: 1-тарифный" in text_of(asked)
    assert answer.status_code == 302
    claim = MeterClaim.objects.get()
    assert (claim.kind, claim.tariffs, claim.values) == ("meter_type", 2, {"day": "150", "night": "90"})
    assert not Submission.objects.exists()
    assert "2-тарифный" in OutgoingLetter.objects.get().text


@pytest.mark.spec("READ-02")
def test_other_days_count_for_the_next_period_and_the_page_says_so_before(visitor, flat):
    meter = flats.power(flat)

    page = text_of(visitor.get(flats.url_of(flat)))
    send(visitor, flat, flats.values_of(meter, "4680"))

    assert "введённое сейчас войдёт в следующий период — октябрь 2026" in page
    assert str(Submission.objects.get().month) == "2026-10-01"


@pytest.mark.spec("READ-07")
def test_several_accounts_can_be_switched(visitor, flat, p, nina):
    other = flats.account(p, nina)
    flats.power(other)

    page = visitor.get(flats.url_of(flat)).content.decode()

    assert f'href="{flats.url_of(other)}"' in page


@pytest.mark.spec("READ-07")
def test_stranger_finds_no_account_and_accountant_may_not_send(client, flat, p, nina):
    stranger = world.person(p, "stranger@example.com")
    accountant = world.person(p, "accountant@example.com")
    world.link(accountant, flat, role=Role.ACCOUNTANT)

    assert world.signed_in(client, stranger, p).get(flats.url_of(flat)).status_code == 404
    assert world.signed_in(client, accountant, p).get(flats.url_of(flat)).status_code == 403


@pytest.mark.spec("READ-07")
def test_meter_of_another_account_is_not_taken(visitor, flat, p):
    alien = flats.power(flats.account(p))
    own = flats.power(flat)

    send(visitor, flat, flats.values_of(own, "4680") | flats.values_of(alien, "4680"))

    assert [row.contract_id for row in Submission.objects.all()] == [flat.pk]


@pytest.mark.spec("READ-07")
def test_without_accounts_and_meters_the_page_says_what_comes(visitor, p, nina):
    nothing = text_of(visitor.get("/p/readings/household/"))
    empty = flats.account(p, nina)

    assert "Лицевых счетов пока нет" in nothing
    assert "Данные загружаются" in text_of(visitor.get(flats.url_of(empty)))


@pytest.mark.spec("READ-08")
def test_sent_values_stay_and_sending_them_again_changes_nothing(visitor, flat):
    meter = flats.hot_water(flat)
    send(visitor, flat, flats.values_of(meter, "42"))

    page = visitor.get(flats.url_of(flat)).content.decode()
    again = text_of(check(visitor, flat, flats.values_of(meter, "42")))

    assert 'value="00042"' in page
    assert "Эти показания уже переданы" in again
    assert Submission.objects.count() == 1


@pytest.mark.spec("READ-08")
def test_address_that_is_none_is_named_and_nothing_goes(visitor, flat):
    meter = flats.hot_water(flat)

    page = send(visitor, flat, flats.values_of(meter, "42"), email="нет")

    assert "Это не адрес электронной почты." in text_of(page)
    assert not Submission.objects.exists()


@pytest.mark.spec("READ-07")
def test_another_type_of_meter_and_back_forgets_nothing(visitor, flat):
    meter = flats.power(flat, showed=("212", "220"))

    other = flats.press(visitor, flat, flats.values_of(meter, "256", "246"), f"choose:{meter.pk}:3")
    back = flats.press(visitor, flat, {}, f"choose:{meter.pk}:2", before=other).content.decode()

    assert 'value="256"' in back
    assert 'value="246"' in back
