from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template import Engine

from kabinet.web import catalogues

FOLDERS = ("kabinet", "config")


class Command(BaseCommand):
    """Keep the catalogues in step with the texts, check them, or compile them. Needs no database."""

    help = __doc__
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        group = parser.add_mutually_exclusive_group()
        group.add_argument("--check", action="store_true", help="fail where something is missing, unused, untranslated")
        group.add_argument("--compile", action="store_true", help="make the .mo files")

    def handle(self, *_: Any, **options: Any) -> None:
        if options["compile"]:
            self._compile()
        elif options["check"]:
            self._check()
        else:
            self._update()

    def _compile(self) -> None:
        for language in catalogues.LANGUAGES:
            catalogues.compile_(settings.BASE_DIR, language)

    def _check(self) -> None:
        texts = self._texts()
        found = [
            fault
            for language in catalogues.LANGUAGES
            for fault in catalogues.faults(
                language, catalogues.read(settings.BASE_DIR, language), catalogues.wanted(language, texts)
            )
        ]
        for fault in found:
            self.stderr.write(str(fault))
        if found:
            raise CommandError(f"{len(found)} faults in the catalogues; `./run manage messages` adds what is missing")

    def _update(self) -> None:
        texts = self._texts()
        for language in catalogues.LANGUAGES:
            old = catalogues.read(settings.BASE_DIR, language)
            fresh = catalogues.update(old, catalogues.wanted(language, texts))
            catalogues.write(settings.BASE_DIR, language, fresh)
            self.stdout.write(f"{language}: {len(fresh)} texts")

    def _texts(self) -> list[catalogues.Text]:
        return catalogues.texts_of(settings.BASE_DIR, FOLDERS, engine=Engine.get_default())
