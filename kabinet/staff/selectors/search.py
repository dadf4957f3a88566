"""Looking for people and contracts by whatever the caller can name."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.db.models import Q

from kabinet.accounts.models import Enrollment
from kabinet.accounts.rules.addresses import normal_email
from kabinet.contracts.models import Contract, Meter
from kabinet.contracts.rules.numbers import number_key
from kabinet.kernel.digits import meter_number_key
from kabinet.staff.rules.masking import masked_email
from kabinet.staff.values import Found, FoundContract, FoundPerson

MOST: Final = 20
SHORTEST: Final = 2
_FEW_DIGITS: Final = 3


def found(provider_id: UUID, phrase: str) -> Found:
    """Return the contracts and people of the provider that the phrase names."""
    if len(phrase.strip()) < SHORTEST:
        return Found()
    contracts = _contracts(provider_id, phrase.strip())
    people = _people(provider_id, phrase.strip())
    return Found(tuple(contracts[:MOST]), tuple(people[:MOST]), is_more=max(len(contracts), len(people)) > MOST)


def _contracts(provider_id: UUID, phrase: str) -> list[FoundContract]:
    by_meter = _by_meter(provider_id, phrase)
    named = Q(customer_name__icontains=phrase) | Q(pk__in=by_meter)
    if key := number_key(phrase):
        named |= Q(number_key__startswith=key) | Q(inn=phrase) | Q(customer_number=phrase)
    rows = Contract.objects.filter(named, provider_id=provider_id).order_by("customer_name", "number")[: MOST + 1]
    return [FoundContract(row.pk, row.number, row.customer_name, by_meter.get(row.pk, "")) for row in rows]


def _by_meter(provider_id: UUID, phrase: str) -> dict[UUID, str]:
    """Return the contracts of the meters with this number, whatever stands around its digits."""
    if sum(sign.isdigit() for sign in phrase) < _FEW_DIGITS:
        return {}
    meters = Meter.objects.filter(provider_id=provider_id, number_key=meter_number_key(phrase))
    return dict(meters.values_list("contract_id", "number")[: MOST + 1])


def _people(provider_id: UUID, phrase: str) -> list[FoundPerson]:
    named = Q(user__email__iexact=normal_email(phrase)) if "@" in phrase else _by_name(phrase.split())
    rows = Enrollment.objects.filter(named, provider_id=provider_id).select_related("user")
    found_rows = rows.order_by("user__last_name", "user__first_name", "pk")[: MOST + 1]
    return [FoundPerson(row.user_id, row.user.display_name, masked_email(row.user.email or "")) for row in found_rows]


def _by_name(words: Iterable[str]) -> Q:
    """Ask for every word in one of the names, in any order."""
    named = Q()
    for word in words:
        named &= (
            Q(user__last_name__istartswith=word)
            | Q(user__first_name__istartswith=word)
            | Q(user__middle_name__istartswith=word)
            | Q(organisation__icontains=word)
        )
    return named
