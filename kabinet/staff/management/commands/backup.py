"""Make a backup: database and stored files of one moment."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kabinet.infra import clock
from kabinet.infra.backups import making
from kabinet.infra.backups.making import BackupRunning, DumpFailed, Made
from kabinet.infra.backups.programs import NoPrograms

SHOWN = 20


class Command(BaseCommand):
    help = "Write database and stored files, of one moment, into a new folder below FOLDER (docs/operate.md)"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="where backups are kept; each gets a folder named by its time")
        parser.add_argument("--keep", type=int, metavar="N", help="delete backups past the newest N afterwards")

    def handle(self, *_args: Any, folder: Path, keep: int | None, **_options: Any) -> None:
        if keep is not None and keep < 1:
            raise CommandError("--keep: keep one backup at least. Nothing was done.")
        self._report(self._made(folder.absolute()))
        for old in making.forget_old(folder, keep=keep) if keep else ():
            self.stdout.write(f"Deleted {old}.")

    def _made(self, folder: Path) -> Made:
        try:
            return making.make(folder, at=clock.technical_now(), tell=self.stdout.write)
        except BackupRunning:
            raise CommandError("Another backup is being made, or files are being deleted. Try again later.") from None
        except NoPrograms as refusal:
            raise CommandError(
                f"pg_dump of PostgreSQL {refusal.needed} or newer was not found. Install the client programs, "
                "or name their folder in KABINET_POSTGRES_BIN."
            ) from None
        except DumpFailed as failure:
            raise CommandError(f"{failure}\nThe database could not be dumped; no backup was made.") from None
        except FileExistsError:
            raise CommandError("A backup of this very second is there already. Try again.") from None
        except OSError as error:
            raise CommandError(f"{error.strerror}: {error.filename}. No backup was made.") from None

    def _report(self, made: Made) -> None:
        facts = made.manifest
        self.stdout.write(
            f"{made.folder}: {sum(facts.rows.values())} rows of {len(facts.rows)} tables, {facts.files} files "
            f"({made.linked} shared with the backup before), {facts.size / making.MEGABYTE:.1f} MB."
        )
        if facts.broken:
            for row in facts.broken[:SHOWN]:
                self.stderr.write(f"  row {row}")
            raise CommandError(
                f"The backup is there, but the bytes of {len(facts.broken)} stored files are gone or changed: "
                "take them from an older backup."
            )
