"""Load a provider's contracts for the first time, from files of billing's rows: in minutes, with the portal waiting."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from kabinet.exchange import selectors
from kabinet.exchange.formats.packing import Unreadable
from kabinet.exchange.models import Partner
from kabinet.exchange.services import first
from kabinet.exchange.services.batches import BatchRefused
from kabinet.exchange.values.wire import Report
from kabinet.infra import clock
from kabinet.kernel.actors import Actor, ActorKind, Channel

PROBLEMS_TOLD: Final = 20


class Command(BaseCommand):
    help = "Загрузить договоры поставщика в первый раз, из файлов NDJSON (и .gz); портал на это время ждёт."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--provider", required=True, help="короткое имя поставщика из адреса")
        parser.add_argument("--source", default="billing", help="имя системы, как в поле source её строк")
        parser.add_argument("files", nargs="+", type=Path, help="файлы строк; вместе это одна загрузка")

    def handle(self, *_: Any, provider: str, source: str, files: list[Path], **__: Any) -> None:
        partner = selectors.partner_named(source, of_provider=provider)
        if partner is None:
            raise CommandError(f"У поставщика «{provider}» нет системы «{source}»: сначала create_partner")
        began = time.perf_counter()
        try:
            report = self._load(partner, files)
        except first.AlreadyLoaded:
            raise CommandError("У поставщика уже есть договоры: дальнейшее приходит обменом") from None
        except (OSError, Unreadable) as broken:
            raise CommandError(f"Ничего не загружено, файл не прочитан: {broken}") from broken
        except BatchRefused as refusal:
            raise CommandError(_told(refusal.report)) from refusal
        self._say(report, time.perf_counter() - began)

    def _load(self, partner: Partner, files: list[Path]) -> Report:
        by = Actor(ActorKind.PARTNER, id=partner.pk, provider_id=partner.provider_id, channel=Channel.SYSTEM)
        return first.load_files(files, partner=partner, by=by, at=clock.now())

    def _say(self, report: Report, seconds: float) -> None:
        for name, counts in report.entities.items():
            self.stdout.write(f"{name}: {counts.inserted}")
        self.stdout.write(f"Загружено за {seconds:.1f} с, пачка {report.batch}")


def _told(report: Report) -> str:
    lines = [
        f"строка {one.line}: {one.entity} {one.external_id} {one.field} {one.code}"
        for one in report.problems[:PROBLEMS_TOLD]
    ]
    return "\n".join([f"Ничего не загружено, ошибок: {report.problems_total}", *lines])
