"""What the operator does with a specialist: other roles, the end of work, a second factor set up anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kabinet.accounts import selectors as accounts
from kabinet.accounts.rules.addresses import normal_email
from kabinet.accounts.services import specialists
from kabinet.accounts.values import StaffRole
from kabinet.infra import clock
from kabinet.kernel.actors import Actor, ActorKind, Channel
from kabinet.providers.selectors import provider_by_slug


class Command(BaseCommand):
    help = "Роли, отстранение и сброс второго фактора специалиста"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--provider", required=True, help="короткое имя поставщика из адреса")
        parser.add_argument("--email", required=True)
        deed = parser.add_mutually_exclusive_group(required=True)
        deed.add_argument(
            "--role", action="append", choices=[role.value for role in StaffRole], help="роли вместо прежних"
        )
        deed.add_argument("--dismiss", action="store_true", help="закрыть кабинет специалиста сразу")
        deed.add_argument(
            "--forget-factor", action="store_true", help="потерян телефон: настроить второй фактор заново"
        )

    def handle(self, *_args: Any, provider: str, email: str, role: list[str] | None, **options: Any) -> None:
        found = provider_by_slug(provider, at=clock.now())
        person = accounts.specialist_named(normal_email(email), provider_id=found.row.pk) if found else None
        if found is None or person is None:
            raise CommandError(f"В кабинете специалиста «{provider}» нет {email}")
        row = found.row
        by = Actor(ActorKind.JOB, provider_id=row.pk, channel=Channel.SYSTEM)
        if role:
            roles = frozenset(StaffRole(name) for name in role)
            specialists.give_roles(person.pk, roles, provider=row, by=by)
        elif options["dismiss"]:
            specialists.dismiss(person.pk, provider=row, by=by, at=clock.technical_now())
        else:
            specialists.forget_factor(person.pk, provider=row, by=by)
        self.stdout.write("Готово.")
