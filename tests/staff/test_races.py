"""Two at once: a code opens one desk, a spare code is spent once, a window is extended once."""

from datetime import date

import pytest

from kabinet.accounts.models import SpareCode, StaffSession
from kabinet.accounts.services import office_entrance, specialists
from kabinet.accounts.services.office_entrance import FactorRefused
from kabinet.accounts.services.specialists import NotOfTheOffice
from kabinet.infra import clock
from kabinet.infra.models import AuditRow
from kabinet.kernel.actors import Actor, ActorKind
from kabinet.kernel.periods import Month
from kabinet.readings.models import WindowExtension
from kabinet.readings.services.extensions import Granting, extend_window
from kabinet.readings.values import Extension
from tests import world
from tests.accounts.people import at_once
from tests.staff import office

pytestmark = pytest.mark.django_db(transaction=True)

DESKS = 3


def passing(row, code):
    """Let several desks, each past the password, type the same code at once."""
    waiting = [office.session_of(row, is_open=False, token=f"desk-{place}")[1] for place in range(DESKS)]

    def pass_on(session):
        return lambda: office_entrance.pass_factor(session, code, place=office.HERE, at=clock.technical_now())

    return at_once(*[pass_on(session) for session in waiting])


def test_code_typed_at_three_desks_opens_one(olga):
    results = passing(olga, office.code_of(olga))

    assert [type(result) for result in results].count(FactorRefused) == DESKS - 1
    assert StaffSession.objects.filter(factor_passed_at__isnull=False).count() == 1
    assert AuditRow.objects.filter(act="staff.factor_refused").count() == DESKS - 1


def test_spare_code_typed_at_three_desks_is_spent_once(olga):
    _, session = office.session_of(olga)
    codes = office_entrance.renew_spare_codes(
        session, office.code_of(olga), by=office.actor(olga), at=clock.technical_now()
    )

    results = passing(olga, codes[0])

    assert [type(result) for result in results].count(FactorRefused) == DESKS - 1
    assert SpareCode.objects.filter(used_at__isnull=False).count() == 1


def test_one_page_sent_thrice_at_once_extends_once(w, olga, contract):
    granting = Granting(world.opened(w), contract, key="page-1", by=office.actor(olga), at=world.NOW, today=world.TODAY)

    results = at_once(
        *[lambda: extend_window(Extension(Month(2026, 10), date(2026, 10, 20)), granting=granting)] * DESKS
    )

    assert results == [WindowExtension.objects.get().pk] * DESKS


def test_dismissal_and_an_act_at_once_are_one_after_the_other(w, olga, contract):
    job = Actor(ActorKind.JOB, provider_id=w.pk)
    granting = Granting(world.opened(w), contract, key="page-1", by=office.actor(olga), at=world.NOW, today=world.TODAY)

    results = at_once(
        lambda: specialists.dismiss(olga.pk, provider=w, by=job, at=clock.technical_now()),
        lambda: extend_window(Extension(Month(2026, 10), date(2026, 10, 20)), granting=granting),
    )

    acts = list(AuditRow.objects.order_by("at", "pk").values_list("act", flat=True))
    if WindowExtension.objects.exists():
        assert acts == ["readings.window_extended", "staff.dismissed"]
    else:
        assert acts == ["staff.dismissed"]
        assert any(type(result).__name__ in {"NotSeen", NotOfTheOffice.__name__} for result in results)
