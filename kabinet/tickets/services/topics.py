"""The office says what people may write about (STAFF-01)."""

from kabinet.infra import audit
from kabinet.infra.db import use_case
from kabinet.kernel.actors import Actor
from kabinet.providers.models import Provider
from kabinet.tickets.models import TicketSection, TicketTopic
from kabinet.tickets.rules import deeds
from kabinet.tickets.services.office import NotPermitted
from kabinet.tickets.values import TopicText


@use_case
def publish_topic(text: TopicText, *, provider: Provider, by: Actor) -> TicketTopic:
    """Open a topic with its sections, or put it in new words; sections left out are closed, never deleted."""
    if not deeds.may_publish(by, provider_id=provider.pk):
        raise NotPermitted
    topic, is_new = TicketTopic.objects.update_or_create(
        provider=provider, code=text.code, defaults={"name": text.name, "place": text.place, "is_open": True}
    )
    for place, (code, name) in enumerate(text.sections):
        TicketSection.objects.update_or_create(
            topic=topic, code=code, defaults={"name": name, "place": place, "is_open": True}
        )
    topic.sections.exclude(code__in=[code for code, _ in text.sections]).update(is_open=False)
    audit.record("tickets.topic_published", topic, before=None if is_new else text.code, after=text.code, by=by)
    return topic
