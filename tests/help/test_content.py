"""What the demonstration's offices have published."""

import pytest

from demo.content import answers, publish_content, topics
from kabinet.help import selectors as help_
from kabinet.help.models import HelpEntry
from kabinet.help.values import Search
from kabinet.kernel.actors import Actor, ActorKind
from kabinet.tickets import selectors as tickets
from kabinet.tickets.rules.topics import ACCESS
from tests import world


@pytest.mark.spec("HELP-01")
def test_content_is_published_once_however_often_it_is_loaded(w):
    by = Actor(ActorKind.JOB, provider_id=w.pk)

    for _ in range(2):
        publish_content(w, by=by, at=world.NOW)

    assert HelpEntry.objects.count() == len(answers("w"))
    sections = sum(len(topic.sections) for topic in topics("w"))
    assert len(tickets.topics_of(w.pk)) == len(topics("w")) + sections
    assert next(group.name for group in help_.groups_of(w.pk)) == "Показания приборов учёта"
    assert help_.entries_of(w.pk, Search("красные цифры"))


@pytest.mark.spec("ROLE-03")
def test_retailer_has_the_theme_by_which_the_role_is_asked_for(b):
    publish_content(b, by=Actor(ActorKind.JOB, provider_id=b.pk), at=world.NOW)

    named = {(topic.code, code): (topic.name, name) for topic in topics("b") for code, name in topic.sections}
    assert named[ACCESS] == ("ЛКК ЮЛ", "Права доступа")
