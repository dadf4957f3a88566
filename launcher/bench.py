"""`./run bench …`: benchmarks on a server of their own, new and as durable as a real one."""

from argparse import Namespace

from launcher import children, database, environment
from launcher.places import PYTHON
from launcher.talk import Stop

NAMES = ("enumeration", "import", "pages", "readings-file", "slips")


def bench(options: Namespace) -> int:
    """Run a benchmark and throw its data away; what was measured is on the screen."""
    if database.given():
        raise Stop("Benchmarks empty their tables, so they use a server of their own: unset DATABASE_URL.")
    environment.ensure()
    with database.thrown_away() as (supervisor, url):
        settings = {**children.base_environment(), "DATABASE_URL": url}
        supervisor.run("migrate", children.manage("migrate", "--noinput"), environment=settings)
        command = [str(PYTHON), "-m", "bench", options.name, "--accounts", str(options.accounts)]
        return supervisor.attend(command, environment=settings)
