"""«Личные данные»: everything of an account on its tabs, for its own people's eyes (CON-06)."""

import re
from datetime import date
from decimal import Decimal

import pytest

from kabinet.billing.rules.charts import height_of, top_of
from kabinet.contracts.values import Role
from kabinet.kernel.periods import Month
from kabinet.readings.models import Submission
from kabinet.tariffs.models import Tariff
from tests import world
from tests.billing import money
from tests.billing.slips import household
from tests.exchange.test_answers import sent

pytestmark = [pytest.mark.django_db, pytest.mark.spec("CON-06"), pytest.mark.usefixtures("october")]


@pytest.fixture
def october(at):
    """The business day is in October 2026, whatever the calendar says."""


@pytest.fixture
def account(p):
    """September as the slips have it, and the eleven months before it by the average, each paid a month later."""
    row = household(p)
    for ago in range(1, 12):
        month = str(Month(2026, 9).plus(-ago))
        money.charge(row, f"{100 + ago}.00", month=month, basis="average")
        money.balance(row, month=month, opening="500.00", charged=f"{100 + ago}.00", paid=f"{100 + ago}.00")
        money.payment(row, f"{100 + ago}.00", month=month, way="Банк", document=f"{ago}")
    return row


@pytest.fixture
def nina(p, account):
    user = world.person(p, "nina@example.com")
    user.phone = "+73412259259"
    user.save()
    world.link(user, account)
    return user


@pytest.fixture
def browser(visitor, nina, p):
    return world.signed_in(visitor, nina, p)


def page(browser, account, tab="electricity", **query):
    response = browser.get(f"/p/personal/{account.pk}/{tab}/", query)
    assert response.status_code == 200
    return " ".join(response.content.decode().replace("\N{NO-BREAK SPACE}", " ").replace("&nbsp;", " ").split())


def test_entry_of_the_menu_shows_the_first_account(browser, account):
    told = browser.get("/p/personal/").content.decode()

    assert "111222333" in told
    assert f'action="/p/personal/{account.pk}/electricity/#period"' in told


def test_holder_address_mail_and_phone_are_told(browser, account):
    told = page(browser, account)

    for words in ("111222333", "Иванова Наталья Николаевна", "г Ижевск, ул. Южное шоссе, д. 2в, кв. 52",
                  "nina@example.com", "+7 3412 25-92-59"):  # fmt: skip
        assert words in told, words


@pytest.mark.parametrize(
    ("tab", "words"),
    [
        ("electricity", ["СЭТ-1", "Т1 день, Т2 ночь", "04580", "02201", "сентябрь 2026", "393,69"]),
        ("hot-water", ["СВГ-15, Санузел", "00036 м³", "1 094,77"]),
        ("heat", ["Приборов учёта этого ресурса на счёте нет", "по нормативу", "1 796,59"]),
        ("common-needs", ["30,31 кВт·ч", "2,43", "73,65"]),
    ],
)
def test_tab_has_its_resource(browser, account, tab, words):
    told = page(browser, account, tab)

    for each in words:
        assert each in told, each


def test_month_adds_up_to_the_kopeck(browser, account):
    told = page(browser, account, month="2026-09")

    detail = told.split('id="month"', 1)[1]
    sums = dict(re.findall(r"<dt>([^<]+)</dt><dd class=\"num\">([^<]+)</dd>", detail))
    exact = {name: Decimal(text.split(" ₽")[0].replace(",", ".").replace("−", "-")) for name, text in sums.items()}
    assert list(exact) == ["На начало месяца", "Начислено", "Перерасчёт", "Пени", "Оплачено", "На конец месяца"]
    opening, charged, recalculated, penalty, paid, closing = exact.values()
    assert closing == opening + charged + recalculated + penalty - paid == Decimal("432.54")
    assert "382,54" in detail


def test_chart_has_the_figures_of_the_table(browser, account):
    told = page(browser, account)

    titles = re.findall(r'<li title="([^"]+)"', told)
    assert len(titles) == 11, "from November of last year to September"
    assert titles[-1] == "сентябрь 2026: 393,69 ₽, 450,00 ₽"
    assert titles[0] == "ноябрь 2025: 110,00 ₽, 110,00 ₽"
    for title in titles:
        name, charged, paid = re.match(r"(.+): (.+) ₽, (.+) ₽", title).groups()
        row = next(row for row in told.split("<tr>") if f">{name}</a>" in row)
        assert f">{charged}</td>" in row
        assert f">{paid}</td>" in row


def test_months_without_readings_are_marked_with_their_basis(browser, account):
    told = page(browser, account)

    assert 'ноябрь 2025</a> <span class="tag tag--estimated">по среднему</span>' in told
    assert "сентябрь 2026</a> <span" not in told
    assert told.count("chart__charged--estimated") == 10


def test_period_is_chosen_and_turned_round_when_it_is_backwards(browser, account):
    told = page(browser, account, since="2026-03", until="2026-01")

    assert [name for name in ("январь", "февраль", "март") if f"{name} 2026</a>" in told] == [
        "январь",
        "февраль",
        "март",
    ]
    assert "апрель 2026</a>" not in told
    assert "февраль 2026: " in told
    assert "№ 7" in told
    assert "№ 5" not in told


