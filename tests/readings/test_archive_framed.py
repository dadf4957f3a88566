"""The archive is put together of parts rendered once a shape: the page as ever, and nobody's words in another's."""

import re
from datetime import date
from importlib import import_module
from uuid import UUID

import pytest
from django.http import QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

from kabinet.contracts.models import SupplyPoint
from kabinet.contracts.values import Role
from kabinet.readings.forms import ArchiveFilter, RightFilter, archive_filter
from kabinet.web import frames
from kabinet.web.templatetags import keeping
from kabinet.web.templatetags.keeping import kept_text
from tests import world
from tests.readings.test_services import send

ARCHIVE = "/w/readings/archive/"
# The views of the room name their functions as their modules.
archive = import_module("kabinet.readings.views.archive")
FILTER = "readings/_archive_filter.html"
# Of an id that every process makes alike, since it names a test.
POINTS = (SupplyPoint(address="ул. Ленина, 1"), SupplyPoint(pk=UUID(int=0xAB), address="<b>\x010\x01 & \"'"))
SECOND = str(POINTS[1].pk)
OTHER = RightFilter((("1", "Дом"), ("2", "Дача")), None, since="2020-01-01", until="2020-02-01")

pytestmark = pytest.mark.usefixtures("at")


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    monkeypatch.setattr(frames, "_kept", {})
    monkeypatch.setattr(keeping, "_shapes", {})


@pytest.fixture
def visitors(visitor, client, w, anna, boris):
    for user in (anna, boris):
        contract = world.contract(w, customer_name=f"«{user.email}» <i>\x01held\x01")
        world.link(user, contract)
        world.link(user, world.contract(w, customer_name=f"Закрытый {user.email}"), role=Role.ACCOUNTANT)
        for source in ("customer", "inspector"):
            register = world.register_of(world.meter(contract, number=f"<{user.first_name}> & \"'"))
            world.accepted(register, "238", month="2026-09", taken_on=date(2026, 9, 25), source=source)
        send(contract, user, (register, "243"))
    return world.signed_in(visitor, anna, w), world.signed_in(client, boris, w)


def page_of(client, query, language):
    client.cookies["language"] = language
    html = client.get(f"{ARCHIVE}{query}").content.decode()
    secret = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]+')
    return re.sub(r"\s+", " ", secret.sub(r"\1", html))


def pages_of(visitors):
    queries = ("", "?since=2026-10-01", "?until=2020-01-01", "?since=1.13.2026&until=<b>", "?page=7")
    return [page_of(one, query, speech) for one in visitors for query in queries for speech in ("ru", "en")]


@pytest.mark.spec("READ-05")
def test_framed_archive_is_the_rendered_one_for_each_that_follows(visitors, monkeypatch):
    framed = pages_of(visitors)

    def anew(template, given, *, held=""):
        return SafeString(render_to_string(template, {**given, "held": SafeString(held)}))

    def as_ever(request, template, facts, *, held):
        return render(request, template, {**facts, "held": held})

    monkeypatch.setattr(archive, "kept_text", anew)
    monkeypatch.setattr(archive, "render_framed", as_ever)

    assert framed == pages_of(visitors)
    assert "boris" in framed[-1]
    assert "anna" not in "".join(framed[len(framed) // 2 :])


@pytest.mark.spec("READ-05")
@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize(
    "asked",
    [
        "",
        f"point={SECOND}",
        "point=&since=2026-05-01&until=",
        "since= 2026-05-01 &since=2026-06-01",
        f"until=2026-10-01&point={SECOND}",
    ],
)
def test_right_filter_is_drawn_as_the_form_itself(asked, language):
    data, first = QueryDict(asked), {"since": "2025-10-08", "until": "2026-10-08"}
    offered = tuple((str(point.pk), point.address) for point in POINTS)
    with translation.override(language):
        kept_text(FILTER, {"form": OTHER, "updated": ""})

        drawn = kept_text(FILTER, {"form": archive_filter(data, points=POINTS, today=world.TODAY), "updated": ""})

        form = ArchiveFilter(data if asked else None, offered=offered, initial=first)
        assert drawn == render_to_string(FILTER, {"form": form, "updated": ""})


@pytest.mark.spec("READ-05")
@pytest.mark.parametrize("asked", ["since=31.02.2026", "point=strange", f"point={SECOND.upper()}"])
def test_filter_with_a_mistake_is_the_form_that_tells_it(asked):
    form = archive_filter(QueryDict(asked), points=POINTS, today=world.TODAY)

    assert isinstance(form, ArchiveFilter)
    assert form.errors
