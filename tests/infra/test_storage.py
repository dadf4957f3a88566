"""Files: what they are, what they are called, and that they are there whole or not at all (I26, TRUST 7)."""

import hashlib
import io
import os
import time
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import xlsxwriter
from django.core.files.storage import default_storage

from kabinet.infra import clock, kinds, storage, tasks
from kabinet.infra.db import NoTransaction, transaction_of, use_case
from kabinet.infra.kinds import Kind
from kabinet.infra.models import StoredFile
from kabinet.infra.storage import WrongKind

AT = datetime(2026, 10, 8, 9, tzinfo=UTC)
W = UUID(int=1)
PDF = b"%PDF-1.7\n..."


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    backend = {"BACKEND": "kabinet.infra.storage.DurableFiles", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"default": backend}
    return tmp_path


def keep(content=PDF, *, name="акт.pdf", media_type="application/pdf"):
    with transaction_of("test"):
        return storage.keep(io.BytesIO(content), provider_id=W, original_name=name, media_type=media_type, at=AT)


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def workbook():
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        book.add_worksheet().write(0, 0, 1)
    return content.getvalue()


def archive():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as written:
        written.writestr("a.txt", "a")
    return content.getvalue()


@pytest.mark.django_db
def test_bytes_come_back_as_they_were_given(folder):
    content = PDF + os.urandom(700_000)

    row = StoredFile.objects.get(pk=keep(content).pk)

    with storage.open_(row) as stream:
        assert stream.read() == content
    assert (row.size, row.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert storage.is_whole(row)


@pytest.mark.django_db
def test_place_is_made_of_nothing_that_people_typed(folder):
    row = keep(name="../../etc/passwd.pdf")

    assert files(folder) == [f"{W}/26/10/{row.pk}"]
    assert row.original_name == "passwd.pdf"


@pytest.mark.django_db(transaction=True)
def test_file_outside_of_a_use_case_is_refused(folder):
    with pytest.raises(NoTransaction):
        storage.keep(io.BytesIO(PDF), provider_id=W, original_name="a", media_type="application/pdf", at=AT)
    assert files(folder) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "media_type", "found"),
    [(PDF, "image/png", Kind.PDF), (b"MZ\x90\0", "application/pdf", None), (PDF, "text/html", Kind.PDF)],
)
def test_bytes_that_are_something_else_are_refused(folder, content, media_type, found):
    with pytest.raises(WrongKind) as caught:
        keep(content, media_type=media_type)

    assert caught.value.found is found
    assert files(folder) == []


@pytest.mark.django_db
def test_write_that_breaks_off_leaves_no_file_and_takes_no_room(folder, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError("disk full")))

    with pytest.raises(OSError, match="disk full"):
        keep()

    assert files(folder) == []
    assert not StoredFile.objects.exists()


@pytest.mark.django_db
def test_bytes_and_every_new_folder_are_on_the_disk_before_the_row(folder, monkeypatch):
    synced = []
    real = os.fsync
    monkeypatch.setattr(
        os, "fsync", lambda opened: (synced.append(str(Path(f"/proc/self/fd/{opened}").readlink())), real(opened))
    )

    row = keep()

    place = folder / row.place
    assert synced == [f"{place}.part", *(str(parent) for parent in [place.parent, *place.parents[1:4]])]


@pytest.mark.django_db
def test_changed_and_lost_bytes_are_noticed(folder):
    changed, lost = keep(), keep()
    (folder / changed.place).write_bytes(b"other")
    (folder / lost.place).unlink()

    assert not storage.is_whole(changed)
    assert not storage.is_whole(lost)


@pytest.mark.django_db(transaction=True)
def test_night_deletes_bytes_whose_use_case_did_not_commit(folder):
    kept = keep()

    @use_case
    def keep_and_refuse():
        storage.keep(io.BytesIO(PDF), provider_id=W, original_name="a", media_type="application/pdf", at=AT)
        raise LookupError

    with pytest.raises(LookupError):
        keep_and_refuse()
    (folder / "left.part").write_bytes(b"")
    assert len(files(folder)) == 3
    yesterday = time.time() - 25 * 3600
    for name in files(folder):
        os.utime(folder / name, (yesterday, yesterday))

    tasks.delete_orphans(timestamp=0)

    assert files(folder) == [kept.place]


@pytest.mark.django_db
def test_night_leaves_young_bytes_alone(folder):
    (folder / "young").write_bytes(b"")

    assert storage.delete_orphans(before=clock.technical_now() - timedelta(days=1)) == 0
    assert files(folder) == ["young"]


@pytest.mark.django_db
def test_night_looks_rows_up_in_groups(folder, monkeypatch):
    monkeypatch.setattr(storage, "LOOKED_UP_AT_ONCE", 2)
    for _ in range(3):
        keep()
    for number in range(3):
        (folder / str(number)).write_bytes(b"")

    assert storage.delete_orphans(before=clock.technical_now() + timedelta(days=1)) == 3
    assert len(files(folder)) == 3


@pytest.mark.django_db
def test_night_finds_nothing_where_nothing_was_ever_stored(settings, folder):
    options = {"location": folder / "never"}
    settings.STORAGES = settings.STORAGES | {"default": settings.STORAGES["default"] | {"OPTIONS": options}}

    assert storage.delete_orphans(before=clock.technical_now()) == 0


def test_one_name_is_written_once(folder):
    default_storage.save("a", storage.File(io.BytesIO(b"first")))
    (folder / "b.part").write_bytes(b"")

    with pytest.raises(FileExistsError):
        default_storage.save("b", storage.File(io.BytesIO(b"second")))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, Kind.PDF),
        (b"\x89PNG\r\n\x1a\n\0\0", Kind.PNG),
        (b"\xff\xd8\xff\xe0JFIF", Kind.JPEG),
        (workbook(), Kind.XLSX),
        (archive(), Kind.ZIP),
        (archive()[:-10], None),
        (b'<?xml version="1.0"?><message/>', Kind.XML),
        ("\ufeff<?xml version='1.0'?><message/>".encode(), Kind.XML),
        ("<?xml version='1.0'?><message/>".encode("utf-16"), Kind.XML),
        ("№;показание\n011774;00240\n".encode(), Kind.TEXT),
        ("№;показание\n011774;00240\n".encode("utf-16"), Kind.TEXT),
        ("показание\n".encode("cp1251"), Kind.TEXT),
        (b"a\0b", None),
        (b"\x7fELF\x02\x01\x01\0", None),
        (b"GIF89a\x01\0", None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", None),
        (b"", None),
        (b" \n", None),
    ],
)
def test_kind_is_told_by_the_bytes(content, kind):
    stream = io.BytesIO(content)

    assert kinds.kind_of(stream) is kind
    assert stream.tell() == 0


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_media_type(kind):
    assert kinds.MEDIA_TYPES[kinds.media_type_of(kind)] is kind


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Акт сверки.pdf", "Акт сверки.pdf"),
        ("C:\\Users\\anna\\акт.pdf", "акт.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie x.pdf"),
        ("счёт\u202efdp.exe", "счёт fdp.exe"),
        ("нуль\0.pdf", "нуль.pdf"),
        ("bad\ud800.pdf", "bad.pdf"),
        ("  .. ", "file"),
        ("", "file"),
        (".htaccess", "htaccess"),
        ("я" * 300 + ".pdf", "я" * 116 + ".pdf"),
        ("я" * 300, "я" * 120),
        ('<script>"x"|?*.png', "script x.png"),
    ],
)
def test_name_can_be_shown(given, shown):
    assert kinds.cleaned(given) == shown
