"""Make a key for a provider's billing system; it is printed once and kept hashed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kabinet.exchange.services import partners
from kabinet.kernel.actors import Actor, ActorKind, Channel
from kabinet.providers.models import Provider


class Command(BaseCommand):
    help = "Выдать ключ обмена биллингу поставщика; прежний ключ перестаёт действовать"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--provider", required=True, help="короткое имя поставщика из адреса")
        parser.add_argument("--source", default="billing", help="имя системы, как в поле source её строк")
        parser.add_argument("--token", help="свой ключ вместо случайного, не короче 32 знаков")

    def handle(self, *_args: Any, provider: str, source: str, token: str | None, **_options: Any) -> None:
        row = Provider.objects.filter(slug=provider).first()
        if row is None:
            raise CommandError(f"Нет поставщика «{provider}»")
        by = Actor(ActorKind.JOB, provider_id=row.pk, channel=Channel.SYSTEM)
        try:
            self.stdout.write(partners.give_key(row, source=source, token=token, by=by))
        except partners.TokenTooShort:
            raise CommandError("Ключ короче 32 знаков можно подобрать") from None
