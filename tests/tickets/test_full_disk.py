"""A question with a file meets a disk without room: a page for people, nothing half stored, no restart (TRUST 9)."""

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kabinet.infra.models import Event, IdempotencyKey, OutgoingLetter, StoredFile
from kabinet.tickets.models import Ticket
from tests import world
from tests.disk import KILOBYTE, full_disk
from tests.tickets.asking import fields


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": settings.STORAGES["default"] | {"OPTIONS": {"location": tmp_path}}
    }
    return tmp_path


@pytest.fixture
def browser(w, anna):
    """A browser that is shown the page of a fault, as people are."""
    return world.signed_in(Client(raise_request_exception=False), anna, w)


# The smaller one meets the storage, the larger one the folder in which an upload waits for its end.
@pytest.mark.spec("REQ-03")
@pytest.mark.parametrize("size", [600 * KILOBYTE, 1500 * KILOBYTE])
def test_file_without_room_is_told_and_goes_once_there_is_room(browser, folder, size):
    content = b"%PDF-1.7\n" + b"0" * size
    typed = fields()

    with full_disk():
        refused = browser.post("/w/feedback/", typed | {"attachments": SimpleUploadedFile("акт.pdf", content)})
    left = [rows.objects.count() for rows in (Ticket, StoredFile, Event, OutgoingLetter, IdempotencyKey)]
    bytes_left = [path for path in folder.rglob("*") if path.is_file()]
    taken = browser.post("/w/feedback/", typed | {"attachments": SimpleUploadedFile("акт.pdf", content)})

    assert refused.status_code == 507
    assert "Закончилось место для новых данных" in refused.content.decode()
    assert left == [0, 0, 0, 0, 0]
    assert bytes_left == []
    assert (taken.status_code, Ticket.objects.count()) == (302, 1)
    assert default_storage.size(StoredFile.objects.get().place) == len(content)
