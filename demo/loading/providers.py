"""Providers with everything that no billing system tells: brand, policy, agreements, the partner's key."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from demo.values import SOURCE, Utility
from kabinet.accounts.models import Agreement
from kabinet.accounts.services.agreements import publish_agreement
from kabinet.accounts.values import AgreementKind
from kabinet.exchange.models import Partner
from kabinet.exchange.services import partners
from kabinet.infra import audit
from kabinet.infra.db import use_case
from kabinet.kernel.actors import Actor, ActorKind, Channel
from kabinet.providers.models import PolicyVersion, Provider

TITLES: Final = {
    AgreementKind.TERMS: "Пользовательское соглашение",
    AgreementKind.PERSONAL_DATA: "Согласие на обработку персональных данных",
    AgreementKind.ADVERTISING: "Согласие на рекламно-информационную рассылку",
}
# Before any day that the demonstration's clock may be set to.
ALWAYS: Final = datetime(2000, 1, 1, tzinfo=UTC)
_TEXTS: Final = Path(__file__).parent.parent / "agreements"


def loader(provider: Provider) -> Actor:
    """Return who loads the demonstration, for the audit."""
    return Actor(ActorKind.JOB, provider_id=provider.pk, channel=Channel.SYSTEM, reason="demo")


def provider_of(utility: Utility) -> Provider:
    """Return the utility's provider, made with its policy when it is not there; its address is the path /slug/."""
    return Provider.objects.filter(slug=utility.slug).first() or _make(utility)


@use_case
def _make(utility: Utility) -> Provider:
    provider = Provider.objects.create(
        slug=utility.slug,
        name=utility.name,
        short_name=utility.short_name,
        portal_title=utility.portal_title,
        inn=utility.inn,
        kpp=utility.kpp,
        bank_details=utility.bank,
        zone_name=utility.zone_name,
        colour=utility.colour,
        accent=utility.accent,
        resources=list(utility.resources),
        phone=utility.phone,
        email=utility.email,
        address=utility.address,
        hours=utility.hours,
    )
    PolicyVersion.objects.create(
        provider=provider, version=1, body=utility.policy.model_dump(mode="json"), valid_from=ALWAYS
    )
    audit.record("providers.made", provider, before=None, after=provider.slug, by=loader(provider))
    return provider


def publish_agreements(provider: Provider, *, at: datetime) -> None:
    """Publish the texts that are not there yet."""
    published = set(Agreement.objects.filter(provider=provider).values_list("kind", flat=True))
    for kind, title in TITLES.items():
        if kind not in published:
            text = (_TEXTS / f"{kind}.txt").read_text(encoding="utf-8").strip()
            filled = text.format(provider=provider.name, inn=provider.inn, address=provider.address)
            publish_agreement(kind, title=title, text=filled, provider=provider, by=loader(provider), at=at)


def partner_of(provider: Provider, *, token: str) -> Partner:
    """Return the provider's billing system; its key is the one that the sandbox was given."""
    known = Partner.objects.filter(provider=provider, source=SOURCE).first()
    if known is None or (token and known.token_hash != partners.hash_of(token)):
        partners.give_key(provider, source=SOURCE, token=token or None, by=loader(provider))
    return Partner.objects.select_related("provider").get(provider=provider, source=SOURCE)
