"""Let a person work in a provider's office; nobody signs up there."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kabinet.accounts.letters import portal_address
from kabinet.accounts.rules.addresses import email_problem, normal_email
from kabinet.accounts.services import specialists
from kabinet.accounts.services.specialists import AlreadySpecialist
from kabinet.accounts.values import NewSpecialist, StaffRole
from kabinet.infra import clock
from kabinet.kernel.actors import Actor, ActorKind, Channel
from kabinet.providers.selectors import provider_by_slug


class Command(BaseCommand):
    help = "Завести специалиста поставщика; печатает одноразовый пароль"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--provider", required=True, help="короткое имя поставщика из адреса")
        parser.add_argument("--email", required=True)
        parser.add_argument("--last-name", default="")
        parser.add_argument("--first-name", default="")
        parser.add_argument("--middle-name", default="")
        parser.add_argument(
            "--role",
            action="append",
            choices=[role.value for role in StaffRole],
            help="роль; можно несколько раз, по умолчанию administrator",
        )

        parser.add_argument(
            "--device",
            action="store_true",
            help="настроить второй фактор сразу и напечатать его секрет: для устройства, которое выдают",
        )

    def handle(self, *_args: Any, provider: str, email: str, role: list[str] | None, **options: Any) -> None:
        found = provider_by_slug(provider, at=clock.now())
        if found is None:
            raise CommandError(f"Нет поставщика «{provider}»")
        if email_problem(email):
            raise CommandError(f"«{email}» — не адрес почты")
        wanted = NewSpecialist(
            email=normal_email(email),
            roles=frozenset(StaffRole(name) for name in role or [StaffRole.ADMINISTRATOR]),
            last_name=options["last_name"],
            first_name=options["first_name"],
            middle_name=options["middle_name"],
        )
        row = found.row
        by = Actor(ActorKind.JOB, provider_id=row.pk, channel=Channel.SYSTEM)
        try:
            appointed = specialists.appoint(wanted, provider=row, by=by, at=clock.technical_now())
        except AlreadySpecialist:
            raise CommandError(f"{wanted.email} уже работает в кабинете специалиста «{provider}»") from None
        self.stdout.write(f"Вход: {portal_address(row)}/office/sign-in/")
        self.stdout.write(f"Логин: {wanted.email}")
        self.stdout.write(f"Пароль: {appointed.password or 'прежний, от личного кабинета'}")
        if options["device"]:
            secret = specialists.hand_over_factor(
                appointed.specialist.pk, provider=row, by=by, at=clock.technical_now()
            )
            self.stdout.write(f"Секрет второго фактора: {secret}")
        self.stdout.write("При первом входе кабинет попросит настроить второй фактор и сменить одноразовый пароль.")
