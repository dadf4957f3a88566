"""The processes of an installation and the environment that each of them gets."""

import os
from collections.abc import Mapping
from typing import Any, Final

from launcher.places import PYTHON, ROOT
from launcher.processes import Program

HERE: Final[Mapping[str, Any]] = {"cwd": str(ROOT)}
APPLICATION_ROLE: Final = "kabinet_app"
# Most of them wait in the queue before the application (kabinet/infra/gate.py), which lets a few work at once.
BLOCKING_THREADS: Final = 80

Environment = Mapping[str, str]


def manage(*arguments: str) -> tuple[str, ...]:
    return (str(PYTHON), "manage.py", *arguments)


def base_environment() -> dict[str, str]:
    """Return what every child gets beside its own settings."""
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONUNBUFFERED": "1"}


def as_application(environment: Environment) -> dict[str, str]:
    """Return the environment of a process that may only what the application may; the owner migrates."""
    return {**environment, "KABINET_DB_ROLE": APPLICATION_ROLE}


def as_owner(environment: Environment) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name != "KABINET_DB_ROLE"}


def portal(environment: Environment, *, host: str, port: int, workers: int) -> Program:
    """Describe the WSGI server: processes × threads, since synchronous Django under ASGI is several times slower."""
    options = ["--interface", "wsgi", "--host", host, "--port", str(port), "--workers", str(workers)]
    options += ["--blocking-threads", str(BLOCKING_THREADS), "--respawn-failed-workers", "--workers-kill-timeout", "5"]
    return Program(
        name="portal",
        command=(str(PYTHON), "-m", "granian", *options, "config.wsgi:application"),
        environment=as_application(environment),
        options=HERE,
    )


def worker(environment: Environment) -> Program:
    return Program(
        name="worker",
        command=manage("work"),
        environment=as_application(environment),
        options=HERE,
    )


def relay(environment: Environment) -> Program:
    return Program(name="relay", command=manage("relay"), environment=as_application(environment), options=HERE)


def sandbox(environment: Environment, *, port: int) -> Program:
    """Describe the world around the portal; it gets no key of the portal's own and no way to its database."""
    hidden = {"DATABASE_URL", "KABINET_SECRET_KEY", "KABINET_DB_ROLE"}
    return Program(
        name="sandbox",
        command=(str(PYTHON), "-m", "sandbox", "--port", str(port)),
        environment={name: value for name, value in environment.items() if name not in hidden},
        options=HERE,
    )
