"""The whole demonstration in a database: loaded once, through the services that everybody uses."""

import json
from collections import Counter
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password

import demo.contracts
from demo.loading import whole
from demo.loading.whole import Order, load
from demo.utilities import P, V, W
from demo.values import PASSWORD
from kabinet.accounts.models import Consent, Enrollment, LoginName, User
from kabinet.billing.models import Balance, Charge
from kabinet.contracts.models import Annex, Contract, Membership, Meter, Paper
from kabinet.exchange.models import Message, Partner
from kabinet.exchange.services import first
from kabinet.exchange.services.partners import hash_of
from kabinet.kernel.periods import Month
from kabinet.providers.models import BillingPeriod, Provider
from kabinet.readings.models import Reading
from kabinet.staff.selectors.invariants import miscounted_charges, recounts
from kabinet.tariffs.models import Tariff
from kabinet.tariffs.values import ChargeKind
from sandbox.billing import truth
from sandbox.billing.tables import open_books
from sandbox.demo.logins import Addresses
from sandbox.settings import billing_file

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 10, 8, 6, tzinfo=UTC)


def nothing(_: str) -> None:
    """Say nothing."""


@pytest.fixture
def order(tmp_path: Path) -> Order:
    keys = {"w": "w" * 40, "v": "v" * 40, "b": "b" * 40, "p": "p" * 40}
    return Order(
        1, tmp_path / "data", Addresses("http://localhost:8000", "http://localhost:8100"), keys, NOW, households=60
    )


def counts() -> list[int]:
    models: list[Any] = [Provider, Contract, Meter, Reading, User, Enrollment, Consent, Membership, Message, Partner]
    return [model.objects.count() for model in models]


@pytest.mark.spec("SITE-01", "SITE-02", "BILL-01")
def test_loaded_demonstration(order: Order) -> None:
    load(order, say=nothing)

    w = Provider.objects.get(slug="w")
    assert Contract.objects.filter(provider=w).count() == 40
    assert Contract.objects.filter(provider__slug="v").count() == 6
    assert Contract.objects.filter(provider__slug="b").count() == 60
    assert Reading.objects.count() > 5_000
    assert Partner.objects.get(provider=w).token_hash == hash_of("w" * 40)
    assert set(Message.objects.values_list("answer__outcome", flat=True)) == {"taken"}
    accountant = User.objects.get(email="buh@example.com")
    assert Membership.objects.filter(user=accountant, ended_at=None).count() == 3
    assert check_password(PASSWORD, accountant.password)
    assert User.objects.get(email="unconfirmed@example.com").email_confirmed_at is None
    assert Consent.objects.filter(enrollment__user=accountant).count() == 2


@pytest.mark.spec("ROLE-01", "REG-05")
def test_loaded_people_of_the_retailer(order: Order) -> None:
    load(order, say=nothing)

    energo, foreman = (User.objects.get(email=f"{name}@example.com") for name in ("energo", "master"))
    roles = Membership.objects.filter(user=energo, ended_at=None).order_by("contract__external_id")
    assert list(roles.values_list("role", flat=True)) == ["administrator", "energy_engineer", "accountant"]
    assert len(Membership.objects.get(user=foreman).points or []) == 5
    old = LoginName.objects.get(provider__slug="b", value="tronin-2009").user
    assert (old.email, check_password(PASSWORD, old.password)) == (None, True)
    assert User.objects.get(email="invited@example.com").awaits_first_password
    assert User.objects.get(email="novichok@example.com").last_name == ""


@pytest.mark.spec("CON-05")
def test_loaded_annexes_have_their_papers(order: Order) -> None:
    load(order, say=nothing)

    annexes = Annex.objects.filter(contract__external_id="b-c00000").order_by("number")
    assert [annex.paper is not None for annex in annexes] == [True, True, False]
    # The common rules are one paper, however many contracts they hang on.
    assert Paper.objects.filter(provider__slug="b").count() == 11


def test_second_start_changes_nothing(order: Order) -> None:
    load(order, say=nothing)
    before = counts()
    said: list[str] = []

    load(replace(order, at=NOW.replace(day=20)), say=said.append)

    assert (counts(), said) == (before, [])


def test_sheet_follows_the_day(order: Order) -> None:
    load(order, say=nothing)
    first = json.loads(order.sheet_file.read_text(encoding="utf-8"))

    load(replace(order, at=NOW.replace(day=20), addresses=Addresses("http://localhost:9000", "s")), say=nothing)

    later = json.loads(order.sheet_file.read_text(encoding="utf-8"))
    assert (first["today"], later["today"]) == ("2026-10-08", "2026-10-20")
    assert later["providers"][0]["url"] == "http://localhost:9000/w/"
    assert [c["window"] for c in first["providers"][0]["unlinked"]] != [
        c["window"] for c in later["providers"][0]["unlinked"]
    ]


