"""`./run demo`: the whole product with a synthetic utility around it, on this machine alone."""

import json
import os
from argparse import Namespace
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from launcher import children, database, environment, folder, locks, ports, postgres
from launcher.accounts import server_account
from launcher.folder import Folder
from launcher.places import default_data_folder
from launcher.processes import Child
from launcher.supervisor import Supervisor, status_of
from launcher.talk import Stop, say

WORKERS: Final = 2
ANSWER_SECONDS: Final = 60
PRIVATE: Final = 0o077


def demo(options: Namespace) -> int:
    """Start everything, say where it is, and keep it running until Ctrl-C."""
    require_sensible(options)
    environment.ensure()
    environment.ensure_static_files()
    os.umask(PRIVATE)
    home = folder.open_folder(options.data or default_data_folder())
    lock = folder.hold(home)
    try:
        ports.require_free(options.port, option="--port")
        ports.require_free(options.sandbox_port, option="--sandbox-port")
        supervise(home, options)
    finally:
        locks.release(lock)
    return 0


def require_sensible(options: Namespace) -> None:
    if options.port == options.sandbox_port:
        raise Stop("The portal and the sandbox need two ports: choose different --port and --sandbox-port.")
    if options.fresh and database.given():
        raise Stop("--fresh empties our own database only. DATABASE_URL is yours: empty it yourself, or unset it.")


def supervise(home: Folder, options: Namespace) -> None:
    """Run the demo in its folder; every process ends before this returns."""
    supervisor = Supervisor(logs=home.logs)
    with supervisor.watching():
        if options.fresh:
            throw_away(home)
        settings = settings_of(home, options)
        settings["DATABASE_URL"] = database.given() or start_database(supervisor, home)
        prepare_data(supervisor, settings, options)
        start_processes(supervisor, settings, options)
        say(summary(home, settings))
        while True:
            supervisor.tick()


def throw_away(home: Folder) -> None:
    """Empty the folder, after ending a server that a killed start left in it."""
    if (home.path / "postgres" / "postmaster.pid").exists():
        postgres.clear_the_way(cluster_of(home))
    folder.empty(home)


def cluster_of(home: Folder) -> postgres.Cluster:
    password = folder.secrets_of(home)["database_password"]
    return postgres.prepare(home.path, account=server_account(), password=password)


def start_database(supervisor: Supervisor, home: Folder) -> str:
    cluster = cluster_of(home)
    say(f"Starting PostgreSQL {cluster.binaries.major}.")
    return database.start(supervisor, cluster)


def settings_of(home: Folder, options: Namespace) -> dict[str, str]:
    """Return the environment of the demo's processes."""
    smtp_port = ports.first_free(options.sandbox_port + 1, but=options.port)
    return {
        **kept_settings(home, shift=folder.clock_shift(home, today=options.today)),
        "KABINET_BASE_URL": f"http://localhost:{options.port}",
        "KABINET_SMTP_URL": f"smtp://{ports.LOOPBACK}:{smtp_port}",
        "KABINET_SANDBOX_URL": f"http://localhost:{options.sandbox_port}",
        "KABINET_SANDBOX_SMTP_PORT": str(smtp_port),
    }


def kept_settings(home: Folder, *, shift: int) -> dict[str, str]:
    """Return what belongs to the data folder, whatever ports are used."""
    secrets = folder.secrets_of(home)
    return {
        **children.base_environment(),
        "KABINET_MODE": "demo",
        "KABINET_DATA": str(home.path),
        "KABINET_SECRET_KEY": secrets["secret_key"],
        "KABINET_PARTNER_KEYS": json.dumps(secrets["partner_keys"]),
        "KABINET_CLOCK_SHIFT": str(shift),
        "KABINET_MAIL_FROM": "Kabinet <noreply@kabinet.localhost>",
    }


