"""Read files of policies and say what is wrong with them, without a database."""

from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from kabinet.providers.formats import PolicyFault, PolicyInvalid, PolicyUnreadable, read_policy

_WORDS: Final = {
    "missing": "поля нет, оно обязательно",
    "extra_forbidden": "такого поля политика не знает",
    "model_type": "здесь должен быть объект с полями",
    "greater_than_equal": "должно быть не меньше {expected}",
    "greater_than": "должно быть больше {expected}",
    "less_than_equal": "должно быть не больше {expected}",
    "less_than": "должно быть меньше {expected}",
    "union_tag_not_found": "не указан вид (type)",
    "value_error": "не подходит: {expected}",
}
_EXPECTED: Final = "допустимо: {expected}"
_OTHER: Final = "здесь стоит значение не того вида ({code})"


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
        return [f"строка {refusal.line} — это не JSON"]
    except PolicyInvalid as refusal:
        return [_line(fault) for fault in refusal.faults]
    return []


def _line(fault: PolicyFault) -> str:
    words = _WORDS.get(fault.code) or (_EXPECTED if fault.expected else _OTHER)
    written = f"{fault.place or 'всё целиком'}{f' = {fault.value}' if fault.value else ''}"
    return f"{written} — {words.format(expected=fault.expected, code=fault.code)}"