@pytest.mark.parametrize("query", [{"since": "x"}, {"until": "2026-13"}, {"month": "мая"}, {"since": "1900-01"}])
def test_period_that_is_none_counts_as_not_chosen(browser, account, query):
    assert "Начисления и оплата по месяцам" in page(browser, account, **query)


def test_readings_stand_with_their_source_and_state(browser, account, nina):
    register = account.registers.filter(zone="day").get()
    sent(register, value="4650", state="refused", reason="Не похоже на счётчик.")
    world.accepted(register, "4500", month="2026-08", taken_on=date(2026, 8, 31), source="estimate")

    told = page(browser, account)

    assert "передано вами" in told
    assert "отклонено" in told
    assert "Не похоже на счётчик." in told
    assert '<span class="tag tag--estimated">рассчитано по среднему</span>' in told
    assert Submission.objects.count() == 1


def test_sent_reading_that_was_accepted_is_told_once(browser, account):
    register = account.registers.filter(zone="day").get()
    row = sent(register, value="4650", state="taken")
    world.accepted(register, "4650", month="2026-10", taken_on=world.TODAY, submission_id=row.id)

    assert page(browser, account).count("04650") == 1


@pytest.mark.spec("CALC-01")
def test_prices_in_force_are_those_of_the_accounts_zones(browser, account, p):
    for zones, zone, price in ((1, "single", "2.43"), (2, "day", "2.80"), (2, "night", "1.54")):
        Tariff.objects.create(
            provider=p, resource="electricity", unit="kwh", zones=zones, zone=zone, price=Decimal(price),
            valid_from=world.LONG_AGO,
        )  # fmt: skip

    told = page(browser, account)

    assert "2,80 ₽/кВт·ч" in told
    assert "1,54 ₽/кВт·ч" in told
    assert "2,43 ₽/кВт·ч" not in told


def test_hot_water_has_two_prices(browser, account, p):
    for unit, price in (("m3", "39.52"), ("gcal", "2418.64")):
        Tariff.objects.create(
            provider=p, resource="hot_water", unit=unit, price=Decimal(price), valid_from=world.LONG_AGO
        )

    told = page(browser, account, "hot-water")

    assert 'Вода</dt><dd class="num">39,52 ₽/м³' in told
    assert 'Тепловая энергия</dt><dd class="num">2 418,64 ₽/Гкал' in told


@pytest.mark.spec("REG-03")
def test_account_of_which_billing_told_nothing_is_loading(browser, nina, p):
    other = world.household(p, "111222334", flat=53)
    world.link(nina, other)

    told = page(browser, other)

    assert "Данные загружаются" in told
    assert "111222334" in told


def test_several_accounts_are_switched(browser, nina, p, account):
    other = world.household(p, "111222334", flat=53)
    world.link(nina, other)

    assert f'value="{other.pk}"' in page(browser, account)
    shown = browser.get("/p/personal/", {"contract": other.pk}).content.decode()
    assert f"/p/personal/{other.pk}/heat/" in shown


def test_stranger_and_missing_are_the_same(browser, p):
    strange = world.household(p, "999888777", flat=7)

    answers = [browser.get(f"/p/personal/{pk}/electricity/") for pk in (strange.pk, "0" * 8 + str(strange.pk)[8:])]

    assert [answer.status_code for answer in answers] == [404, 404]


def test_tab_that_is_none_is_not_there(browser, account):
    assert browser.get(f"/p/personal/{account.pk}/gas/").status_code == 404


def test_who_may_not_see_money_sees_readings_and_who_may_not_readings_money(visitor, p, account):
    seen = {}
    for role in (Role.ENERGY_ENGINEER, Role.ACCOUNTANT):
        user = world.person(p, f"{role}@example.com")
        world.link(user, account, role=role)
        seen[role] = page(world.signed_in(visitor, user, p), account)

    assert "04580" in seen[Role.ENERGY_ENGINEER]
    assert "393,69" not in seen[Role.ENERGY_ENGINEER]
    assert "Данные загружаются" not in seen[Role.ENERGY_ENGINEER]
    assert "04580" not in seen[Role.ACCOUNTANT]
    assert "393,69" in seen[Role.ACCOUNTANT]


def test_person_without_accounts_is_told_what_to_do(visitor, p):
    told = world.signed_in(visitor, world.person(p, "new@example.com"), p).get("/p/personal/").content.decode()

    assert "Лицевых счетов пока нет" in told


@pytest.mark.parametrize(
    ("value", "height"), [("-5", 0), ("0", 0), ("0.01", 1), ("50", 50), ("99.5", 100), ("99.4", 99), ("100", 100)]
)
def test_bars_are_whole_hundredths_and_none_vanishes(value, height):
    assert height_of(Decimal(value), top=Decimal(100)) == height
    assert height_of(Decimal(value), top=Decimal(0)) == 0


def test_highest_bar_is_never_below_nought():
    assert top_of([Decimal(-5)]) == 0
    assert top_of([Decimal(3), Decimal(7)]) == 7
