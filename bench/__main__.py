"""Runs one benchmark on DATABASE_URL, whose tables are empty and whose owner we are; `./run bench` sees to that."""

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Mapping
from typing import Final

import django

from launcher.talk import Stop, complain, say

# The usual number of accounts, registers, slips or meters.
USUAL: Final[Mapping[str, int]] = {
    "deadline": 300_000, "enumeration": 10_000, "import": 100_000, "login": 10_000, "pages": 5_000,
    "public": 2_000, "readings": 0, "readings-file": 10_000, "slips": 300,
}  # fmt: skip
SIZES: Final = (10_000, 100_000, 1_000_000)


def main() -> int:
    options = parser().parse_args()
    django.setup()
    try:
        benches()[options.name](options)
    except Stop as reason:
        complain(str(reason))
        return 1
    return 0


def parser() -> ArgumentParser:
    """Describe the benchmarks and what can be chosen."""
    top = ArgumentParser(prog="./run bench", description="Measure; docs/benchmarks.md tells what, and keeps results.")
    top.add_argument("name", choices=sorted(USUAL), help="what is measured")
    top.add_argument("--accounts", type=whole, metavar="N", help="accounts, registers, slips, or meters of a contract")
    top.add_argument(
        "--sizes", type=sizes, default=SIZES, metavar="N,N", help="pages, readings: contracts (10000,100000,1000000)"
    )
    top.add_argument("--rounds", type=whole, default=3, metavar="N", help="over HTTP: turns (3)")
    top.add_argument("--seconds", type=whole, default=8, metavar="N", help="over HTTP: of each stretch of load (8)")
    top.add_argument("--months", type=whole, default=24, metavar="N", help="over HTTP: of readings a contract (24)")
    top.add_argument("--port", type=whole, default=8321, metavar="P", help="over HTTP: the first of two (8321)")
    top.add_argument(
        "--minutes",
        type=minutes,
        default=10.0,
        metavar="M",
        help="deadline: of the first stretch; then half, a quarter",
    )
    top.add_argument("--rows", type=whole, default=300_000, metavar="N", help="deadline: that billing sends (300000)")
    top.add_argument("--only", default="", metavar="PART", help="pages: crowd, or points; import: first-load")
    return top


def benches() -> dict[str, Callable[[Namespace], object]]:
    """Return what runs under each name."""
    from bench import enumeration, imports, pages, public, readings_file, slips
    from bench.serving import deadline, opening, sending, storm
    from bench.serving.plan import Plan

    def plan_of(options: Namespace) -> Plan:
        return Plan(options.sizes, options.rounds, options.seconds, options.months, options.port)

    def many_pages(options: Namespace) -> None:
        if options.only in {"", "crowd"}:
            opening.run(plan_of(options), say=say)
        if options.only in {"", "points"}:
            pages.run(count_of(options), say=say)

    def last_evening(options: Namespace) -> None:
        plan = deadline.Plan(count_of(options), options.minutes, options.months, options.rows, port=options.port)
        if not deadline.run(plan, say=say):
            raise Stop("What people were told is not what is stored.")

    def many_guesses(options: Namespace) -> None:
        if not public.run(public.Plan(count_of(options), port=options.port), say=say):
            raise Stop("Limits, answers or rows are not what they have to be.")

    def many_logins(options: Namespace) -> None:
        plan = storm.Plan(count_of(options), options.rounds, float(options.seconds), port=options.port)
        storm.run(plan, say=say)

    return {
        "deadline": last_evening,
        "login": many_logins,
        "enumeration": lambda options: enumeration.run(count_of(options), say=say),
        "import": lambda options: imports.run(count_of(options), is_whole=options.only != "first-load", say=say),
        "pages": many_pages,
        "public": many_guesses,
        "readings": lambda options: sending.run(plan_of(options), say=say),
        "readings-file": lambda options: readings_file.run(count_of(options), say=say),
        "slips": lambda options: slips.run(count_of(options), say=say),
    }


def count_of(options: Namespace) -> int:
    return int(options.accounts or USUAL[options.name])


def whole(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"«{text}» is not a whole number above zero")
    return int(text)


def minutes(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise ArgumentTypeError(f"«{text}» is not a number of minutes")
    return number


def sizes(text: str) -> tuple[int, ...]:
    return tuple(map(whole, text.split(",")))


if __name__ == "__main__":
    sys.exit(main())
