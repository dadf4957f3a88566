"""What letters carry and what waits for mailboxes: requests of people, links that whoever has them may open."""

from datetime import timedelta

from django.core import signing

from kabinet.accounts.models import OneTimeSecret
from kabinet.accounts.selectors import key_of
from kabinet.accounts.values import Purpose
from kabinet.contracts.models import LinkRequest, SignUpRequest
from kabinet.infra import clock
from kabinet.readings.services.public import PURPOSE
from tests import world
from tests.authz.town import Household, Office, Person


def furnish_link_request(person: Person) -> None:
    """A contract that the person has typed, and that waits for its mailbox."""
    request = LinkRequest.objects.create(
        provider=person.provider, user=person.user, number="20009999999999", email=f"{person.mark}@klever.example",
        asked_at=world.NOW, expires_at=world.NOW + timedelta(hours=24),
    )  # fmt: skip
    person.things["link_request"] = str(request.pk)


def furnish_link_token(office: Office) -> None:
    """What a letter to the mailbox of a contract carries: whoever has it may answer."""
    slug = office.provider.slug
    contract = world.contract(office.provider, number="20001234500000", emails=["a@klever.example"], inn="")
    LinkRequest.objects.create(
        provider=office.provider, user=world.person(office.provider, f"asker-{slug}@example.com"), contract=contract,
        number=contract.number, email="a@klever.example", asked_at=world.NOW,
        expires_at=world.NOW + timedelta(hours=24), letters_written=1, secret_hash=key_of(f"link-token-{slug}"),
    )  # fmt: skip
    office.things["link_token"] = f"link-token-{slug}"


def furnish_letter_links(office: Office) -> None:
    """What letters to people carry who sign up by account, or have forgotten their password."""
    slug, provider = office.provider.slug, office.provider
    contract = world.household(provider, "777000111", deadline_day=10)
    SignUpRequest.objects.create(
        provider=provider, contract=contract, mode="person", login=contract.number, email=f"coming-{slug}@example.com",
        language="ru", accepted=[], address="203.0.113.7", agent="Firefox", asked_at=world.NOW,
        expires_at=world.NOW + timedelta(hours=24), secret_hash=key_of(f"sign-up-token-{slug}"),
    )  # fmt: skip
    at = clock.technical_now()
    OneTimeSecret.objects.create(
        user=(user := world.person(provider, f"forgot-{slug}@example.com")), provider=provider,
        purpose=Purpose.PASSWORD_LINK, secret_hash=key_of(f"password-token-{slug}"), subject=user.email or "",
        made_at=at, expires_at=at + timedelta(hours=24),
    )  # fmt: skip
    office.things |= {"sign_up_token": f"sign-up-token-{slug}", "password_token": f"password-token-{slug}"}
    office.things["public_pass"] = signing.dumps([str(contract.pk), at.timestamp()], salt=PURPOSE)


def furnish_sign_up(home: Household) -> None:
    """Somebody signs up by the household's account; his mailbox has not answered yet."""
    SignUpRequest.objects.create(
        provider=home.contract.provider, contract=home.contract, mode="legal", login=f"login-{home.mark}".lower(),
        email=f"coming-{home.mark}@example.com".lower(), last_name=home.mark, language="ru", accepted=[],
        address="203.0.113.7", agent="Firefox", asked_at=world.NOW, expires_at=world.NOW + timedelta(hours=24),
        secret_hash=key_of(f"sign-up-{home.mark}"),
    )  # fmt: skip
