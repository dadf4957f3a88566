"""The data folder: whose it is, and what it keeps."""

import stat
from datetime import UTC, date, datetime

import pytest

from launcher import folder, locks
from launcher.talk import Stop


@pytest.fixture
def home(tmp_path):
    return folder.open_folder(tmp_path / "data")


def test_new_folder_is_marked_and_closed_to_others(home):
    assert (home.path / folder.MARK).exists()
    assert stat.S_IMODE(home.path.stat().st_mode) == 0o700


def test_folder_with_other_things_is_refused(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")

    with pytest.raises(Stop, match="not a data folder of Kabinet"):
        folder.open_folder(tmp_path)


def test_path_below_a_file_is_refused_in_words(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(Stop, match="cannot be written"):
        folder.open_folder(tmp_path / "file" / "data")


def test_full_disk_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(folder, "NEEDED_BYTES", 1 << 60)

    with pytest.raises(Stop, match="MB left"):
        folder.open_folder(tmp_path / "data")


def test_second_start_on_the_same_data_is_refused(home):
    folder.hold(home)

    with pytest.raises(Stop, match="in use by another start"):
        folder.hold(home)


def test_emptying_follows_no_link_out_of_the_folder(home, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "keep.txt").touch()
    (home.path / "link").symlink_to(outside)
    (home.path / "files").mkdir()

    folder.empty(home)

    assert (outside / "keep.txt").exists()
    assert {entry.name for entry in home.path.iterdir()} == {folder.MARK, "logs"}


def test_secrets_are_made_once_for_their_owner_alone(home):
    first = folder.secrets_of(home)

    assert folder.secrets_of(home) == first
    assert len(first["secret_key"]) >= 50
    assert set(first["partner_keys"]) >= {"w", "v"}
    assert stat.S_IMODE((home.path / "secrets.json").stat().st_mode) == 0o600


def test_torn_secrets_are_told_not_replaced(home):
    (home.path / "secrets.json").write_text("{")

    with pytest.raises(Stop, match="cannot be read"):
        folder.secrets_of(home)


@pytest.mark.parametrize(
    ("now", "today", "seconds"),
    [
        (datetime(2026, 10, 8, 12, tzinfo=UTC), date(2026, 10, 8), 0),
        (datetime(2026, 10, 8, 12, tzinfo=UTC), date(2026, 10, 20), 12 * 86_400),
        (datetime(2026, 10, 8, 12, tzinfo=UTC), date(2026, 9, 30), -8 * 86_400),
        # In Moscow it is the 9th already.
        (datetime(2026, 10, 8, 21, tzinfo=UTC), date(2026, 10, 9), 0),
        (datetime(2026, 10, 8, 20, 59, tzinfo=UTC), date(2026, 10, 9), 86_400),
    ],
)
def test_shift_to(now, today, seconds):
    assert folder.shift_to(today, now=now) == seconds


def test_clock_keeps_its_shift_with_the_data(home):
    shift = folder.clock_shift(home, today=date(2030, 1, 1))

    assert shift > 0
    assert folder.clock_shift(home, today=None) == shift


def test_emptied_folder_has_real_time_again(home):
    folder.clock_shift(home, today=date(2030, 1, 1))

    folder.empty(home)

    assert folder.clock_shift(home, today=None) == 0


def test_lock_ends_with_its_holder(tmp_path):
    path = tmp_path / "lock"
    file = locks.take(path)
    assert not locks.is_free(path)

    locks.release(file)

    assert locks.is_free(path)
