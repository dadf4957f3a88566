"""What the database forbids about people: an address twice, two live codes for one purpose, a consent given twice."""

import pytest

from kabinet.accounts.models import Agreement, Consent, Enrollment, KnownBrowser, OneTimeSecret, User
from tests import world
from tests.refusals import again, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(w, anna):
    part = Enrollment.objects.get(user=anna)
    terms = Agreement.objects.create(
        provider=w, kind="terms", version=1, title="Соглашение", text="Текст", published_at=world.NOW
    )
    return {
        "person": anna,
        "part": part,
        "browser": KnownBrowser.objects.create(user=anna, family="Firefox", first_seen_at=world.NOW),
        "code": OneTimeSecret.objects.create(
            user=anna, provider=w, purpose="recovery", secret_hash="0" * 64, made_at=world.NOW, expires_at=world.NOW
        ),
        "link": OneTimeSecret.objects.create(
            user=anna,
            provider=w,
            purpose="password_link",
            secret_hash="2" * 64,
            made_at=world.NOW,
            expires_at=world.NOW,
        ),
        "terms": terms,
        "consent": Consent.objects.create(
            enrollment=part, agreement=terms, given_at=world.NOW, address="127.0.0.1", agent="Firefox"
        ),
    }


@pytest.mark.parametrize(
    ("constraint", "row", "changed"),
    [
        ("user_email_once", "person", {}),
        ("user_email_once", "person", {"email": "ANNA@example.com"}),
        ("enrollment_once", "part", {"category": "person"}),
        ("known_browser_once", "browser", {}),
        ("one_live_secret_a_purpose", "code", {"secret_hash": "1" * 64}),
        ("agreement_version_once", "terms", {"title": "Другое", "text": "Другой"}),
        ("password_link_once", "link", {"used_at": world.NOW}),
        ("consent_given_once", "consent", {"address": "127.0.0.2"}),
    ],
)
def test_database_refuses(rows, constraint, row, changed):
    refused(constraint, lambda: again(rows[row], **changed))


def test_what_is_over_stands_in_nobodys_way(rows):
    again(rows["code"], used_at=world.NOW)
    again(rows["consent"], withdrawn_at=world.NOW)

    assert (OneTimeSecret.objects.filter(purpose="recovery").count(), Consent.objects.count()) == (2, 2)


def test_people_without_an_address_do_not_collide(rows):
    again(rows["person"], email=None)
    again(rows["person"], email=None)

    assert User.objects.filter(email=None).count() == 2
