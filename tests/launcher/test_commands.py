"""The commands of `./run`: what they refuse, and what they ask for."""

import json
import socket
from datetime import date
from pathlib import Path

import pytest

from launcher import cli, demo, ports, serve, spec, testing
from launcher.folder import Folder
from launcher.talk import Stop

GOOD = {
    "DATABASE_URL": "postgresql://kabinet@/kabinet",
    "KABINET_SECRET_KEY": "k" * 50,
    "KABINET_BASE_URL": "https://lk.example.ru",
    "KABINET_HOSTS": "lk.example.ru",
    "KABINET_SMTP_URL": "smtp://mail.example.ru",
    "KABINET_MAIL_FROM": "lk@example.ru",
}


@pytest.fixture
def settings(tmp_path):
    return {**GOOD, "KABINET_DATA": str(tmp_path)}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["demo", "--port", "0"], "not a port"),
        (["demo", "--port", "99999"], "not a port"),
        (["demo", "--today", "8.10.2026"], "write it like 2026-10-08"),
        (["demo", "--today", "2026-02-30"], "write it like 2026-10-08"),
        (["demo", "--size", "-1"], "not a whole number above zero"),
        (["fly"], "invalid choice"),
    ],
)
def test_wrong_options_are_named(arguments, words, capsys):
    with pytest.raises(SystemExit) as refusal:
        cli.main(arguments)

    assert refusal.value.code == 2
    assert words in capsys.readouterr().err


def test_options_of_the_demo():
    options = cli.parser().parse_args(["demo", "--today", "2026-10-08", "--data", "here", "--size", "3"])

    assert options.today == date(2026, 10, 8)
    assert options.data == Path.cwd() / "here"
    assert (options.port, options.sandbox_port, options.size, options.fresh) == (8000, 8100, 3, False)


def test_trouble_is_a_sentence_not_a_traceback(monkeypatch, capsys):
    def refuse(_options):
        raise Stop("The folder is locked.")

    monkeypatch.setattr(demo, "demo", refuse)

    assert cli.main(["demo"]) == 1
    assert capsys.readouterr().err == "The folder is locked.\n"


def test_one_port_for_two_is_refused():
    with pytest.raises(Stop, match="two ports"):
        demo.require_sensible(cli.parser().parse_args(["demo", "--port", "8100"]))


def test_fresh_never_empties_a_database_of_the_operator(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql:///real")

    with pytest.raises(Stop, match="empty it yourself"):
        demo.require_sensible(cli.parser().parse_args(["demo", "--fresh"]))


def test_taken_port_is_told_with_another(monkeypatch):
    monkeypatch.setattr(ports, "PATIENCE_SECONDS", 0.1)
    with socket.create_server((ports.LOOPBACK, 0)) as server:
        taken = server.getsockname()[1]

        with pytest.raises(Stop, match=f"Port {taken} is taken.*--port {taken + 10}"):
            ports.require_free(taken, option="--port")
        assert ports.first_free(taken, but=0) > taken


def test_summary_shows_addresses_and_logins(tmp_path):
    user = {"login": "anna@example.com", "password": "Воды-2026", "shows": "three meters"}
    waiting = {"inn": "1831000001", "number": "В-77"}
    content = {
        "today": "2026-10-08",
        "providers": [{"slug": "w", "name": "Водоканал", "users": [user], "unlinked": [waiting]}],
    }
    (tmp_path / "logins.json").write_text(json.dumps(content))
    settings = {"KABINET_BASE_URL": "http://localhost:8000", "KABINET_SANDBOX_URL": "http://localhost:8100"}

    told = demo.summary(Folder(path=tmp_path), settings)

    for words in (
        "http://localhost:8000/w/",
        "anna@example.com",
        "Воды-2026",
        "INN 1831000001, contract В-77",
        "http://localhost:8100/mailbox",
        "Ctrl-C",
    ):
        assert words in told


def test_serve_starts_with_everything_set(settings):
    assert list(serve.missing(settings)) == []


def test_serve_names_everything_missing_at_once():
    problems = list(serve.missing({}))

    assert [problem.split()[0] for problem in problems] == list(serve.REQUIRED)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("KABINET_SECRET_KEY", "short", "not a secret"),
        ("KABINET_SECRET_KEY", "insecure-" + "0" * 60, "not a secret"),
        ("KABINET_BASE_URL", "http://lk.example.ru", "must begin with https://"),
        ("KABINET_DATA", "/proc/nowhere", "cannot be written"),
    ],
)
def test_serve_refuses_what_is_unfit(settings, name, value, words):
    problems = list(serve.missing({**settings, name: value}))

    assert len(problems) == 1
    assert words in problems[0]


def test_serve_reads_a_secret_from_a_file(settings, tmp_path):
    (tmp_path / "key").write_text("s" * 60 + "\n")
    del settings["KABINET_SECRET_KEY"]

    assert list(serve.missing({**settings, "KABINET_SECRET_KEY_FILE": str(tmp_path / "key")})) == []


def test_serve_tells_an_unreachable_database(settings):
    problems = list(serve.database_problems({**settings, "DATABASE_URL": "postgresql://k@/k?host=/nowhere"}))

    assert len(problems) == 1
    assert problems[0].startswith("The database cannot be reached")


def test_points_of_the_catalogue():
    text = "# Title\n- SITE-01 One installation serves.\n- **READ-07** Roll-over.\n| BILL-2 | no |\nSee READ-07.\n"

    assert dict(spec.points_of(text)) == {"SITE-01": "One installation serves.", "READ-07": "Roll-over."}


def test_marks_are_counted_per_test_function(tmp_path):
    (tmp_path / "test_a.py").write_text(
        "import pytest\n"
        'pytestmark = [pytest.mark.spec("SITE-01")]\n'
        '@pytest.mark.spec("READ-01", "READ-02")\n'
        "def test_one(): ...\n"
        '@pytest.mark.spec("READ-03")\n'
        "class TestTwo:\n"
        '    @pytest.mark.spec("READ-01")\n'
        "    def test_three(self): ...\n"
        '@pytest.mark.spec("READ-09")\n'
        "def helper(): ...\n"
    )

    assert sorted(spec.marks_below(tmp_path)) == ["READ-01", "READ-01", "READ-02", "READ-03", "SITE-01", "SITE-01"]


def test_missing_golden_folder_is_told(monkeypatch):
    monkeypatch.setenv("GOLDEN_DIR", "/nowhere/golden")

    with pytest.raises(Stop, match="no folder /nowhere/golden"):
        testing.test_golden([])


def test_ordinary_user_without_chromium_gets_the_command_to_type(monkeypatch, tmp_path):
    (tmp_path / "apt-get").write_text("#!/bin/sh\n")
    (tmp_path / "apt-get").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("KABINET_CHROMIUM", raising=False)
    monkeypatch.setattr("os.geteuid", lambda: 1000)

    with pytest.raises(Stop, match="apt-get install chromium"):
        testing.ensure_browser()
