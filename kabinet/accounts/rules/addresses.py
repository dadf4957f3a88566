"""E-mail addresses in one spelling."""

import re
import unicodedata
from typing import Final

from kabinet.accounts.values import EmailProblem, Mode
from kabinet.kernel.digits import account_pad, without_spaces
from kabinet.kernel.lookalikes import has_cyrillic, plain_dashes

_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
# The last one is letters, or what the network writes for foreign ones: the same rule has whoever hands letters over.
_LAST_LABEL: Final = re.compile(r"[a-z]{2,63}|xn--[a-z-]{0,58}[a-z]|xn--[a-z0-9]{1,59}")
_NAME: Final = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LONGEST_NAME: Final = 64
_LONGEST: Final = 254
_INVISIBLE: Final = frozenset({"Cf", "Cc"})


def normal_email(text: str) -> str:
    """Return the address in lower case, its domain as the network writes it; what is no address comes back as it is."""
    name, at, domain = _visible(text).rpartition("@")
    return f"{name}{at}{_network_domain(domain)}"


def normal_login(text: str) -> str:
    """Return a login of before as it is stored: without the spaces of typing, in lower case."""
    return _visible(text).casefold()


def normal_account(text: str, *, mode: Mode, digits: int) -> str:
    """Return a number as a login: a household's account in full length, any other without signs of writing."""
    compact = plain_dashes(without_spaces(_visible(text.replace("№", "")))).replace("-", "").casefold()
    if mode is not Mode.PERSON:
        return compact
    try:
        return account_pad(compact, digits)
    except ValueError:
        return compact


def email_problem(text: str) -> EmailProblem | None:
    """Say why no letter can reach the address; None means that it may be one."""
    written = normal_email(text)
    name, _, domain = written.rpartition("@")
    if not written:
        return EmailProblem.EMPTY
    if " " in written:
        return EmailProblem.SPACES
    if not name or not domain:
        return EmailProblem.NO_AT
    return _problem_of_letters(text, name=name) or _problem_of_parts(name, domain)


def _problem_of_letters(text: str, *, name: str) -> EmailProblem | None:
    if any(_is_mixed(part) for part in re.split(r"[@.]", _visible(text))):
        return EmailProblem.MIXED_SCRIPTS
    return None if name.isascii() else EmailProblem.NAME_NOT_LATIN


def _problem_of_parts(name: str, domain: str) -> EmailProblem | None:
    if len(name) > _LONGEST_NAME or not _NAME.fullmatch(name):
        return EmailProblem.BAD_NAME
    labels = domain.split(".")
    is_domain = len(labels) > 1 and all(map(_LABEL.fullmatch, labels)) and _LAST_LABEL.fullmatch(labels[-1])
    return None if is_domain and len(name) + 1 + len(domain) <= _LONGEST else EmailProblem.BAD_DOMAIN


def _visible(text: str) -> str:
    """Drop the marks that come along when an address is copied, and spaces around it."""
    compact = unicodedata.normalize("NFKC", text).strip().lower()
    return "".join(sign for sign in compact if unicodedata.category(sign) not in _INVISIBLE)


def _network_domain(domain: str) -> str:
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain


def _is_mixed(part: str) -> bool:
    return has_cyrillic(part) and any("a" <= letter <= "z" for letter in part)
