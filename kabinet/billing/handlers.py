"""What follows from billing's answer to a request for an act."""

from kabinet.infra import jobs
from kabinet.infra.events import on
from kabinet.infra.models import Event


@on("billing.act_answered")
def tell_of_act(event: Event) -> None:
    """Leave the letter to a job: a mail server is not waited for here."""
    jobs.enqueue("billing.tell_of_act", act=event.payload["request"], version=event.payload["version"])
