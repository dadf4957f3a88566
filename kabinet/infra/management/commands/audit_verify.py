"""Compute the audit's hash chain again."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from kabinet.infra import chain


class Command(BaseCommand):
    help = "Compute the audit's hash chain again and say where it does not hold (exit code 1)"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--expect", metavar="NUMBER:DIGEST", help="an anchor as it was logged or written down")

    def handle(self, *_args: Any, expect: str | None = None, **_options: Any) -> None:
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            # One snapshot: rows that come meanwhile would look like rows outside of the chain.
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            faults = list(chain.faults())
            newest = chain.newest()
            known = expect is None or chain.is_known(expect)
        for fault in faults:
            self.stderr.write(f"{fault.code}: anchor {fault.anchor or '-'}, rows {fault.rows}")
        if not known:
            self.stderr.write(f"expected_anchor_differs: {expect}")
        if faults or not known:
            raise CommandError("The audit was changed after it was written.")
        self.stdout.write(f"The chain holds: {newest.number}:{newest.digest}" if newest else "The chain is empty.")
