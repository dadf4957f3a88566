"""`./run bench …`: benchmarks on a server of their own, new and as durable as a real one."""

import subprocess

from launcher import children, database, environment
from launcher.places import PYTHON, ROOT
from launcher.talk import Stop

COMMAND = (str(PYTHON), "-m", "bench")
# The portal is started by these, as it is for real use.
OVER_HTTP = {"deadline", "login", "pages", "public", "readings"}


def bench(arguments: list[str]) -> int:
    """Run a benchmark and throw its data away; what was measured is on the screen."""
    environment.ensure()
    if not arguments or {"-h", "--help"} & set(arguments):
        return subprocess.call([*COMMAND, "--help"], cwd=ROOT, env=children.base_environment())
    if database.given():
        raise Stop("Benchmarks empty their tables, so they use a server of their own: unset DATABASE_URL.")
    if OVER_HTTP & set(arguments):
        environment.ensure_static_files()
    with database.thrown_away() as (supervisor, url):
        settings = {**children.base_environment(), "DATABASE_URL": url}
        supervisor.run("migrate", children.manage("migrate", "--noinput"), environment=settings)
        return supervisor.attend([*COMMAND, *arguments], environment=settings)
