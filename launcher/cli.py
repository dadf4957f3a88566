"""The commands of `./run` and their options."""

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from launcher import bench, checks, commands, deep, demo, proofs, sbom, serve, spec, testing
from launcher.talk import Stop, Stopped, complain, say

# These take the rest of the line as it is.
PASSED_ON = {
    "bench": bench.bench, "test": testing.test, "test-golden": testing.test_golden, "manage": commands.manage,
}  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code; trouble is told in a sentence, never as a traceback."""
    try:
        if arguments and arguments[0] in PASSED_ON:
            return PASSED_ON[arguments[0]](list(arguments[1:]))
        options = parser().parse_args(list(arguments) or ["help"])
        code: int = options.call(options)
    except Stop as reason:
        complain(str(reason))
        return 1
    except (Stopped, KeyboardInterrupt):
        say("Stopped.")
        return 0 if arguments and arguments[0] in {"demo", "serve"} else 130
    return code


def parser() -> argparse.ArgumentParser:
    """Describe all commands."""
    top = argparse.ArgumentParser(prog="./run", description="Kabinet: the customer portal of utility companies.")
    commands_ = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    add_demo(commands_)
    commands_.add_parser("test", help="run the tests; options go to pytest; --no-browser leaves out the journeys")
    commands_.add_parser("test-golden", help="run the golden cases of tests/golden, or of GOLDEN_DIR")
    commands_.add_parser("check", help="run every linter and static check").set_defaults(call=checks.check)
    add_serve(commands_)
    commands_.add_parser("bench", help="measure; ./run bench --help lists what, docs/benchmarks.md keeps results")
    add_deep(commands_)
    commands_.add_parser("manage", help="run a command of Django's, with the environment and the database ready")
    commands_.add_parser("lock", help="compile requirements.lock anew").set_defaults(call=commands.lock)
    commands_.add_parser("spec", help="count the tests of each requirement").set_defaults(call=spec.spec)
    add_sbom(commands_)
    commands_.add_parser("help", help="show this text").set_defaults(call=lambda _options: show_help(top))
    return top


def show_help(top: argparse.ArgumentParser) -> int:
    top.print_help()
    return 0


def add_demo(commands_: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = commands_.add_parser("demo", help="start the product with demo data; Ctrl-C stops it")
    command.add_argument("--port", type=port, default=8000, help="of the portal (8000)")
    command.add_argument("--sandbox-port", type=port, default=8100, help="of the world around it (8100)")
    command.add_argument("--data", type=folder_path, metavar="DIR", help="where the data are kept")
    command.add_argument("--today", type=day, metavar="YYYY-MM-DD", help="the day on which business time starts")
    command.add_argument("--size", type=count, metavar="N", help="N times as many contracts (1)")
    command.add_argument("--households", type=count, metavar="N", help="households of the retailer for them (2000)")
    command.add_argument("--months", type=count, metavar="M", help="months of readings of contracts after 1,000 (0)")
    command.add_argument("--fresh", action="store_true", help="throw the data away first")
    command.set_defaults(call=demo.demo)


def add_serve(commands_: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = commands_.add_parser("serve", help="run for real use; see docs/operate.md")
    command.add_argument("--host", default="127.0.0.1", help="the address to listen on (127.0.0.1: behind a proxy)")
    command.add_argument("--port", type=port, default=8000, help="of the portal (8000)")
    command.add_argument("--workers", type=count, default=2, help="web processes, four threads each (2)")
    command.set_defaults(call=serve.serve)


def add_deep(commands_: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = commands_.add_parser("deep", help="run the long tests whole and keep the result; see docs/proofs")
    names = ", ".join(part.name for part in deep.PARTS)
    command.add_argument("parts", nargs="*", metavar="PART", help=f"all of them where none is named: {names}")
    command.add_argument("--seed", type=count, metavar="N", help="repeats what a run has drawn")
    command.add_argument("--scale", type=factor, default=1.0, metavar="X", help="X times as much of everything (1)")
    command.add_argument("--into", type=folder_path, default=proofs.FOLDER, metavar="DIR", help="for the result")
    command.add_argument("--table", action="store_true", help="only make the table of docs/proofs again")
    command.set_defaults(call=deep.deep)


def add_sbom(commands_: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = commands_.add_parser("sbom", help="write what is installed, with its licences; see docs/licences.md")
    command.add_argument("--into", type=folder_path, metavar="FILE", help="where (build/sbom/kabinet.cdx.json)")
    command.set_defaults(call=sbom.sbom)
    command = commands_.add_parser("audit", help="ask the registries which installed versions are known to be faulty")
    command.set_defaults(call=sbom.audit)


def port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:  # noqa: PLR2004
        raise argparse.ArgumentTypeError(f"«{text}» is not a port: a whole number from 1 to 65535")
    return int(text)


def count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"«{text}» is not a whole number above zero")
    return int(text)


def factor(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"«{text}» is not a number above zero, like 0.1 or 2")
    return number


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"«{text}» is not a day; write it like 2026-10-08") from None


def folder_path(text: str) -> Path:
    return Path(text).absolute()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
