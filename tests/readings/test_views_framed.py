"""The page around the blocks is rendered once a shape: the same page as ever, and nobody's words in another's."""

import re

import pytest
from django.shortcuts import render

from kabinet.contracts.values import Role
from kabinet.readings.views import pages
from kabinet.web import frames
from tests import world
from tests.readings.sending import SEND

pytestmark = pytest.mark.usefixtures("at")


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    monkeypatch.setattr(frames, "_kept", {})


@pytest.fixture
def visitors(visitor, client, w, anna, boris):
    for number, user in enumerate((anna, boris)):
        user.first_name, user.last_name = ("Анна", "<b>&") if number else ("\x01held\x01", "\x010\x01")
        user.save()
        world.meter(contract := world.contract(w, customer_name=f"«{user.email}» <i>"))
        world.link(user, contract)
        closed = world.contract(w, customer_name=f"Закрытый {user.email}")
        world.link(user, closed, role=Role.ACCOUNTANT)
    return world.signed_in(visitor, anna, w), world.signed_in(client, boris, w)


def page_of(client, address=SEND):
    html = client.get(address).content.decode()
    secrets = re.compile(r'(name="csrfmiddlewaretoken" value="|name="key-[^"]+" value=")[^"]+')
    return re.sub(r"\s+", " ", secrets.sub(r"\1", html))


def test_framed_page_is_the_rendered_one_for_each_that_follows(visitors, monkeypatch):
    addresses = [SEND, f"{SEND}?typed=&x=<script>"]
    framed = [page_of(client, address) for client in visitors for address in addresses]
    frames_made = len(frames._kept)

    def as_ever(request, template, facts, *, held):
        return render(request, template, {**facts, "held": held})

    monkeypatch.setattr(pages, "render_framed", as_ever)
    rendered = [page_of(client, address) for client in visitors for address in addresses]

    assert framed == rendered
    assert frames_made == 1
    assert "boris" in framed[2]
    assert "anna" not in framed[2]
