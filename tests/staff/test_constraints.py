"""What the database itself forbids (STYLE, habit 15)."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from kabinet.accounts.models import SpareCode, Specialist
from kabinet.readings.models import WindowExtension
from kabinet.staff.models import CardVisit
from tests import world
from tests.staff import office

pytestmark = pytest.mark.django_db


def broken(name, act):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        act()
    assert name in str(refusal.value)


def test_person_works_in_an_office_once(olga):
    facts = {"roles": ["editor"], "begins_at": world.NOW, "created_at": world.NOW}

    broken("specialist_once", lambda: Specialist.objects.create(user=olga.user, provider=olga.provider, **facts))


def test_specialist_has_a_role(olga):
    broken("specialist_has_a_role", lambda: Specialist.objects.filter(pk=olga.pk).update(roles=[]))


def test_specialist_ends_after_the_start(olga):
    early = olga.begins_at - timedelta(days=1)

    broken("specialist_ends_after_start", lambda: Specialist.objects.filter(pk=olga.pk).update(ends_at=early))


def test_spare_code_stands_once(olga):
    code = {"specialist": olga, "code_hash": "0" * 64, "made_at": world.NOW}
    SpareCode.objects.create(**code)

    broken("spare_code_once", lambda: SpareCode.objects.create(**code))


def test_card_is_open_once_on_a_desk(olga):
    _, session = office.session_of(olga)
    visit = {"session": session, "kind": "person", "subject_id": olga.pk, "reason": "call", "opened_at": world.NOW}
    CardVisit.objects.create(**visit)

    broken("card_open_once", lambda: CardVisit.objects.create(**visit))


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("extension_month_is_a_month", {"month": date(2026, 10, 2)}),
        ("extension_closes_after_start", {"closes_on": date(2026, 9, 30)}),
    ],
)
def test_extension_is_of_a_month_and_ends_after_it_begins(olga, name, changed):
    facts = {"month": date(2026, 10, 1), "closes_on": date(2026, 10, 20)} | changed
    given = {"provider": olga.provider, "reason": "call", "given_by": olga.pk, "given_at": world.NOW}

    broken(name, lambda: WindowExtension.objects.create(**facts, **given))