def test_loading_that_was_killed_is_taken_up(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(truth, "begin_books", die)
        with pytest.raises(KeyboardInterrupt):
            load(order, say=nothing)
    load(replace(order, at=NOW.replace(day=9)), say=nothing)

    assert Contract.objects.count() == 166
    assert order.sheet_file.exists()
    with open_books(billing_file(order.data)).reading() as db:
        books = {row["slug"]: row["generation"] for row in db.execute("SELECT * FROM provider")}
        day = db.execute("SELECT deadline_day FROM contract WHERE slug = 'w' AND id = 'w-c00000'").fetchone()[0]
    assert books == {slug: str(pk) for slug, pk in Provider.objects.values_list("slug", "pk")}
    assert day == Contract.objects.get(external_id="w-c00000").deadline_day


def test_link_that_was_ended_is_not_made_again(order: Order) -> None:
    load(order, say=nothing)
    Membership.objects.filter(user__email="engineer@example.com").update(ended_at=NOW)
    order.sheet_file.unlink()

    load(order, say=nothing)

    assert not Membership.objects.filter(user__email="engineer@example.com", ended_at=None).exists()


def test_new_key_of_the_sandbox_is_taken_over(order: Order) -> None:
    load(order, say=nothing)

    load(replace(order, keys={"w": "n" * 40, "v": "v" * 40}), say=nothing)

    assert Partner.objects.get(provider__slug="w").token_hash == hash_of("n" * 40)


def test_later_contracts_have_as_many_months_as_asked(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo.contracts, "WITH_HISTORY", 10)

    load(replace(order, months=3), say=nothing)

    first, later = (Contract.objects.get(external_id=f"w-c{index:05d}") for index in (0, 20))
    assert months_of(first) == {37}
    assert months_of(later) == {4}


@pytest.mark.spec("BILL-01")
@pytest.mark.parametrize(("months", "kind"), [(0, "CONTRACTS"), (36, "EVERYTHING")])
def test_crowd_comes_in_without_keys_as_it_would_with_them(
    order: Order, monkeypatch: pytest.MonkeyPatch, months: int, kind: str
) -> None:
    monkeypatch.setattr(demo.contracts, "WITH_HISTORY", 10)
    monkeypatch.setattr(whole, "UTILITIES", (W,))
    monkeypatch.setattr(first, "LEAST", 1)
    kinds = spied(monkeypatch)

    load(replace(order, months=months), say=nothing)

    assert kinds == [first.Kind[kind]]
    assert Contract.objects.count() == 40
    crowd = Contract.objects.get(external_id="w-c00030")
    assert Meter.objects.filter(contract=crowd).count() in {1, 2, 3}
    assert months_of(crowd) == ({months + 1} if months else set())
    assert {recount.says: found for recount, found in recounts() if found} == {}


def spied(monkeypatch: pytest.MonkeyPatch) -> list[first.Kind]:
    """Note which first loads begin."""
    kinds: list[first.Kind] = []
    really = first.first_load

    def noting(kind: first.Kind, **rest: Any) -> AbstractContextManager[first.Loading]:
        kinds.append(kind)
        return really(kind, **rest)

    monkeypatch.setattr(first, "first_load", noting)
    return kinds


def months_of(contract: Contract) -> set[int]:
    """Count the readings of each register, the one that it was installed with among them."""
    rows = Reading.objects.filter(contract=contract).values_list("register_id", flat=True)
    return set(Counter(rows).values())


def test_large_loading_says_how_far_it_is(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole, "TOLD_EVERY", 20)
    said: list[str] = []

    load(order, say=said.append)

    assert [line for line in said if " из " in line and "Ижводоканал" in line] == [
        "Ижводоканал-Демо: договоров 20 из 40"
    ]


def test_another_size_is_told_to_start_anew(order: Order) -> None:
    load(order, say=nothing)
    said: list[str] = []

    load(replace(order, size=2), say=said.append)

    assert [line for line in said if "--fresh" in line]
    assert Contract.objects.count() == 166


@pytest.mark.spec("REG-05", "BILL-01")
def test_loaded_households(order: Order) -> None:
    load(order, say=nothing)

    holder = LoginName.objects.filter(provider__slug="p").earliest("value").user
    assert check_password(PASSWORD, holder.password)
    assert Contract.objects.filter(provider__slug="p", house__isnull=False).count() == 60
    assert Balance.objects.filter(month="2026-09-01").values("contract").distinct().count() == 60
    assert Tariff.objects.filter(provider__slug="p", zones=3).exists()
    with open_books(billing_file(order.data)).reading() as db:
        closed = db.execute("SELECT DISTINCT closed FROM charged_house").fetchall()
        assert db.execute("SELECT count(*) FROM account").fetchone()[0] == 60
    assert [row[0] for row in closed] == ["2026-09"]


@pytest.mark.spec("BILL-01")
@pytest.mark.parametrize("day", ["2026-10-20", "2026-10-26", "2026-12-31", "2027-01-01"])
def test_loaded_demonstration_keeps_every_invariant(order: Order, monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    monkeypatch.setattr(whole, "UTILITIES", (V, P))
    at = datetime.combine(date.fromisoformat(day), NOW.timetz())

    load(replace(order, at=at), say=nothing)

    broken = {recount.says: found for recount, found in recounts() if found}
    assert broken == {}
    assert set(Charge.objects.values_list("kind", flat=True)) == set(ChargeKind)
    assert list(miscounted_charges()) == []
    newest = BillingPeriod.objects.filter(provider__slug="p", state="closed").latest("month").month
    assert newest == Month.of(at.date()).previous.first
