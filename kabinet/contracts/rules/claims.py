"""Whether what a person says of an account is what billing knows of it (REG-03, CON-03)."""

from typing import Final

from kabinet.accounts.values import Mode
from kabinet.contracts.values import Claim, Known
from kabinet.kernel.names import NameMatch, PersonName, match_names

# Compared with where there is no such account: finding nothing has to cost what finding something costs.
NOTHING_KNOWN: Final = Known(name=PersonName("", ""), inn="", meter_keys=frozenset())


def is_right(claim: Claim, known: Known) -> bool:
    """Say whether holder and meter are right; the parts are all looked at, whichever is wrong.

    Initials are enough here, for they stand together with the account and one of its meters.
    """
    is_meter_right = bool(claim.meter_key) and claim.meter_key in known.meter_keys
    is_name_right = match_names(known.name, claim.name) is not NameMatch.MISMATCH
    is_inn_right = bool(known.inn) and known.inn == claim.inn
    return is_meter_right and (is_name_right if claim.mode is Mode.PERSON else is_inn_right)
