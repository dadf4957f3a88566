"""The benchmark of the public doors fails where it has to: a planted leak, a limit passed, a row too many."""

import os
from dataclasses import replace

import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from bench import public
from bench.public import Plan, faults_of
from bench.serving import site, town
from bench.serving.strangers import PUBLIC, SIGN_UP, Came, Visit
from bench.serving.town import Household
from kabinet.providers.models import Provider
from tests.free_ports import free_port

ALLOWED = 2
POLICY = {"limits": {"wrong_links_per_address_an_hour": ALLOWED}, "public_proof_bits": 8}
FEW = Plan(accounts=60, addresses=1, tries=4, once=1, one_account=2, right=1, late=2, clients=4)
HOME = Household(1)


def wrong(place="10.0.0.1", *, door=PUBLIC, kind="form: wrong meter", **came):
    visit = Visit(kind, door, {"account": HOME.account, "meter": "1"}, place, HOME)
    return Came(visit, **({"status": 200, "page": "not found", "seconds": 0.1} | came))


def refused(**came):
    return wrong(status=429, **({"page": "too many"} | came))


def right(place="10.0.0.2", **came):
    visit = Visit("form: right", PUBLIC, {"account": HOME.account, "meter": HOME.meter}, place, HOME, is_right=True)
    return Came(visit, **({"status": 302, "acknowledged": (HOME.register, 5)} | came))


WELL = [wrong(), wrong(), refused(), wrong("10.0.0.3", status=503), right()]
ROWS = [(HOME.register, 5)]


def test_nothing_is_wrong_where_limits_hold_and_nothing_leaks():
    assert faults_of(WELL, stored=ROWS, allowed=ALLOWED) == []


def test_one_account_from_many_addresses_is_answered_more_slowly():
    many = [wrong(f"10.1.0.{n}", kind=f"form: {public.ONE_ACCOUNT}", seconds=2.1 if n > 9 else 0.1) for n in range(12)]

    assert faults_of(many, stored=[], allowed=ALLOWED) == []
    many[11] = replace(many[11], seconds=0.1)
    assert faults_of(many, stored=[], allowed=ALLOWED) == ["1 of 12 tries with one account were slowed down"]


@pytest.mark.parametrize(
    ("came", "rows", "says"),
    [
        ([*WELL, wrong("10.0.0.4", leaks={"Тайнова"})], ROWS, "form: wrong meter shows Тайнова"),
        ([*WELL, wrong("10.0.0.4", page="wrong meter")], ROWS, "form: 2 different answers to wrong data"),
        ([*WELL, refused(page="and right")], ROWS, "form: 2 different answers to too many tries"),
        ([*WELL, wrong()], ROWS, "3 of 4 tries of 10.0.0.1 were answered, and 2 are allowed"),
        ([wrong(), refused(), right()], ROWS, "1 of 2 tries of 10.0.0.1 were answered, and 2 are allowed"),
        ([*WELL, right("10.0.0.5", status=429, acknowledged=None, page="too many")], ROWS,
         "0 of 1 tries of 10.0.0.5 were answered, and 2 are allowed"),
        ([*WELL, wrong("10.0.0.4", status=500)], ROWS, "form: wrong meter: was answered by 500"),
        ([*WELL, refused(troubles=["was refused without a time"])], ROWS,
         "form: wrong meter: was refused without a time"),
        (WELL, [*ROWS, ("visitor-1@example.com", 0)],
         "there and not acknowledged: 1, ('visitor-1@example.com', 0)"),
        (WELL, ROWS * 2, f"there and not acknowledged: 1, {ROWS[0]}"),
        (WELL, [], f"acknowledged and not there: 1, {ROWS[0]}"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(came, rows, says):
    assert faults_of(came, stored=rows, allowed=ALLOWED) == [says]


@pytest.mark.django_db(transaction=True)
@pytest.mark.spec("READ-18", "REG-03")
def test_planted_leak_fails_the_run_and_nothing_else_does():
    """A neighbour's name stands on every page; all the rest is as in a run that passes."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
    people = town.fill(FEW.accounts, changed=POLICY)
    neighbour = Household(FEW.accounts).last_name
    Provider.objects.update(short_name=neighbour)
    url = make_conninfo(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"])

    with site.portal(free_port(), more={"DATABASE_URL": url}) as portal:
        found = public.play(FEW, people, port=portal.port)

    assert len(found.came) == len(found.faults)
    assert all(fault.endswith(f" shows {neighbour}") for fault in found.faults)
    # Of each of three addresses two are answered; two of the right come too late, three are served.
    assert sum(each.is_refused for each in found.came) == 3 * (FEW.tries - ALLOWED) + FEW.late
    assert sorted(found.stored) == sorted(found.acknowledged)
    assert [each.visit.door for each in found.came if each.acknowledged].count(SIGN_UP) == 1
    assert len(found.acknowledged) == 3
