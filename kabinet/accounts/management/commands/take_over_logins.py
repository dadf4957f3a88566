"""Bring the people of a portal that this one replaces, with their logins (REG-05)."""

import csv
from dataclasses import fields
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kabinet.accounts.services.old_logins import OldLoginRefused, OldPerson, take_over
from kabinet.infra import clock
from kabinet.kernel.actors import Actor, ActorKind, Channel
from kabinet.providers.models import Provider
from kabinet.providers.selectors import provider_by_slug

COLUMNS = tuple(field.name for field in fields(OldPerson))


class Command(BaseCommand):
    help = f"Перенести людей прежнего портала; файл .csv (UTF-8, «;») со столбцами {', '.join(COLUMNS)}"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--provider", required=True, help="короткое имя поставщика из адреса")

    def handle(self, *_args: Any, file: Path, provider: str, **_options: Any) -> None:
        """Take over line by line: what was refused is told by its line, and the file may simply be brought again."""
        found = provider_by_slug(provider, at=clock.now())
        if found is None:
            raise CommandError(f"Нет поставщика «{provider}»")
        if not found.policy.old_logins:
            raise CommandError(f"В политике «{provider}» вход по прежнему логину выключен (old_logins)")
        brought = refused = known = 0
        with file.open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines, delimiter=";"):
                try:
                    is_new = _take_over(row, provider=found.row)
                except OldLoginRefused as refusal:
                    refused += 1
                    self.stderr.write(f"{row.get('login') or 'строка без логина'}: {refusal}")
                else:
                    brought, known = brought + is_new, known + (not is_new)
        self.stdout.write(f"Перенесено: {brought}, уже были: {known}, отказано: {refused}")


def _take_over(row: dict[str, str], *, provider: Provider) -> bool:
    person = OldPerson(**{name: (row.get(name) or "").strip() for name in COLUMNS})
    by = Actor(ActorKind.JOB, provider_id=provider.pk, channel=Channel.SYSTEM)
    return take_over(person, provider=provider, by=by, at=clock.technical_now())
