"""Load the demonstration; on a loaded database it changes nothing."""

import gc
import json
import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from demo.history import MONTHS
from demo.loading.whole import Order, load
from demo.utilities import P
from kabinet.exchange.services.batches import BatchRefused
from kabinet.infra import clock
from sandbox.demo.logins import Addresses


class Command(BaseCommand):
    help = "Загрузить демонстрационные данные: поставщиков, договоры, показания, пользователей."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--size", type=int, default=1, help="во сколько раз больше договоров (по умолчанию 1)")
        parser.add_argument(
            "--months", type=int, default=0, help="месяцев показаний у договоров после первой тысячи (0)"
        )

        parser.add_argument(
            "--households", type=int, default=P.contracts, help=f"домохозяйств у поставщика P ({P.contracts})"
        )

    def handle(self, *_: Any, size: int, months: int, households: int, **__: Any) -> None:
        if size < 1 or households < 1:
            raise CommandError("--size и --households — целые числа не меньше 1")
        if not 0 <= months <= MONTHS:
            raise CommandError(f"--months — целое число от 0 до {MONTHS}")
        order = Order(
            size=size,
            data=settings.DATA_DIR,
            addresses=Addresses(settings.BASE_URL, settings.SANDBOX_URL or "http://localhost:8100"),
            keys=json.loads(os.environ.get("KABINET_PARTNER_KEYS") or "{}"),
            at=clock.now(),
            months=months,
            households=households,
        )
        # Rows by the hundred thousand wait for their batch, and none of them is part of a cycle.
        gc.set_threshold(200_000, 50, 100)
        try:
            load(order, say=self.stdout.write)
        except BatchRefused as refusal:
            first = [problem.model_dump() for problem in refusal.report.problems[:3]]
            raise CommandError(f"Обмен не принял строки демонстрации: {first}") from refusal
