"""Makes the twin for a crowd: its statements from the portal's own, its template from a page of the portal's."""

import os
import pickle
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from tempfile import NamedTemporaryFile
from typing import Any, Final
from uuid import UUID

from bench.serving import crowd, pgbench, scripts, site, twin
from bench.serving.crowd import Crowd
from bench.serving.site import COOKIE, HEADERS, SECRET, Site
from kabinet.infra import clock
from kabinet.infra.statements import Statement, fetch
from launcher import children, ports
from launcher.children import APPLICATION_ROLE
from launcher.places import PYTHON
from launcher.processes import Program

LEARNED_FROM: Final = 1
_CSRF: Final = re.compile(r'(?<=name="csrfmiddlewaretoken" value=")[^"]+')
_KEY: Final = re.compile(r'(?<=value=")[0-9a-f-]{36}(?=">\s*<input type="hidden" name="name-)')
_FIGURE: Final = re.compile(r'(?<=class="dial-drawing__digit" )(x="\d+" y="48">)\d')


class Different(Exception):
    """Raised when the twin does not show what the portal shows: then it is no floor."""


@contextmanager
def twin_of(portal: Site, people: Crowd, port: int) -> Iterator[Site]:
    """Start the twin of a portal that runs, and see that both show the same."""
    known = known_of(people, template_of(page_at(portal, LEARNED_FROM), shown_to(people)))
    with NamedTemporaryFile(prefix="kabinet-twin-") as file:
        file.write(pickle.dumps(known))
        file.flush()
        with site.running(program(port, file.name), port=port) as beside:
            for number in (LEARNED_FROM, people.size // 2, people.size):
                require_same(page_at(portal, number), page_at(beside, number))
            yield beside


def program(port: int, known: str) -> Program:
    """Describe the twin's server: the portal's own, with as many processes."""
    options = ["--interface", "asgi", "--host", ports.LOOPBACK, "--port", str(port), "--workers", str(site.WORKERS)]
    return Program(
        name="twin",
        command=(str(PYTHON), "-m", "granian", *options, "bench.serving.twin:app"),
        environment={**os.environ, twin.KNOWN: known},
        options=children.HERE,
    )


def known_of(people: Crowd, template: str) -> twin.Known:
    """Return all that the twin has to know."""
    who, what = scripts.statements_of(people, "readings", LEARNED_FROM)
    return twin.Known(
        address=address(),
        role=APPLICATION_ROLE,
        cookie=COOKIE,
        path=scripts.PAGES["readings"],
        who=numbered(who),
        what=numbered(what),
        store=numbered(scripts.storing_of(people, LEARNED_FROM)),
        places=places(fetch(who)[0], fetch(what)[0]),
        today=clock.today(people.provider.row.zone),
        template=template,
    )


def numbered(statement: Statement) -> twin.Asking:
    """Write a statement as asyncpg takes it."""
    names: list[str] = []

    def put(name: str, value: Any) -> str:
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}{pgbench.type_of(value)}"

    return twin.Asking(pgbench.spelled(statement, put), tuple(names), dict(statement.parameters))


def address() -> str:
    """Return the database's address, as asyncpg takes it."""
    return str(os.environ["DATABASE_URL"])


def places(told: Sequence[Any], found: Sequence[Any]) -> dict[str, int]:
    """Return where things stand in the rows: found by what they are known to be for the first person."""
    number = LEARNED_FROM
    lists = [place for place, value in enumerate(found) if isinstance(value, list) and len(value) > 1]
    return {
        "person": told.index(UUID(crowd.id_of("a", number))),
        "first_name": told.index(crowd.FIRST_NAME),
        "last_name": told.index(crowd.LAST_NAME),
        "contract": found.index(UUID(crowd.id_of("c", number))),
        "customer_name": found.index(f"ООО «Абонент {number}»"),
        "customer_number": found.index(str(number), found.index(f"ООО «Абонент {number}»")),
        "register": found.index(UUID(crowd.id_of("e", number))),
        "meter": found.index(str(crowd.FIRST_METER + number)),
        "make": found.index(crowd.MAKE),
        "due": found.index(crowd.DUE),
        "address": found.index(f"{crowd.STREET}{number}"),
        "limit": found.index(crowd.LIMIT),
        "values": lists[0],
        "days": lists[1],
    }


def shown_to(people: Crowd) -> dict[str, Any]:
    """Return what the page shows of the first person, as the twin makes it."""
    who, what = scripts.statements_of(people, "readings", LEARNED_FROM)
    return twin.facts_of(fetch(who)[0], fetch(what)[0], known_of(people, ""))


def template_of(page: str, shown: Mapping[str, Any]) -> str:
    """Make a template of a page: a hole wherever it shows something of the person whose page it is."""
    black = iter(range(len(str(shown["previous"]))))
    text = _FIGURE.sub(lambda found: f"{found[1]}{{{{ previous[{next(black)}] }}}}", page, count=len(shown["previous"]))
    text = _CSRF.sub("{{ csrf }}", _KEY.sub("{{ key }}", text))
    for name in ("contract", "register", "title", "address", "name", "previous_on", "due", "make", "meter"):
        text = text.replace(str(shown[name]), f"{{{{ {name} }}}}")
    for name, around in (("previous", ">{} м³"), ("plain", 'data-previous="{}"'), ("limit", 'data-limit="{}"'),
                         ("usual", 'data-usual="{}"'), ("previous", "чёрные: {}.")):  # fmt: skip
        text = text.replace(around.format(shown[name]), around.format(f"{{{{ {name} }}}}"))
    return text


def page_at(server: Site, number: int) -> str:
    """Return a person's page as a browser gets it."""
    asking = HTTPConnection(ports.LOOPBACK, server.port, timeout=30)
    cookie = f"{COOKIE}={crowd.token(number)}; __Host-kabinet-csrf={SECRET}"
    asking.request("GET", scripts.PAGES["readings"], headers={**HEADERS, "Cookie": cookie})
    answer = asking.getresponse()
    text = answer.read().decode()
    asking.close()
    if answer.status != 200:  # noqa: PLR2004 - what HTTP calls well
        raise Different(f"{server.name}: {answer.status}")
    return text


def require_same(one: str, other: str) -> None:
    """Compare two pages but for the secrets of forms and the keys of sendings, which are new each time."""
    if normal(one) != normal(other):
        raise Different("the twin's page differs from the portal's")


def normal(page: str) -> str:
    return _CSRF.sub("", _KEY.sub("", page)).strip()
