"""«Печать квитанции»: the page, the printed slip, and the code on it say one sum (PAY-04)."""

from decimal import Decimal

import pytest

from kabinet.billing.models import Balance, Charge
from kabinet.billing.selectors.slips import slip_of
from kabinet.billing.services import slips as services
from kabinet.billing.values.slips import MonthSums
from kabinet.contracts.values import MembershipValue, Role, Viewer
from kabinet.infra import ids
from kabinet.kernel.periods import Month
from tests import world
from tests.billing import money
from tests.billing.slips import TO_PAY, codes, household, pages
from tests.refusals import again

pytestmark = [pytest.mark.django_db, pytest.mark.spec("PAY-04")]
SEPTEMBER = Month(2026, 9)


@pytest.fixture(autouse=True)
def _printed_here(settings, tmp_path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def account(p):
    return household(p)


@pytest.fixture
def nina(p, account):
    user = world.person(p, "nina@example.com")
    world.link(user, account)
    return user


@pytest.fixture
def browser(visitor, nina, p):
    return world.signed_in(visitor, nina, p)


def eyes(contract):
    held = MembershipValue(contract.pk, Role.MANAGER)
    return Viewer(ids.new(), ids.new(), contract.provider_id, True, "Нина", (held,))


def file_of(account, month="2026-09"):
    return f"/p/slip/{account.pk}/{month}/"


def printed(browser, account, month="2026-09"):
    response = browser.get(file_of(account, month))
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    return response.content


def test_code_on_paper_says_the_sum_of_the_page(browser, account):
    page = browser.get("/p/slip/").content.decode()
    pdf = printed(browser, account)

    ((fields, level, side),) = codes(pdf)
    assert fields["Sum"] == str(TO_PAY * 100).partition(".")[0] == "322390"
    assert "3\N{NO-BREAK SPACE}223,90\N{NO-BREAK SPACE}₽" in page
    assert "3 223,90 ₽" in text_of(pdf)
    assert level == "M"
    assert side >= 30


def text_of(pdf):
    return " ".join("".join(pages(pdf)).split())


def test_code_names_payee_account_and_month(browser, account, p):
    ((fields, _level, _side),) = codes(printed(browser, account))

    assert (fields["Name"], fields["PersonalAcc"], fields["BIC"]) == (p.name, "40702810300000000018", "049401999")
    assert (fields["PersAcc"], fields["PaymPeriod"], fields["TechCode"]) == ("111222333", "0926", "02")
    assert (fields["LastName"], fields["FirstName"]) == ("Иванова", "Наталья")
    assert fields["Purpose"] == "Оплата за сентябрь 2026, лицевой счёт 111222333"


def test_one_page_holds_all_resources_readings_and_sums(browser, account):
    pdf = printed(browser, account)

    assert len(pages(pdf)) == 1
    text = text_of(pdf)
    for words in ("Электроэнергия", "Горячая вода", "Отопление", "по нормативу", "Перерасчёт", "−12,30", "1,15",
                  "04480", "04580", "передано вами, 20 сентября 2026", "К оплате до 15 октября 2026", "111222333",
                  "382,54", "Южное шоссе, д. 2в, кв. 52", "049401999", "2 418,64", "0,3546 Гкал"):  # fmt: skip
        assert words in text, words


def test_lines_and_months_add_up_to_the_kopeck(account):
    slip = slip_of(eyes(account), account.pk, SEPTEMBER)

    for each in slip.resources:
        recalculated = sum(line.amount for line in each.lines if line.kind == "recalculation")
        penalty = sum(line.amount for line in each.lines if line.kind == "penalty")
        assert sum(line.amount for line in each.lines) - recalculated - penalty == each.sums.charged
        assert (recalculated, penalty) == (each.sums.recalculated, each.sums.penalty)
    assert slip.total == MonthSums(*map(Decimal, ("400.00", "3285.05", "-12.30", "1.15", "450.00", "3223.90")))
    assert slip.to_pay == TO_PAY


def test_overpaid_month_has_nothing_to_pay_and_no_code(browser, account):
    for row in Balance.objects.all():
        row.opening -= 5000
        row.closing -= 5000
        row.save()

    pdf = printed(browser, account)

    assert codes(pdf) == []
    assert "Переплата 11 776,10 ₽" in text_of(pdf)
    assert "Оплачивать нечего" in text_of(pdf)


def test_payee_without_details_leaves_the_slip_without_its_code(browser, account, p):
    p.bank_details = {}
    p.save()

    pdf = printed(browser, account)

    assert codes(pdf) == []
    assert "реквизиты получателя заполнены не полностью" in text_of(pdf)


def test_months_without_charges_are_not_offered_and_say_so(browser, account):
    page = browser.get(f"/p/slip/?contract={account.pk}&month=2026-05").content.decode()

    assert "За май 2026 начислений нет" in page
    assert page.count("<option") == 2, "the account and the one month with charges"
    assert browser.get(file_of(account, "2026-05")).status_code == 404


@pytest.mark.parametrize("month", ["2026-13", "сентябрь", "2026-9", "0000-01"])
def test_month_that_is_none_is_not_there(browser, account, month):
    assert browser.get(file_of(account, month)).status_code == 404
    assert browser.get("/p/slip/", {"month": month}).status_code == 200


def test_charges_without_their_balance_make_no_slip_yet(browser, account):
    money.charge(account, "10.00", month="2026-10")

    assert browser.get(file_of(account, "2026-10")).status_code == 404


@pytest.mark.spec("REG-03")
def test_account_of_which_billing_told_nothing_is_loading(browser, nina, p):
    other = world.household(p, "111222334", flat=53)
    world.link(nina, other)

    page = browser.get(f"/p/slip/?contract={other.pk}").content.decode()

    assert "Данные загружаются" in page


def test_strangers_slip_is_not_there(browser, p):
    strange = world.household(p, "999888777", flat=7)
    money.charge(strange, "1.00")
    money.balance(strange, charged="1.00")

    assert browser.get(file_of(strange)).status_code == 404
    assert "999888777" not in browser.get(f"/p/slip/?contract={strange.pk}").content.decode()


def test_slip_is_printed_once_and_anew_when_it_changes(browser, account, monkeypatch, tmp_path):
    printed(browser, account)
    (kept,) = (tmp_path / "cache" / "slips").iterdir()
    kept.write_bytes(b"%PDF kept")

    assert printed(browser, account) == b"%PDF kept"

    again(Charge.objects.first(), external_id="new", amount=1)
    assert printed(browser, account) != b"%PDF kept"


def test_printed_slips_are_forgotten_when_nobody_reads_them(browser, account, at, tmp_path):
    from datetime import UTC, datetime, timedelta

    printed(browser, account)

    assert services.forget_slips(at=datetime.now(UTC)) == 0
    assert services.forget_slips(at=datetime.now(UTC) + timedelta(days=4)) == 1
    assert list((tmp_path / "cache" / "slips").iterdir()) == []


def test_page_is_english_and_the_slip_stays_russian(browser, account):
    browser.cookies["language"] = "en"

    assert "К оплате" in text_of(printed(browser, account))
