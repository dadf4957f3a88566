"""Clauses of the manual's chapters 6 and 8 that a page has to keep: words, days in the provider's zone, warnings."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from kabinet.providers.models import BillingPeriod, Provider
from kabinet.readings.models import Draft, Submission
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]

SEND = "/w/readings/cold-water/"
ARCHIVE = "/w/readings/archive/"


@pytest.fixture
def as_anna(visitor, contract, anna):
    world.link(anna, contract)
    return world.signed_in(visitor, anna, contract.provider)


def page(browser, path=SEND, **query):
    return browser.get(path, query).content.decode()


def text_of(source):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", source))


def press(browser, contract, button, key="one", **more):
    register = contract.registers.earliest("pk")
    typed = {f"value-{register.pk}": more.pop("raw", "243")} | more
    answer = browser.post(SEND, {button: str(contract.pk), f"key-{contract.pk}": key, **typed}, follow=True)
    return answer.content.decode()


def utc(*moment):
    return datetime(*moment, tzinfo=UTC)


@pytest.mark.spec("READ-01")
def test_row_of_a_meter_has_the_words_of_the_manual(as_anna, register):
    register.meter.verification_due = date(2027, 7, 5)
    register.meter.save()

    shown = text_of(page(as_anna))

    for words in (
        f"Номер прибора учёта {register.meter.number}",
        f"Адрес установки прибора учёта {register.meter.point.address}",
        "Марка прибора учёта VLF-R-1.5",
        "Плановая дата поверки 5 июля 2027",
        "Предыдущее показание 00231 м³",
        "Дата предыдущего показания 8 сентября 2026",
        "Текущее показание прибора учёта",
        "Дата текущего показания: 8 октября 2026",
        "Сохранить показания",
        "Передать показания",
    ):
        assert words in shown


@pytest.mark.spec("READ-01", "READ-02")
def test_day_of_a_reading_is_today_in_the_providers_zone_whatever_is_posted(as_anna, contract, at):
    at(utc(2026, 10, 8, 20, 30))

    shown = text_of(page(as_anna))
    press(as_anna, contract, "send", taken_on="2026-10-01", **{f"taken_on-{contract.registers.get().pk}": "2026-10-01"})

    assert "Дата текущего показания: 9 октября 2026" in shown
    assert Submission.objects.get().taken_on == date(2026, 10, 9)


@pytest.mark.spec("READ-02")
@pytest.mark.parametrize(("moment", "taken"), [(utc(2026, 10, 12, 19, 59), 1), (utc(2026, 10, 12, 20, 0), 0)])
def test_window_ends_at_midnight_of_the_providers_zone(as_anna, contract, at, moment, taken):
    at(moment)

    press(as_anna, contract, "send")

    assert Submission.objects.count() == taken


@pytest.mark.spec("READ-02")
def test_day_range_says_before_typing_for_which_period_the_reading_counts(anna, w, contract, at):
    policy = w.policies.get()
    policy.body |= {"window": {"type": "day_range", "from_day": 15, "to_day": 25}}
    policy.save()
    world.link(anna, contract)
    at(utc(2026, 10, 27, 8))

    shown = text_of(page(world.signed_in(Client(), anna, w)))

    assert "Введённое сейчас войдёт в период: ноябрь 2026." in shown
    assert "Передать показания" in shown


@pytest.mark.spec("READ-01")
@pytest.mark.parametrize(
    ("raw", "warning"),
    [("12ab", "Введите только цифры"), ("230", "Меньше предыдущего показания."), ("999", "Расход намного больше")],
)
def test_draft_is_kept_with_a_warning_whatever_is_typed(as_anna, contract, raw, warning):
    shown = press(as_anna, contract, "keep", raw=raw)

    assert Draft.objects.get().raw == raw
    assert "Они ещё не переданы." in shown
    assert warning in shown
    assert "Ошибка" not in shown
    assert warning in page(as_anna)


@pytest.mark.spec("READ-01")
def test_sign_that_no_database_keeps_is_kept_as_unreadable(as_anna, contract):
    press(as_anna, contract, "keep", raw="2\x0040")

    assert Draft.objects.get().raw == "2\ufffd40"


@pytest.mark.spec("READ-01")
def test_taken_value_that_no_database_keeps_is_kept_as_unreadable(as_anna, contract, register):
    press(as_anna, contract, "keep", raw="", **{f"take-{register.pk}": "2\x0040"})

    assert Draft.objects.get().raw == "2\ufffd40"


@pytest.mark.spec("READ-01")
def test_good_draft_is_warned_about_in_nothing(as_anna, contract):
    press(as_anna, contract, "keep", raw="240")

    assert Draft.objects.get().raw == "240"
    assert "_hints" not in page(as_anna)


@pytest.mark.spec("READ-01")
def test_draft_is_kept_only_in_the_window(as_anna, contract, at):
    at(world.NOW - timedelta(days=1))

    shown = press(as_anna, contract, "keep")

    assert "Срок передачи закрыт, сохранить показания нельзя." in shown
    assert not Draft.objects.exists()


@pytest.mark.spec("READ-01")
def test_empty_rows_stay_and_may_go_later(as_anna, contract, register):
    later = world.register_of(world.meter(contract))

    press(as_anna, contract, "send", **{f"value-{later.pk}": ""})
    first = set(Submission.objects.values_list("register_id", flat=True))
    press(as_anna, contract, "send", key="two", **{f"value-{later.pk}": "240"})

    assert first == {register.pk}
    assert set(Submission.objects.values_list("register_id", flat=True)) == {register.pk, later.pk}


@pytest.mark.spec("READ-01")
def test_at_least_one_row_is_filled(as_anna, contract):
    assert "Заполните хотя бы одно показание" in press(as_anna, contract, "send", raw="")
    assert not Submission.objects.exists()


@pytest.mark.spec("READ-01", "READ-02")
def test_sent_row_is_corrected_while_the_window_is_open_and_not_after(as_anna, contract, at):
    press(as_anna, contract, "send")
    press(as_anna, contract, "send", key="two", raw="244")
    at(utc(2026, 10, 13, 8))
    late = press(as_anna, contract, "send", key="three", raw="245")

    assert sorted(Submission.objects.values_list("raw", "state")) == [("243", "superseded"), ("244", "sent")]
    assert "Срок передачи закрыт" in late


@pytest.mark.spec("READ-03")
def test_refused_row_is_red_and_says_why(as_anna, contract):
    press(as_anna, contract, "send")
    Submission.objects.update(state="refused", reason="Прибор снят с учёта")

    shown = page(as_anna)

    assert "meter--refused" in shown
    assert "meter--sent" not in shown
    assert "отклонено Прибор снят с учёта" in text_of(shown)


@pytest.mark.spec("READ-03")
def test_both_messages_are_told_to_screen_readers(as_anna, contract):
    wrong = press(as_anna, contract, "send", raw="12ab")
    right = press(as_anna, contract, "send", key="two")

    alert = re.search(r'<div[^>]*role="alert".*?</ul>', wrong, re.DOTALL)
    live = re.search(r'<div aria-live="polite".*', right, re.DOTALL)
    assert alert
    assert all(
        words in text_of(alert[0]) for words in ("Ошибка", "Передано: 0. Не передано: 1.", "Введите только цифры")
    )
    assert live
    assert "Успешно! Данные переданы" in text_of(live[0])


def field_of(source):
    return re.search(r'<input class="dial__input"[^>]*>', source)[0]


@pytest.mark.spec("BILL-02")
def test_field_clears_when_billing_closes_the_period(as_anna, contract):
    press(as_anna, contract, "send")
    before = field_of(page(as_anna))
    BillingPeriod.objects.filter(month=date(2026, 10, 1)).update(state="closed")

    after = page(as_anna)

    assert 'value="00243"' in before
    assert 'value=""' in field_of(after)
    assert " disabled" in field_of(after)
    assert "Период закрыт" in after
    assert 'value="244"' in field_of(press(as_anna, contract, "send", key="two", raw="244"))


@pytest.mark.spec("REG-04", "PROF-02")
@pytest.mark.parametrize("button", ["send", "keep"])
def test_unconfirmed_person_sends_nothing_and_keeps_what_was_typed(visitor, contract, w, button):
    newcomer = world.person(w, "new@example.com", confirmed=False)
    world.link(newcomer, contract)

    shown = press(world.signed_in(visitor, newcomer, w), contract, button)

    assert "Подтвердите адрес электронной почты: до этого ничего не передано." in shown
    assert "Перейти в профиль" in shown
    assert 'value="243"' in field_of(shown)
    assert not Submission.objects.exists()
    assert not Draft.objects.exists()


@pytest.mark.spec("READ-05")
def test_archive_has_the_words_of_the_manual_and_a_year_at_first(as_anna, contract):
    Provider.objects.update(billing_heard_at=utc(2026, 10, 8, 10, 5))

    source = page(as_anna, ARCHIVE)

    for words in (
        "Архив показаний",
        "Сведения о предыдущих показаниях",
        "Адрес точки подключения",
        "Выбрать адрес",
        "Дата от",
        "Дата до",
        "Применить фильтр",
        "Сбросить фильтр",
        "Результаты поиска",
        f"{contract.customer_name}, №{contract.customer_number}",
        "Номер прибора учёта",
        "Адрес установки прибора учёта",
        "Показания прибора учёта",
        "Дата показаний",
        "Данные обновлены в 14:05, 8 октября 2026",
    ):
        assert words in text_of(source)
    assert 'value="2025-10-08"' in source
    assert 'value="2026-10-08"' in source


@pytest.mark.spec("READ-05")
def test_archive_shows_every_address_and_nothing_older_than_a_year(as_anna, contract, register):
    other = world.meter(contract, showed=None)
    world.accepted(world.register_of(other), "00077", month="2025-10", taken_on=date(2025, 10, 8))
    world.accepted(world.register_of(other), "00070", month="2025-10", taken_on=date(2025, 10, 7))

    shown = text_of(page(as_anna, ARCHIVE))

    assert "231,000" in shown
    assert "77,000" in shown
    assert "70,000" not in shown


@pytest.mark.spec("READ-05")
@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("customer", "передано вами"),
        ("inspector", "снято контролёром"),
        ("ami", "получено автоматически"),
        ("initial", "при установке прибора"),
        ("final", "при снятии прибора"),
        ("estimate", "рассчитано по среднему"),
    ],
)
def test_accepted_readings_of_every_source_are_shown_as_taken(as_anna, register, source, words):
    world.accepted(register, "00240", month="2026-10", taken_on=world.TODAY, source=source)

    assert f"240,000 м³ 8 октября 2026 принято {words}" in text_of(page(as_anna, ARCHIVE))


@pytest.mark.spec("READ-05")
@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("sent", "отправлено"),
        ("passed", "передано в расчёт"),
        ("taken", "принято"),
        ("refused", "отклонено Слишком мало"),
    ],
)
def test_submission_is_shown_with_its_state(as_anna, contract, state, words):
    press(as_anna, contract, "send")
    Submission.objects.update(state=state, reason="Слишком мало" if state == "refused" else "")

    assert f"243,000 м³ 8 октября 2026 {words}" in text_of(page(as_anna, ARCHIVE))


@pytest.mark.spec("READ-05")
def test_taken_submission_and_its_reading_are_one_line(as_anna, contract, register):
    press(as_anna, contract, "send")
    Submission.objects.update(state="taken")
    world.accepted(register, "243", month="2026-10", taken_on=world.TODAY, submission_id=Submission.objects.get().id)

    assert text_of(page(as_anna, ARCHIVE)).count("243,000") == 1


@pytest.mark.spec("READ-17")
def test_dial_is_drawn_with_the_meters_own_figures(as_anna):
    shown = page(as_anna)

    assert "Передавайте только чёрные цифры" in shown
    assert shown.count("dial-drawing__box--red") == 3
    assert "чёрных цифр 5, красных 3" in shown
