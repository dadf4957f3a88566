"""What stands around the measuring of pages: processes counted whole, statements as the portal sends them."""

import os
import re
import subprocess
import sys
from datetime import date
from decimal import Decimal
from uuid import UUID

import jinja2
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from bench.serving import beside, crowd, pgbench, processes, scripts, sending, sums, twin
from bench.serving.load import Answered
from kabinet.infra.statements import Statement, fetch
from kabinet.readings.models import Submission

ANNA = UUID(int=1)


def test_processors_of_children_count_those_that_have_ended_too():
    before = processes.seconds_below(os.getpid())

    subprocess.run([sys.executable, "-c", "sum(range(10_000_000))"], check=True)

    assert processes.seconds_below(os.getpid()) - before > 0.05


def test_process_and_what_it_started_are_found():
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert child.pid in set(processes.below(os.getpid()))
        assert os.getpid() not in set(processes.below(child.pid))


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (ANNA, "::uuid", str(ANNA)),
        (date(2026, 10, 1), "::date", "2026-10-01"),
        (Decimal("1.50"), "::numeric", "1.50"),
        ("manager", "::text", "manager"),
        (["manager", 'sign "x"'], "::text[]", '{"manager","sign \\"x\\""}'),
        ([None, ANNA], "::uuid[]", f'{{NULL,"{ANNA}"}}'),
        ([], "::text[]", "{}"),
        ([None], "", "{NULL}"),
    ],
)
def test_pgbench_gives_a_parameter_the_type_that_the_driver_gives(value, kind, text):
    assert (pgbench.type_of(value), pgbench.as_text(value)) == (kind, text)


def test_statements_of_a_script_go_in_one_round_trip_with_a_persons_own_values():
    asking = Statement("SELECT  %(key)s,\n %(at)s::date, %(none)s", {"key": "x", "at": date(2026, 1, 1), "none": None})

    script = pgbench.Script(pgbench.ANY, [asking, Statement("SELECT 1", {})], {"key": "(:person)::text"})

    assert script.text().splitlines() == [
        "\\set person random(1, :size)", "\\startpipeline", "SELECT (:person)::text, :p_at::date::date, NULL;",
        "SELECT 1;", "\\endpipeline",
    ]  # fmt: skip
    assert script.same_for_all() == {"p_at": "2026-01-01"}


@pytest.mark.django_db
def test_sql_spells_keys_and_ids_as_python_does():
    sql = f"SELECT {crowd.key_sql('%(n)s::int')}, {crowd.id_sql('c', '%(n)s::int')}"

    assert fetch(Statement(sql, {"n": 17})) == [(crowd.session_key(17), UUID(crowd.id_of("c", 17)))]


def test_ratio_is_that_of_neighbours():
    portal = sums.Side([Answered(100, 1, 5, 1), Answered(50, 1, 5, 1)])
    other = sums.Side([Answered(1000, 1, 0, 1), Answered(1000, 1, 0, 1)])

    assert str(portal.over(other, sums.rate)) == "0.08 (0.05–0.10)"


def test_pages_that_are_measured_ask_beside_the_viewer():
    assert set(scripts.PAGES.values()) <= set(scripts.ASKED_BESIDE)


def run_as_pgbench(script, *, person):
    values = {name: f"'{text}'" for name, text in script.same_for_all().items()} | {"person": str(person)}
    told = re.sub(r"(?<!:):(\w+)", lambda found: values[found[1]], script.text().removeprefix(script.who))
    rows = []
    with connection.cursor() as cursor:
        for line in told.splitlines():
            if line and not line.startswith("\\"):
                cursor.execute(line.replace("%", "%%"))
                rows.append(cursor.fetchall())
    return rows


@pytest.fixture
def people():
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
    return crowd.fill(5, months=3, say=lambda _words: None)


@pytest.mark.django_db(transaction=True)
def test_pgbench_finds_a_persons_own_register_and_stores_a_reading_of_it(people):
    page = scripts.opening(people, "readings")

    told, found = run_as_pgbench(page, person=3)
    stored = run_as_pgbench(scripts.storing_script(people), person=3)

    assert [len(told), len(found)] == [1, 1]
    assert UUID(crowd.id_of("e", 3)) in found[0]
    assert stored == [[(1,)]]
    assert str(Submission.objects.get().register_id) == crowd.id_of("e", 3)
    sending.require_stored(1, clients=0)
    with pytest.raises(sending.Refused):
        sending.require_stored(2, clients=0)


@pytest.mark.django_db(transaction=True)
def test_pgbench_finds_a_persons_own_archive(people):
    told, found = run_as_pgbench(scripts.opening(people, "archive"), person=3)

    assert [len(told), len(found)] == [1, 1]
    assert UUID(crowd.id_of("d", 3)) in found[0]


@pytest.mark.django_db(transaction=True)
def test_what_a_request_asks_is_counted_exactly(people):
    asked = [*(scripts.asked_for_page(people, page) for page in scripts.PAGES), scripts.asked_for_sending(people)]

    assert list(map(str, asked)) == ["2, 1", "2, 1", "3, 2"]


def page_of(number):
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = crowd.token(number)
    return client.get(f"/bench{scripts.PAGES['readings']}", headers={"Host": "localhost"}).content.decode()


@pytest.mark.django_db(transaction=True)
def test_twin_shows_from_the_same_rows_what_the_portal_shows(people, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@/nowhere")
    template = beside.template_of(page_of(1), beside.shown_to(people))
    told, found = (fetch(asking)[0] for asking in scripts.statements_of(people, "readings", 4))

    shown = twin.facts_of(told, found, beside.known_of(people, template))
    page = jinja2.Environment(autoescape=True).from_string(template).render(shown)

    beside.require_same(page_of(4), page)
    with pytest.raises(beside.Different):
        beside.require_same(page_of(3), page)


def test_twins_statement_has_numbered_parameters_of_known_types():
    asking = beside.numbered(
        Statement("SELECT %(key)s, %(day)s, %(key)s, %(none)s", {"key": "x", "day": date(2026, 1, 1), "none": None})
    )

    assert asking.sql == "SELECT $1::text, $2::date, $1::text, NULL"
    assert asking.values(key="y") == ["y", date(2026, 1, 1)]
