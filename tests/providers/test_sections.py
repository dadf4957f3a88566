"""A section that the policy does not name has no page, no place in the menu and no way in."""

import json
import re

import pytest
from django.test import Client

from demo.values import POLICIES
from kabinet.accounts.models import User
from kabinet.accounts.values import AgreementKind
from kabinet.accounts.views.sign_up import FORMS
from kabinet.providers.values import OPEN_SIGN_UPS, Section, SignUp
from tests import world
from tests.accounts import people

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at"), pytest.mark.spec("SITE-02", "SITE-05")]

PAGES = [
    (Section.LINK_CONTRACT, "contracts/link/"),
    (Section.ADD_CONTRACT, "contracts/add/"),
    (Section.LINK_ACCOUNT, "contracts/link-account/"),
    (Section.HOUSEHOLD_READINGS, "readings/household/"),
    (Section.PUBLIC_READINGS, "readings/without-sign-in/sent/"),
    (Section.READINGS, "readings/cold-water/"),
    (Section.SEWAGE_VOLUMES, "readings/sewage-volumes/"),
    (Section.SEWAGE_VOLUMES, "readings/archive/sewage-volumes/"),
    (Section.ARCHIVE, "readings/archive/"),
    (Section.CONTRACTS, "contracts/"),
    (Section.CONTRACTS, "profile/contracts/"),
    (Section.RECONCILIATION_ACTS, "acts/"),
    (Section.SLIP, "slip/"),
    (Section.PERSONAL_DATA, "personal/"),
    (Section.REQUESTS, "requests/"),
    (Section.REQUESTS, "requests/statement/"),
    (Section.CALCULATOR, "calculator/"),
    (Section.REFERENCES, "references/"),
    (Section.TICKETS, "tickets/"),
    (Section.TICKETS, "tickets/new/"),
]


def browser_of(provider):
    anna = world.person(provider, f"anna@{provider.slug}.example.com")
    world.link(anna, world.contract(provider))
    return world.signed_in(Client(), anna, provider)


# Entries of the menu over pages that stand by themselves, or are to come.
IN_THE_MENU_ALONE = {Section.HELP, Section.HISTORY, Section.POINT_READINGS}


def test_every_section_has_a_page_here():
    assert {section for section, _ in PAGES} == set(Section) - IN_THE_MENU_ALONE


@pytest.mark.parametrize(("section", "path"), PAGES)
def test_page_is_there_where_its_section_is_open_and_nowhere_else(db, section, path):
    others = [each for each in Section if each is not section]
    with_it = browser_of(world.provider("w", policy={"sections": [*others, section]}))
    shown = with_it.get(f"/w/{path}")

    without = browser_of(world.provider("v", policy={"sections": others}))
    got, posted = without.get(f"/v/{path}"), without.post(f"/v/{path}", {})

    assert shown.status_code == 200
    assert (got.status_code, posted.status_code) == (404, 404)
    assert f'href="/v/{path}"' not in without.get("/v/start/").text


@pytest.mark.parametrize(("section", "path"), PAGES)
def test_closed_page_does_not_ask_strangers_to_sign_in(db, section, path):
    world.provider("g", policy={"sections": []})

    assert Client().get(f"/g/{path}").status_code == 404


def test_front_page_leads_to_no_section_that_is_closed(db):
    world.provider("g", policy={"sections": []})

    front = Client().get("/g/")

    assert front.status_code == 200
    assert [path for _, path in PAGES if f'href="/g/{path}' in front.text] == []


def test_sign_ups_that_policies_may_offer_have_their_forms():
    # By account the page is of the room of contracts.
    assert {*FORMS, SignUp.ACCOUNT} == OPEN_SIGN_UPS


@pytest.mark.parametrize("slug", ["w", "g", "p", "b", "v"])
def test_no_way_of_a_policy_leads_nowhere(db, slug):
    policy = json.loads((POLICIES / f"{slug}.json").read_text(encoding="utf-8"))
    provider = world.provider(slug, policy=policy)
    for kind in AgreementKind:
        people.publish(provider, kind)
    anna = world.person(provider, "anna@example.com")
    people.accept_all(anna, provider)
    User.objects.update(last_name="Новикова", phone="+73412259259")
    anna.enrollments.update(address="г. Ижевск, ул. Ленина, 1")
    visitor, customer = Client(), world.signed_in(Client(), anna, provider)

    lost = [
        (page, way)
        for browser, pages in ((visitor, ["", "sign-in/"]), (customer, ["start/", "profile/"]))
        for page in pages
        for way in ways_on(browser.get(f"/{slug}/{page}"), slug)
        if browser.get(way).status_code == 404
    ]

    assert lost == []


def ways_on(answer, slug):
    """Return where the page's links lead within the portal."""
    assert answer.status_code == 200
    return sorted(set(re.findall(rf'<a\b[^>]*href="(/{slug}/[^"#?]*)', answer.content.decode())))
