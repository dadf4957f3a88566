"""Count again what constraints cannot hold."""

from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from kabinet.infra.db import transaction_of
from kabinet.staff.selectors.invariants import broken_files, miscounted_charges, recounts
from kabinet.staff.selectors.recount import Finding

SHOWN: Final = 20


class Command(BaseCommand):
    help = "Count the invariants again and name the rows that break them, by ids (exit code 1)"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--files", action="store_true", help="read every stored file too (I26); takes its time")

        parser.add_argument(
            "--charges", action="store_true", help="count every charge again by its rule; takes its time"
        )

    def handle(self, *_args: Any, files: bool = False, charges: bool = False, **_options: Any) -> None:
        broken = 0
        with transaction_of("audit_invariants"), connection.cursor() as cursor:
            # One snapshot: what is sent meanwhile would look like a row without its event.
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            for recount, found in recounts():
                broken += self._tell(recount.invariant, recount.says, found)
            if charges:
                broken += self._tell("I13", "a charge is what its rule makes of its values", list(miscounted_charges()))
        if files:
            broken += self._tell("I26", "a row has its file with the stored hash", list(broken_files()))
        if broken:
            raise CommandError(f"Rows that break an invariant: {broken}.")
        self.stdout.write("All invariants hold.")

    def _tell(self, invariant: str, says: str, found: list[Finding]) -> int:
        self.stdout.write(f"{invariant} {says}: {len(found) or 'holds'}")
        for finding in found[:SHOWN]:
            self.stderr.write(f"  contract {finding.contract_id or '-'}, row {finding.row_id}")
        return len(found)
