"""What the office of a demonstration provider has published: answers, and topics of tickets."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from kabinet.help.models import Branch, HelpEntry, Reference
from kabinet.help.services import keep_branch, publish_entry, publish_reference
from kabinet.help.values import BranchText, EntryText, ReferenceKind
from kabinet.kernel.actors import Actor
from kabinet.providers.models import Provider
from kabinet.tickets.services import publish_topic
from kabinet.tickets.services.orders import publish_service
from kabinet.tickets.values import ServiceText, TopicText

FOLDER = Path(__file__).resolve().parent


def publish_content(provider: Provider, *, by: Actor, at: datetime) -> None:
    """Publish answers and topics by the office's own use cases; what stands already stays as it is."""
    known = set(HelpEntry.objects.filter(provider=provider).values_list("question", flat=True))
    for text in answers(provider.slug):
        if text.question not in known:
            publish_entry(text, provider=provider, by=by, at=at)
    for kind, words in references(provider.slug).items():
        if not Reference.objects.filter(provider=provider, kind=kind).exists():
            publish_reference(kind, words, provider=provider, by=by, at=at)
    for branch in branches(provider.slug):
        if not Branch.objects.filter(provider=provider, name=branch.name).exists():
            keep_branch(branch, provider=provider, by=by)
    for topic in topics(provider.slug):
        publish_topic(topic, provider=provider, by=by)
    for service in services(provider.slug):
        publish_service(service, provider=provider, by=by)


def answers(slug: str) -> list[EntryText]:
    return [
        EntryText(group=group["name"], question=entry["question"], answer=entry["answer"], place=place)
        for group in _read("help", slug)["groups"]
        for place, entry in enumerate(group["entries"])
    ]


def topics(slug: str) -> list[TopicText]:
    return [
        TopicText(
            code=topic["code"],
            name=topic["name"],
            sections=tuple((section["code"], section["name"]) for section in topic["sections"]),
            place=place,
        )
        for place, topic in enumerate(_read("topics", slug)["topics"])
    ]


def references(slug: str) -> dict[ReferenceKind, str]:
    """Return the references; a provider without a file of its own has none."""
    own = FOLDER / f"references_{slug}.json"
    read = json.loads(own.read_text(encoding="utf-8"))["texts"] if own.exists() else {}
    return {ReferenceKind(kind): "\n".join(lines) for kind, lines in read.items()}


def branches(slug: str) -> list[BranchText]:
    own = FOLDER / f"references_{slug}.json"
    read = json.loads(own.read_text(encoding="utf-8"))["branches"] if own.exists() else []
    return [
        BranchText(**branch | {"numbers": tuple(branch["numbers"]), "place": place})
        for place, branch in enumerate(read)
    ]


def services(slug: str) -> list[ServiceText]:
    """Return what may be ordered; a provider without a list offers nothing."""
    own = FOLDER / f"services_{slug}.json"
    listed = json.loads(own.read_text(encoding="utf-8"))["services"] if own.exists() else []
    return [ServiceText(**service, place=place) for place, service in enumerate(listed)]


def _read(name: str, slug: str) -> Any:
    """Return what the provider has published; without words of its own it uses those of W."""
    own = FOLDER / f"{name}_{slug}.json"
    return json.loads((own if own.exists() else FOLDER / f"{name}_w.json").read_text(encoding="utf-8"))
