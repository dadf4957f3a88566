"""Runs one benchmark on DATABASE_URL, whose tables are empty and whose owner we are; `./run bench` sees to that."""

import sys
from argparse import ArgumentParser

import django

from launcher.talk import say


def main() -> int:
    parser = ArgumentParser(prog="./run bench")
    parser.add_argument("name", choices=["enumeration", "import", "pages", "readings-file", "slips"])
    parser.add_argument("--accounts", type=int, default=0)
    options = parser.parse_args()
    django.setup()
    from bench import enumeration, imports, pages, readings_file, slips

    runs, usual = {
        "enumeration": (enumeration.run, 10_000),
        "import": (imports.run, 100_000),
        "pages": (pages.run, 5_000),
        "readings-file": (readings_file.run, 10_000),
        "slips": (slips.run, 300),
    }[options.name]
    runs(options.accounts or usual, say=say)
    return 0


if __name__ == "__main__":
    sys.exit(main())
