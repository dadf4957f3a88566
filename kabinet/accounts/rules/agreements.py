"""Which agreements a person has still to accept (REG-09)."""

from collections.abc import Collection, Mapping
from uuid import UUID

from kabinet.accounts.values import REQUIRED_AGREEMENTS, AgreementKind


def required_of(current: Mapping[AgreementKind, UUID]) -> frozenset[UUID]:
    """Return the agreements without which nobody takes part."""
    return frozenset(current[kind] for kind in REQUIRED_AGREEMENTS if kind in current)


def missing_of(current: Mapping[AgreementKind, UUID], *, accepted: Collection[UUID]) -> frozenset[UUID]:
    """Return the required agreements that were not accepted in their newest version."""
    return required_of(current) - frozenset(accepted)


def is_open_for_sign_up(current: Mapping[AgreementKind, UUID]) -> bool:
    """Say whether there is a text for every consent that the law wants before personal data are taken."""
    return all(kind in current for kind in REQUIRED_AGREEMENTS)
