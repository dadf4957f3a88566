"""`./run manage …` and `./run lock`."""

import os
from argparse import Namespace
from typing import Final

from launcher import children, database, demo, environment, folder, locks, postgres
from launcher.environment import LOCK_FILE, UV
from launcher.folder import Folder
from launcher.places import ROOT, default_data_folder
from launcher.steps import run_step
from launcher.supervisor import Supervisor
from launcher.talk import Stop, say

NEEDS_NO_DATABASE: Final = {
    "--help", "--version", "-h", "check", "collectstatic", "diffsettings", "findstatic", "help", "makemigrations",
    "messages", "startapp", "version",
}  # fmt: skip
AS_OWNER: Final = {
    "backup", "dbshell", "flush", "makemigrations", "migrate", "restore", "showmigrations", "sqlflush", "sqlmigrate",
}  # fmt: skip


def manage(arguments: list[str]) -> int:
    """Run a command of Django's on DATABASE_URL, else on the demo's data."""
    environment.ensure()
    name = arguments[0] if arguments else "help"
    if database.given() or name in NEEDS_NO_DATABASE:
        return replace_by_django(arguments, children.base_environment())
    home = folder.open_folder(default_data_folder())
    cluster = demo.cluster_of(home)
    settings = {
        **demo.kept_settings(home, shift=folder.clock_shift(home, today=None)),
        "KABINET_POSTGRES_BIN": str(cluster.binaries.folder),
    }
    try:
        lock = locks.take(home.lock)
    except locks.Held:
        return with_running_server(arguments, settings, home, cluster)
    try:
        return with_own_server(arguments, settings, home, cluster)
    finally:
        locks.release(lock)


def replace_by_django(arguments: list[str], settings: dict[str, str]) -> int:
    """Become the command; there is nothing to clean up after it."""
    command = children.manage(*arguments)
    os.chdir(ROOT)
    os.execve(command[0], command, in_role(arguments, settings))


def with_running_server(arguments: list[str], settings: dict[str, str], home: Folder, cluster: postgres.Cluster) -> int:
    """Use the server of the demo, or of another command, that runs on the same data."""
    locks.share(home.path / "users")
    if not postgres.is_ready(cluster):
        raise Stop(f"The data in {home.path} are in use by a start that is not ready. Try again soon.")
    return replace_by_django(arguments, {**settings, "DATABASE_URL": cluster.url})


def with_own_server(arguments: list[str], settings: dict[str, str], home: Folder, cluster: postgres.Cluster) -> int:
    supervisor = Supervisor(logs=home.logs)
    with supervisor.watching():
        settings["DATABASE_URL"] = database.start(supervisor, cluster)
        code = supervisor.attend(children.manage(*arguments), environment=in_role(arguments, settings))
        wait_for_others(home)
        return code


def wait_for_others(home: Folder) -> None:
    """Keep the server for commands that came while ours ran."""
    if not locks.is_free(home.path / "users"):
        say("Done; keeping the database for another command that uses it.")
        with locks.waiting(home.path / "users"):
            return


def in_role(arguments: list[str], settings: dict[str, str]) -> dict[str, str]:
    """Let the owner migrate, and the application's role do all else."""
    name = arguments[0] if arguments else "help"
    return children.as_owner(settings) if name in AS_OWNER else children.as_application(settings)


def lock(_options: Namespace) -> int:
    """Compile requirements.in into requirements.lock, with hashes, for every platform."""
    environment.ensure()
    options = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--quiet"]
    run_step("uv pip compile", [str(UV), "pip", "compile", *options, "requirements.in", "-o", str(LOCK_FILE)])
    say("requirements.lock is compiled anew.")
    return 0
