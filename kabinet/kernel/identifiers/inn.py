"""ИНН: the taxpayer's number of an organisation (10 digits) or a person (12)."""

from enum import StrEnum

from kabinet.kernel.digits import without_spaces
from kabinet.kernel.identifiers.checked import Checked, Fault, accepted, has_only_digits, refused, weighted_sum

_WEIGHTS = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)


class InnKind(StrEnum):
    LEGAL = "legal"
    PERSON_OR_IP = "person_or_ip"


_KINDS = {10: InnKind.LEGAL, 12: InnKind.PERSON_OR_IP}
_CHECK_DIGITS = {InnKind.LEGAL: 1, InnKind.PERSON_OR_IP: 2}


def check_inn(text: str) -> Checked:
    """Check the digits of an ИНН against each other; spaces do not count."""
    inn = without_spaces(text)
    if not has_only_digits(inn):
        return refused(Fault.FORMAT)
    kind = _KINDS.get(len(inn))
    if kind is None:
        return refused(Fault.LENGTH)
    # Twelve zeros pass the sums.
    if not inn.strip("0"):
        return refused(Fault.ZEROS)
    if inn != with_check_digits(inn[: -_CHECK_DIGITS[kind]], kind):
        return refused(Fault.CHECKSUM)
    return accepted(inn, kind=kind)


def with_check_digits(body: str, kind: InnKind) -> str:
    """Complete the first 9 digits of an organisation's ИНН, or the first 10 of a person's."""
    inn = body
    for _ in range(_CHECK_DIGITS[kind]):
        inn += str(weighted_sum(inn, _WEIGHTS[-len(inn) :]) % 11 % 10)
    return inn
