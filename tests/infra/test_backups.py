"""Backup and restore on a real server: what was, is again; whatever is not whole changes nothing (I26)."""

import shutil
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO

import psycopg
import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection
from psycopg.conninfo import make_conninfo

from kabinet.contracts.models import Contract
from kabinet.infra import chain, clock, storage
from kabinet.infra.backups import making, manifest, programs, restoring
from kabinet.infra.db import transaction_of
from kabinet.infra.models import StoredFile
from kabinet.infra.staging import run
from kabinet.readings.models import Submission
from tests import world
from tests.readings.test_services import send

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("at", "as_owner")]

MADE_AT = datetime(2025, 12, 1, 3, 0, tzinfo=UTC)


@pytest.fixture
def as_owner(transactional_db):
    """Work as the owner, as both commands do."""
    options = connection.settings_dict["OPTIONS"]
    before = options["options"]
    connection.close()
    options["options"] = before.replace("-c role=kabinet_app", "")
    yield
    connection.close()
    options["options"] = before


@pytest.fixture
def files(settings, tmp_path):
    """A store of files of the test's own; returns how to choose another one."""

    def choose(name):
        settings.STORAGES = {
            **settings.STORAGES,
            "default": {
                "BACKEND": "kabinet.infra.storage.DurableFiles",
                "OPTIONS": {"location": tmp_path / name},
            },
        }
        return tmp_path / name

    choose("files")
    return choose


@pytest.fixture
def filled(files, contract, register, anna):
    """A person who sent a reading and its correction, and a file."""
    world.link(anna, contract)
    send(contract, anna, (register, "240"))
    send(contract, anna, (register, "243"))
    chain.anchor(at=clock.technical_now())
    return kept("схема.pdf", provider=contract.provider)


def kept(name, *, provider, body=b"%PDF-1.4 scheme"):
    with transaction_of("test"):
        return storage.keep(
            BytesIO(body), provider_id=provider.pk, original_name=name, media_type="application/pdf", at=world.NOW
        )


@pytest.fixture
def elsewhere(as_owner):
    """Another, empty database of the server; from `enter` on the tests' connection leads there."""
    known = connection.settings_dict
    name, other = known["NAME"], f"{known['NAME']}_elsewhere"
    facts = {"host": known["HOST"], "port": known["PORT"], "user": known["USER"], "password": known["PASSWORD"]}
    address = make_conninfo(dbname=name, **{key: value for key, value in facts.items() if value})

    def command(text):
        with psycopg.connect(address, autocommit=True) as server:
            server.execute(text)

    def enter():
        connection.close()
        known["NAME"] = other

    command(f'DROP DATABASE IF EXISTS "{other}"')
    command(f'CREATE DATABASE "{other}" TEMPLATE template0')
    yield enter
    connection.close()
    known["NAME"] = name
    # Not by force: a vacuum of the server's own is asked to go, but may not be ended by the owner.
    command(f'DROP DATABASE "{other}"')


def silent(_words):
    pass


def backup(folder, *, at=MADE_AT):
    return making.make(folder, at=at, tell=silent)


