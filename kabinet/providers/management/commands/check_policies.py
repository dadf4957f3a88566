"""Read files of policies and say what is wrong with them, without a database."""

from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from kabinet.providers.formats import PolicyFault, PolicyUnreadable, read_policy

_WORDS: Final = {
    "missing": "поля нет, оно обязательно",
    "extra_forbidden": "такого поля политика не знает",
    "json_invalid": "это не JSON: {allowed}",
    "model_type": "здесь должен быть объект с полями",
    "greater_than_equal": "должно быть не меньше {allowed}",
    "greater_than": "должно быть больше {allowed}",
    "less_than_equal": "должно быть не больше {allowed}",
    "union_tag_not_found": "не указан вид (type)",
}
_ALLOWED: Final = "допустимо: {allowed}"
_OTHER: Final = "значение не подходит ({code})"


class Command(BaseCommand):
    help = "Check files of policies: every fault with its file, field and value (exit code 1)"
    # A file is read before any provider, and any database, is there.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")

    def handle(self, *_args: Any, files: Iterable[Path], **_options: Any) -> None:
        faults = [f"{path}: {line}" for path in files for line in _faults_of(path)]
        for line in faults:
            self.stderr.write(line)
        if faults:
            raise CommandError(f"Ошибок: {len(faults)}. Политика с ошибкой не принимается.")
        self.stdout.write("Все политики верны.")


def _faults_of(path: Path) -> list[str]:
    try:
        read_policy(path.read_bytes())
    except OSError as error:
        return [f"файл не прочитан: {error.strerror}"]
    except PolicyUnreadable as refusal:
        return [_line(fault) for fault in refusal.faults]
    return []


def _line(fault: PolicyFault) -> str:
    words = _WORDS.get(fault.code) or (_ALLOWED if fault.allowed else _OTHER)
    said = words.format(allowed=fault.allowed, code=fault.code)
    return " ".join(filter(None, (f"{fault.field or '(весь файл)'}", fault.value and f"= {fault.value}", f"— {said}")))
