"""ОГРН and ОГРНИП: the state register's numbers of organisations (13 digits) and entrepreneurs (15)."""

from enum import StrEnum

from kabinet.kernel.digits import without_spaces
from kabinet.kernel.identifiers.checked import Checked, Fault, accepted, has_only_digits, refused


class OgrnKind(StrEnum):
    OGRN = "ogrn"
    OGRNIP = "ogrnip"


_KINDS = {13: OgrnKind.OGRN, 15: OgrnKind.OGRNIP}
_SIGNS = {OgrnKind.OGRN: "1235", OgrnKind.OGRNIP: "3"}
_MODULI = {OgrnKind.OGRN: 11, OgrnKind.OGRNIP: 13}


def check_ogrn(text: str) -> Checked:
    """Check the sign and the last digit of an ОГРН or ОГРНИП; spaces do not count."""
    ogrn = without_spaces(text)
    if not has_only_digits(ogrn):
        return refused(Fault.FORMAT)
    kind = _KINDS.get(len(ogrn))
    if kind is None:
        return refused(Fault.LENGTH)
    if ogrn[0] not in _SIGNS[kind]:
        return refused(Fault.SIGN)
    if ogrn != with_check_digit(ogrn[:-1], kind):
        return refused(Fault.CHECKSUM)
    return accepted(ogrn, kind=kind)


def with_check_digit(body: str, kind: OgrnKind) -> str:
    """Complete a number by the last digit of its remainder, which may have two digits."""
    return body + str(int(body) % _MODULI[kind])[-1]