def picture():
    """Return every row of every table, and who may do what with it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        tables = [name for (name,) in cursor.fetchall()]
        rows = {}
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')
            rows[table] = cursor.fetchall()
        cursor.execute(
            """
            SELECT relname, relkind, relacl::text, (SELECT array_agg(attname || attacl::text ORDER BY attname)
                   FROM pg_attribute a WHERE a.attrelid = c.oid AND attacl IS NOT NULL)
            FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S') ORDER BY 1
            """
        )
        rights = cursor.fetchall()
        cursor.execute("SELECT conrelid::regclass::text, conname, convalidated FROM pg_constraint ORDER BY 1, 2")
        constraints = cursor.fetchall()
        cursor.execute("SELECT indexname FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1")
        indexes = cursor.fetchall()
        cursor.execute("SELECT defaclobjtype, defaclacl::text FROM pg_default_acl ORDER BY 1")
        given_from_now_on = cursor.fetchall()
    return rows, rights, constraints, indexes, given_from_now_on


def test_what_was_is_again_elsewhere(filled, contract, register, anna, elsewhere, files, tmp_path):
    before = picture()
    made = backup(tmp_path / "backups")
    send(contract, anna, (register, "250"))
    Contract.objects.update(customer_name="после копии")
    shutil.rmtree(files("files"))
    elsewhere()
    files("files elsewhere")
    told = StringIO()

    call_command("restore", made.folder, stdout=told)

    assert picture() == before
    assert storage.is_whole(StoredFile.objects.get(pk=filled.pk))
    assert "I26 a row has its file with the stored hash: holds" in told.getvalue()
    assert "The chain holds: 1:" in told.getvalue()
    assert told.getvalue().endswith("everything holds.\n")


def test_restored_database_is_worked_with_as_before(filled, contract, register, anna, elsewhere, tmp_path):
    """The application may as much and no more: rights that new tables get are wider than those of the audit."""
    made = backup(tmp_path / "backups")
    elsewhere()
    restoring.restore(made.folder, over=False, tell=silent)

    send(contract, anna, (register, "250"))

    assert list(Submission.objects.order_by("id").values_list("value", "state")) == [
        (240, "superseded"), (243, "superseded"), (250, "sent"),
    ]  # fmt: skip
    run("SET ROLE kabinet_app", {})
    with pytest.raises(ProgrammingError, match="permission denied"):
        run("UPDATE infra_auditrow SET act = ''", {})


def test_database_that_is_not_empty_is_left_alone(filled, contract, tmp_path):
    made = backup(tmp_path / "backups")
    Contract.objects.update(customer_name="после копии")

    with pytest.raises(CommandError, match=r"not empty. Nothing was changed. --over"):
        call_command("restore", made.folder)

    assert Contract.objects.filter(customer_name="после копии").exists()


def test_over_puts_back_what_was(filled, contract, register, anna, files, tmp_path):
    before = picture()
    made = backup(tmp_path / "backups")
    send(contract, anna, (register, "250"))
    run("CREATE TABLE infra_of_a_later_version ()", {})
    default_storage.delete(filled.place)

    call_command("restore", made.folder, over=True, stdout=StringIO())

    assert picture() == before
    assert storage.is_whole(filled)


def cut(body):
    return body[: len(body) // 2]


def turned(body):
    return body[:-9] + bytes(255 - one for one in body[-9:])


def test_damaged_backup_changes_nothing(filled, tmp_path):
    made = backup(tmp_path / "backups")
    Contract.objects.update(customer_name="после копии")
    told = []

    for name in (manifest.DUMP, manifest.SUMS, manifest.NAME, f"files/{filled.place}"):
        for body in (cut, turned):
            whole = (made.folder / name).read_bytes()
            (made.folder / name).write_bytes(body(whole))
            with pytest.raises(CommandError, match="The database was not changed") as refusal:
                call_command("restore", made.folder, over=True, stdout=StringIO())
            told.append(str(refusal.value))
            (made.folder / name).write_bytes(whole)

    assert len(told) == 8
    assert Contract.objects.filter(customer_name="после копии").exists()


def test_dump_that_breaks_off_changes_nothing(filled, tmp_path):
    """The sums are right and the contents are not: one transaction holds all."""
    made = backup(tmp_path / "backups")
    dump = made.folder / manifest.DUMP
    dump.write_bytes(cut(dump.read_bytes()))
    Contract.objects.update(customer_name="после копии")

    with pytest.raises(making.DumpFailed):
        restoring._restore_database(dump, using=programs.choose(), server=99)

    assert Contract.objects.filter(customer_name="после копии").exists()


def test_folder_that_is_no_backup_is_named(tmp_path):
    (tmp_path / "2025-12-01T03-00-00Z").mkdir()

    with pytest.raises(CommandError, match=r"has no manifest.json: it is no backup, or one that was not finished"):
        call_command("restore", tmp_path / "2025-12-01T03-00-00Z")


def test_backup_of_a_newer_version_is_refused(filled, tmp_path, monkeypatch):
    made = backup(tmp_path / "backups")
    known = restoring.known_migrations()
    monkeypatch.setattr(restoring, "known_migrations", lambda: known - {"infra.0005_audit_chain"})

    with pytest.raises(CommandError, match=r"whose migrations are not known here: infra\.0005_audit_chain"):
        call_command("restore", made.folder, over=True)


def test_other_key_is_told(filled, elsewhere, settings, tmp_path):
    made = backup(tmp_path / "backups")
    elsewhere()
    settings.SECRET_KEY = "another" * 9
    told = StringIO()

    call_command("restore", made.folder, stdout=StringIO(), stderr=told)

    assert "KABINET_SECRET_KEY is another one" in told.getvalue()


def test_backup_shares_files_with_the_one_before(filled, contract, tmp_path):
    first = backup(tmp_path / "backups")
    kept("акт.pdf", provider=contract.provider)

    second = backup(tmp_path / "backups", at=MADE_AT + timedelta(days=1))

    assert (first.linked, second.linked, second.manifest.files) == (0, 1, 2)
    assert (second.folder / "files" / filled.place).samefile(first.folder / "files" / filled.place)


def test_damaged_copy_of_before_is_not_shared(filled, tmp_path):
    first = backup(tmp_path / "backups")
    (first.folder / "files" / filled.place).write_bytes(b"damaged")

    second = backup(tmp_path / "backups", at=MADE_AT + timedelta(days=1))

    assert second.linked == 0
    assert manifest.digest_of(second.folder / "files" / filled.place) == filled.sha256


def test_lost_bytes_are_told_and_the_backup_is_there(filled, contract, files, tmp_path):
    changed = kept("акт.pdf", provider=contract.provider)
    (files("files") / filled.place).unlink()
    (files("files") / changed.place).write_bytes(b"changed")
    told = StringIO()

    with pytest.raises(CommandError, match="The backup is there, but the bytes of 2 stored files are gone or changed"):
        call_command("backup", tmp_path / "backups", stdout=StringIO(), stderr=told)

    assert {str(filled.pk), str(changed.pk)} <= set(told.getvalue().split())
    assert len(making.finished_in(tmp_path / "backups")) == 1


def test_old_backups_go(filled, tmp_path):
    folders = [backup(tmp_path / "backups", at=MADE_AT + timedelta(days=day)).folder for day in range(3)]

    call_command("backup", tmp_path / "backups", keep=2, stdout=StringIO())

    assert [path.exists() for path in folders] == [False, False, True]


def test_failed_backup_leaves_nothing(filled, monkeypatch, tmp_path):
    monkeypatch.setattr(programs, "environment", lambda: {"PGHOST": "/nowhere"})

    with pytest.raises(CommandError, match="The database could not be dumped; no backup was made"):
        call_command("backup", tmp_path / "backups", stdout=StringIO())

    assert list((tmp_path / "backups").iterdir()) == []


def test_missing_programs_are_named(monkeypatch, tmp_path):
    monkeypatch.setattr(programs, "found", lambda: iter(()))

    with pytest.raises(CommandError, match=r"pg_dump of PostgreSQL \d+ or newer was not found"):
        call_command("backup", tmp_path / "backups", stdout=StringIO())


def test_backup_and_deleting_never_meet(filled, files, at_once, tmp_path, monkeypatch):
    """While files are copied the night's job deletes none; while it deletes, no backup begins."""
    copied = making._copy_files

    def copy_while_the_night_comes(*args, **options):
        at_once(lambda _: storage.delete_orphans(before=clock.technical_now() + timedelta(days=1)), 1)
        assert default_storage.exists("orphan")
        with pytest.raises(making.BackupRunning):
            raise at_once(lambda _: backup(tmp_path / "second"), 1)[0]
        return copied(*args, **options)

    (files("files") / "orphan").write_bytes(b"without a row")
    monkeypatch.setattr(making, "_copy_files", copy_while_the_night_comes)

    backup(tmp_path / "backups")

    assert storage.delete_orphans(before=clock.technical_now() + timedelta(days=1)) == 1


def test_older_servers_are_spared_newer_settings():
    top = b"SET lock_timeout = 0;\nSET transaction_timeout = 0;\n"

    assert restoring._for_server(top, server=15) == b"SET lock_timeout = 0;\n"
    assert restoring._for_server(top, server=18) == top
