"""Files of readings as their people see them (READ-12)."""

from uuid import UUID

from django.db.models import QuerySet

from kabinet.contracts import selectors as contracts
from kabinet.contracts.models import Contract, ContractSet
from kabinet.contracts.rules.numbers import number_key
from kabinet.contracts.values import Action, Viewer
from kabinet.providers.models import Provider
from kabinet.readings.models import FileRow, ReadingsFile
from kabinet.readings.values.files import FileState


def provider_of(file_id: UUID) -> Provider:
    return Provider.objects.get(contract__readingsfile=file_id)


def contracts_for_files(viewer: Viewer, *, words: str = "") -> ContractSet:
    """Return the contracts on which the viewer may send, those whose number or name holds the words."""
    allowed = contracts.contracts_of(viewer, action=Action.SEND_READINGS).order_by("number")
    if not words.strip():
        return allowed
    by_name = allowed.filter(customer_name__icontains=words.strip())
    key = number_key(words)
    return by_name | allowed.filter(number_key__contains=key) if key else by_name


def files_of(viewer: Viewer, contract: Contract) -> QuerySet[ReadingsFile]:
    """Return the contract's files that were not put into the basket, the newest first."""
    return given_files_of(viewer, contract).exclude(state=FileState.DISCARDED)


def given_files_of(viewer: Viewer, contract: Contract) -> QuerySet[ReadingsFile]:
    """Return all of them, what is in the basket, too.

    Whoever is limited to some supply points sees his own files alone: another's rows are not all his to see.
    """
    seen = ReadingsFile.objects.filter(contract__in=contracts_for_files(viewer), contract=contract)
    limited = any(m.contract_id == contract.pk and m.points is not None for m in viewer.memberships)
    if limited:
        seen = seen.filter(given_by_id=viewer.user_id)
    return seen.select_related("stored", "marked", "given_by").order_by("-given_at")


def rows_of(file: ReadingsFile, *, fate: str = "") -> QuerySet[FileRow]:
    rows = FileRow.objects.filter(contract_id=file.contract_id, file_id=file.pk).order_by("number")
    return rows.filter(fate=fate) if fate else rows
