"""Which topic a subject names."""

from collections.abc import Iterable
from typing import Final, Protocol

from kabinet.tickets.values import TopicValue

# The theme «ЛКК ЮЛ» with its section «Права доступа»: who writes there asks for the role «Администратор» (ROLE-03).
ACCESS: Final = ("lk", "access")


class _Coded(Protocol):
    @property
    def code(self) -> str: ...


class _AboutSomething(Protocol):
    @property
    def topic(self) -> _Coded | None: ...

    @property
    def section(self) -> _Coded | None: ...


def is_about_access(ticket: _AboutSomething) -> bool:
    """Say whether the ticket asks for the role «Администратор»."""
    if ticket.topic is None or ticket.section is None:
        return False
    return (ticket.topic.code, ticket.section.code) == ACCESS


def topic_named(subject: str, topics: Iterable[TopicValue]) -> TopicValue | None:
    """Return the topic or section whose name was chosen or typed, in any case; other words name none."""
    wanted = _key(subject)
    return next((topic for topic in topics if _key(topic.name) == wanted), None)


def _key(text: str) -> str:
    return " ".join(text.casefold().replace("ё", "е").split())
