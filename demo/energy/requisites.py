"""Requisites of customers: every number passes its check and is nobody's."""

from random import Random
from typing import Any

from demo.values import Utility
from kabinet.kernel.identifiers.bank import AccountKind, with_key_digit
from kabinet.kernel.identifiers.ogrn import OgrnKind, with_check_digit


def of(index: int, *, utility: Utility, is_person: bool, random: Random) -> dict[str, Any]:
    """Make up what «Реквизиты и контакты» and «Банковские реквизиты» show."""
    bic = utility.bank["bic"]
    town = utility.town
    address = f"{town.postcode}, {town.name}, {random.choice(town.streets)}, {random.randrange(1, 200)}"
    return {
        "ogrn": _ogrn(index, is_person=is_person),
        "legal_address": address,
        "postal_address": address if random.randrange(3) else f"{town.postcode}, {town.name}, а/я {index + 10}",
        "phone": f"+7 (343) 000-{index // 100:02d}-{index % 100:02d}",
        "bank_name": utility.bank["name"],
        "bic": bic,
        "bank_account": with_key_digit(f"407028100000{index:08d}", bic=bic),
        "correspondent_account": with_key_digit(utility.bank["correspondent"], bic=bic, kind=AccountKind.CORRESPONDENT),
    }


def _ogrn(index: int, *, is_person: bool) -> str:
    if is_person:
        return with_check_digit(f"31559990{index:06d}", OgrnKind.OGRNIP)
    return with_check_digit(f"11559990{index:04d}", OgrnKind.OGRN)
