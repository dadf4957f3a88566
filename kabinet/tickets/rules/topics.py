"""Which topic a subject names."""

from collections.abc import Iterable

from kabinet.tickets.values import TopicValue


def topic_named(subject: str, topics: Iterable[TopicValue]) -> TopicValue | None:
    """Return the topic or section whose name was chosen or typed, in any case; other words name none."""
    wanted = _key(subject)
    return next((topic for topic in topics if _key(topic.name) == wanted), None)


def _key(text: str) -> str:
    return " ".join(text.casefold().replace("ё", "е").split())
