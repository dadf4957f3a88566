"""What failed waits, and only what has to waits with it (I31)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from kabinet.infra import clock, events, relay
from kabinet.infra.db import NestedUseCase, use_case
from kabinet.infra.models import Event, ParkedEvent
from tests.infra.recorder import drain


@pytest.fixture
def later(monkeypatch):
    """Let technical time pass."""

    def pass_by(seconds):
        now = clock.technical_now() + timedelta(seconds=seconds)
        monkeypatch.setattr(clock, "technical_now", lambda: now)

    return pass_by


@pytest.mark.django_db
def test_failing_event_holds_its_contract_and_no_other(emit, handler):
    handler.broken = {"bad"}
    for name, contract in [("bad", 1), ("behind", 1), ("free", 2)]:
        emit(name, contract=contract)

    drain()

    assert handler.seen == ["free"]
    assert list(ParkedEvent.objects.order_by("seq").values_list("error", flat=True)) == ["LookupError", relay.WAITS]


@pytest.mark.django_db
def test_what_waits_goes_in_order_once_the_fault_is_gone(emit, handler, later):
    handler.broken = {"a"}
    for name in "abc":
        emit(name)
    drain()
    handler.broken = set()
    emit("d")

    later(seconds=6)
    drain()

    assert handler.seen == list("abcd")
    assert not ParkedEvent.objects.exists()


@pytest.mark.django_db
def test_parked_event_is_not_tried_before_its_time(emit, handler):
    handler.broken = {"a"}
    emit("a")
    drain()
    handler.broken = set()

    drain()

    assert handler.seen == []


@pytest.mark.django_db
def test_pauses_grow_up_to_a_quarter_of_an_hour(emit, handler, later):
    handler.broken = {"a"}
    emit("a")
    drain()
    pauses = []

    for _ in range(10):
        later(seconds=901)
        drain()
        pauses.append((ParkedEvent.objects.get().retry_at - clock.technical_now()).total_seconds())

    assert pauses == [10, 20, 40, 80, 160, 320, 640, 900, 900, 900]


@pytest.mark.django_db
def test_event_is_parked_once():
    """The database holds parked_event_once."""
    event = Event.objects.create(provider_id=events.UUID(int=1), kind="k", payload={}, at=clock.now(), seq=1)
    facts = {"handler": "h", "event": event, "lane": "1", "seq": 1, "error": "", "retry_at": clock.now()}
    ParkedEvent.objects.create(**facts)

    with pytest.raises(IntegrityError, match="parked_event_once"):
        ParkedEvent.objects.create(**facts)


@pytest.mark.django_db
def test_events_of_no_contract_do_not_wait_for_each_other(emit, handler):
    handler.broken = {"bad"}
    emit("bad", contract=None)
    emit("free", contract=None)

    drain()

    assert handler.seen == ["free"]


@pytest.mark.django_db
def test_parked_event_that_another_relay_took_is_not_done_again(emit, handler, later):
    handler.broken = {"a"}
    emit("a")
    drain()
    handler.broken = set()
    parked = ParkedEvent.objects.select_related("event").get()
    ParkedEvent.objects.all().delete()

    relay._retry(events.HANDLERS["first.answer"], parked)

    assert handler.seen == []


@pytest.mark.django_db
def test_use_case_in_a_handler_is_parked_with_its_reason(emit, no_handlers):
    @events.on("readings.sent")
    @use_case
    def answer(event):
        """Never runs."""

    emit()

    drain()

    assert ParkedEvent.objects.get().error == NestedUseCase.__name__
