"""Help a person back in whom no single office may help: enrolled at several providers, or a specialist."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kabinet.accounts import selectors as accounts
from kabinet.accounts.rules.addresses import email_problem, normal_email
from kabinet.accounts.services.office_recovery import Recovery, RecoveryRefused, recover_by_operator
from kabinet.infra import clock
from kabinet.kernel.actors import Actor, ActorKind, Channel
from kabinet.providers.selectors import provider_by_slug


class Command(BaseCommand):
    help = "Записать человеку новый адрес и начать обычное восстановление входа"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--provider", required=True, help="чьё письмо получит человек")
        parser.add_argument("--email", required=True, help="адрес, который записан сейчас")
        parser.add_argument("--new-email", default="", help="новый адрес; без него код уйдёт на прежний")
        parser.add_argument("--reason", required=True, help="номер обращения или поручения, для журнала")

    def handle(self, *_args: Any, provider: str, email: str, new_email: str, reason: str, **_options: Any) -> None:
        found = provider_by_slug(provider, at=clock.now())
        user = accounts.user_with(normal_email(email))
        if found is None or user is None:
            raise CommandError("Нет такого поставщика или человека")
        if new_email and email_problem(new_email):
            raise CommandError(f"«{new_email}» — не адрес почты")
        by = Actor(ActorKind.JOB, provider_id=found.row.pk, channel=Channel.SYSTEM, reason=reason[:80])
        wanted = Recovery(user.pk, normal_email(new_email) if new_email else "")
        try:
            recover_by_operator(wanted, provider=found.row, by=by, at=clock.technical_now())
        except RecoveryRefused as refusal:
            raise CommandError(f"Отказано: {refusal.problem}") from None
        self.stdout.write("Код для нового пароля отправлен письмом.")
