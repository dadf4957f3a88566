"""What an archive says of itself is read before it is opened (TRUST 7)."""

import io
import random
import zipfile

import pytest

from kabinet.infra import archives
from kabinet.infra.archives import ArchiveProblem, BadArchive

MEGABYTE = 1024 * 1024
NOISE = random.Random(1).randbytes(MEGABYTE)


def archive(folder, entries):
    path = folder / "archive.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in entries:
            written.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return path


def problem_of(path):
    with pytest.raises(BadArchive) as caught:
        archives.zip_guard(path)
    return caught.value.problem


def test_entries_are_told_with_their_sizes(tmp_path):
    path = archive(tmp_path, [("folder/показания.csv", b"a" * 1000), ("folder/", b"")])

    first, second = archives.zip_guard(path)

    assert (first.name, first.size, first.is_folder) == ("folder/показания.csv", 1000, False)
    assert second.is_folder
    assert first.packed < 100


def test_two_hundred_entries_pass_and_one_more_does_not(tmp_path):
    assert len(archives.zip_guard(archive(tmp_path, [(str(n), b"") for n in range(200)]))) == 200
    assert problem_of(archive(tmp_path, [(str(n), b"") for n in range(201)])) is ArchiveProblem.TOO_MANY_ENTRIES


def test_directory_of_long_names_is_not_read(tmp_path):
    path = archive(tmp_path, [(f"{n} {'x' * 60_000}", b"") for n in range(5)])

    assert problem_of(path) is ArchiveProblem.TOO_MANY_ENTRIES


def test_fifty_megabytes_pass_and_one_more_does_not(tmp_path):
    packs_badly = [("noise", NOISE * 3)]

    assert archives.zip_guard(archive(tmp_path, [*packs_badly, ("rest", b"a" * 47 * MEGABYTE)]))
    assert problem_of(archive(tmp_path, [*packs_badly, ("rest", b"a" * 48 * MEGABYTE)])) is ArchiveProblem.TOO_LARGE


def test_what_is_packed_too_tight_does_not_pass(tmp_path):
    assert problem_of(archive(tmp_path, [("zeros", b"\0" * 2 * MEGABYTE)])) is ArchiveProblem.PACKED_TOO_TIGHT


def test_little_may_be_packed_tight(tmp_path):
    assert archives.zip_guard(archive(tmp_path, [("zeros", b"\0" * 1000_000)]))


@pytest.mark.parametrize("name", ["/etc/passwd", "../up", "a/../../up", "a\\b", "C:evil", "", "."])
def test_name_that_leads_elsewhere_does_not_pass(tmp_path, name):
    assert problem_of(archive(tmp_path, [(name, b"x")])) is ArchiveProblem.BAD_NAME


def test_one_name_twice_does_not_pass(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate"):
        path = archive(tmp_path, [("a", b"x"), ("a", b"y")])

    assert problem_of(path) is ArchiveProblem.BAD_NAME


@pytest.mark.parametrize("name", ["inner.zip", "inner.XLSX", "folder/inner.tar.gz", "inner.7z"])
def test_archive_in_an_archive_does_not_pass(tmp_path, name):
    assert problem_of(archive(tmp_path, [(name, b"x")])) is ArchiveProblem.NESTED


def test_encrypted_archive_does_not_pass(tmp_path):
    path = archive(tmp_path, [("a", b"x")])
    content = bytearray(path.read_bytes())
    content[content.index(archives.ENTRY_SIGN) + 8] |= 1
    path.write_bytes(content)

    assert problem_of(path) is ArchiveProblem.ENCRYPTED


@pytest.mark.parametrize("cut", [slice(0, 0), slice(0, -5), slice(5, None), slice(0, 30), slice(-10, None)])
def test_damaged_archive_does_not_pass(tmp_path, cut):
    path = archive(tmp_path, [("a", b"x" * 100)])
    path.write_bytes(path.read_bytes()[cut])

    assert problem_of(path) is ArchiveProblem.DAMAGED


def test_something_between_directory_and_end_does_not_pass(tmp_path):
    """Readers differ in which directory they would believe."""
    path = archive(tmp_path, [("a", b"x")])
    content = path.read_bytes()
    end = content.rindex(archives.END_SIGN)
    path.write_bytes(content[:end] + b"hidden" + content[end:])

    assert problem_of(path) is ArchiveProblem.DAMAGED


@pytest.mark.parametrize("place", [4, 6, 8])
def test_archive_of_several_disks_does_not_pass(tmp_path, place):
    path = archive(tmp_path, [("a", b"x")])
    content = bytearray(path.read_bytes())
    content[content.rindex(archives.END_SIGN) + place] = 2
    path.write_bytes(content)

    assert problem_of(path) is ArchiveProblem.DAMAGED


def test_directory_that_says_less_than_it_holds_does_not_pass(tmp_path):
    path = archive(tmp_path, [("a", b"x"), ("b", b"y")])
    content = bytearray(path.read_bytes())
    end = content.rindex(archives.END_SIGN)
    content[end + 8] = content[end + 10] = 1
    path.write_bytes(content)

    assert problem_of(path) is ArchiveProblem.DAMAGED


def test_any_bytes_are_refused_in_words_of_ours(tmp_path):
    path = archive(tmp_path, [("a", b"x" * 100), ("b", b"y" * 100)])
    whole = path.read_bytes()
    chance = random.Random(7)

    for _ in range(2000):
        changed = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        try:
            archives.entries_of(io.BytesIO(changed))
        except BadArchive:
            continue
