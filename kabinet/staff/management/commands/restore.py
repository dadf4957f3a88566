"""Put a backup back and look at everything that was put back."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from kabinet.infra.backups import restoring
from kabinet.infra.backups.making import DumpFailed
from kabinet.infra.backups.manifest import NotABackup
from kabinet.infra.backups.programs import NoPrograms
from kabinet.infra.backups.restoring import BackupIsNewer, DatabaseInUse, DatabaseNotEmpty, Restored

UNTOUCHED = "Nothing was changed."


class Command(BaseCommand):
    help = "Put a backup back into an empty database and look at it: rows, files, invariants, the audit's chain"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="one backup: the folder named by its time")
        parser.add_argument("--over", action="store_true", help="let what is in the database go")

    def handle(self, *_args: Any, folder: Path, over: bool, **_options: Any) -> None:
        restored = self._restored(folder.absolute(), over=over)
        self._report(restored)
        if restored.differing:
            told = ", ".join(f"{name}: {was}, now {now}" for name, (was, now) in restored.differing.items())
            raise CommandError(f"Rows differ from those of the backup: {told}.")
        if restored.unapplied:
            self.stdout.write("This version has migrations that the backup lacks. Now run: ./run manage migrate")
            return
        call_command("audit_invariants", files=True, stdout=self.stdout, stderr=self.stderr)
        anchor = restored.manifest.anchor
        call_command("audit_verify", expect=anchor or None, stdout=self.stdout, stderr=self.stderr)
        self.stdout.write("Restored and looked at: everything holds.")

    def _restored(self, folder: Path, *, over: bool) -> Restored:
        try:
            return restoring.restore(folder, over=over, tell=self.stdout.write)
        except DatabaseNotEmpty:
            raise CommandError(f"The database is not empty. {UNTOUCHED} --over lets what is in it go.") from None
        except DatabaseInUse as refusal:
            raise CommandError(
                f"Others use the database ({refusal.others} connections). {UNTOUCHED} Stop the portal first."
            ) from None
        except BackupIsNewer as refusal:
            raise CommandError(
                f"The backup was made by a newer version, whose migrations are not known here: "
                f"{', '.join(refusal.migrations)}. {UNTOUCHED} Restore it with that version."
            ) from None
        except NotABackup as refusal:
            raise CommandError(f"{refusal} The database was not changed.") from None
        except NoPrograms as refusal:
            raise CommandError(
                f"pg_restore and psql of PostgreSQL {refusal.needed} or newer were not found. {UNTOUCHED} Install the "
                "client programs, or name their folder in KABINET_POSTGRES_BIN."
            ) from None
        except DumpFailed as failure:
            raise CommandError(f"{failure}\nThe database was not changed: it is restored as a whole or not.") from None

    def _report(self, restored: Restored) -> None:
        made = restored.manifest
        self.stdout.write(f"Of {made.made_at}: {sum(made.rows.values())} rows, {made.files} files.")
        if made.broken:
            self.stderr.write(f"The bytes of {len(made.broken)} files were gone or changed when the backup was made.")
        if not restored.has_same_key:
            self.stderr.write(
                "KABINET_SECRET_KEY is another one than when the backup was made: second factors of specialists and "
                "links in letters of that time do not work. Take the old key, or --forget-factor for each specialist."
            )