def prepare_data(supervisor: Supervisor, settings: dict[str, str], options: Namespace) -> None:
    say("Preparing the data.")
    owner, application = children.as_owner(settings), children.as_application(settings)
    supervisor.run("migrate", children.manage("migrate", "--noinput"), environment=owner)
    asked = {"--size": options.size, "--months": options.months, "--households": options.households}
    sizes = [part for name, value in asked.items() if value is not None for part in (name, str(value))]
    supervisor.run("load_demo", children.manage("load_demo", *sizes), environment=application, aloud=True)


def start_processes(supervisor: Supervisor, settings: dict[str, str], options: Namespace) -> None:
    """Start portal, sandbox, worker and relay, and wait until the first two answer."""
    portal = supervisor.start(children.portal(settings, host=ports.LOOPBACK, port=options.port, workers=WORKERS))
    sandbox = supervisor.start(children.sandbox(settings, port=options.sandbox_port))
    supervisor.start(children.worker(settings))
    supervisor.start(children.relay(settings))
    for child, port, path in (
        (portal, options.port, "/livez"),
        (sandbox, options.sandbox_port, "/demo/logins.json"),
    ):
        wait_for_page(supervisor, child, port=port, path=path)


def wait_for_page(supervisor: Supervisor, child: Child, *, port: int, path: str) -> None:
    """Wait until the child answers there as it should."""

    def is_ready() -> bool:
        return status_of(ports.LOOPBACK, port, path) == HTTPStatus.OK

    supervisor.wait_until(is_ready, child=child, seconds=ANSWER_SECONDS)


def summary(home: Folder, settings: dict[str, str]) -> str:
    """Say where everything is: addresses, logins, how to stop."""
    logins = read_logins(home.path / "logins.json")
    base, sandbox = settings["KABINET_BASE_URL"], settings["KABINET_SANDBOX_URL"]
    lines = ["", "Kabinet is running.", ""]
    for provider in logins.get("providers", []):
        lines += provider_lines(provider, base=base)
    if not logins:
        lines += [f"  {base}/"]
    lines += ["  The world around it:"]
    lines += [f"    {sandbox}/{page:<9} {words}" for page, words in SANDBOX_PAGES.items()]
    lines += ["", f"Business time: {logins.get('today', 'today')}. Data and logs: {home.path}", "Stop with Ctrl-C."]
    return "\n".join(lines)


CONTRACTS_SHOWN: Final = 2
SANDBOX_PAGES: Final = {
    "mailbox": "every letter the portal sends",
    "billing": "the billing system it exchanges data with",
    "demo": "all logins and what each can try",
}


def provider_lines(provider: dict[str, Any], *, base: str) -> list[str]:
    """Describe a provider: its address, who can sign in, and a few contracts that wait to be linked."""
    users, waiting = provider["users"], provider.get("unlinked", [])[:CONTRACTS_SHOWN]
    linking = provider.get("linking", "")
    width = max((len(user["login"]) for user in users), default=0)
    return [
        f"  {provider['name']}: {base}/{provider['slug']}/",
        *(f"    {user['login']:<{width}}  {_password(user)}  {user['shows']}" for user in users),
        *(
            f"    {one['url']}  {one['email']}  password {one['password']}  second factor {one['totp_secret']}"
            for one in provider.get("specialists", [])
        ),
        *(f"    to link: {_way(contract, linking)}, contract {contract['number']}" for contract in waiting),
        "",
    ]


def _password(user: dict[str, Any]) -> str:
    return f"password {user['password']}" if user["password"] else "password in the mailbox"


def _way(contract: dict[str, Any], linking: str) -> str:
    """Say what a contract is linked by, beside its number."""
    if linking == "number_and_email":
        return f"e-mail {contract['emails'][0]}"
    if linking == "account_holder_meter":
        meters = [meter["number"] for meter in contract["meters"]]
        return f"holder {contract['customer_name']}, meter {meters[0] if meters else 'none'}"
    return f"INN {contract['inn']}"


def read_logins(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
