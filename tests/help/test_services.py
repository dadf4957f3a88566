"""Publishing answers, finding them, printing the manual, on a real database."""

import os
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from kabinet.help import selectors, tasks
from kabinet.help.models import HelpEntry, HelpGroup
from kabinet.help.services import (
    AlreadyWithdrawn,
    EntryUnknown,
    NotPermitted,
    print_manual,
    publish_entry,
    withdraw_entry,
)
from kabinet.help.values import EntryText, Search
from kabinet.help.views.manual import _words
from kabinet.infra import clock, ids
from kabinet.infra.models import AuditRow
from kabinet.kernel.actors import Actor, ActorKind
from tests import world


def specialist(of):
    return Actor(ActorKind.STAFF, id=ids.new(), provider_id=of.pk)


def publish(of, question, answer="Ответ.", *, group="Показания", by=None, entry_id=None):
    text = EntryText(group=group, question=question, answer=answer)
    return publish_entry(text, provider=of, by=by or specialist(of), at=world.NOW, entry_id=entry_id)


def found(of, phrase="", **narrowed):
    return [entry.question for entry in selectors.entries_of(of.pk, Search(phrase, **narrowed))]


@pytest.mark.spec("HELP-01")
def test_published_answer_is_found_and_its_author_is_known(w):
    by = specialist(w)

    entry = publish(w, "Когда?", by=by)

    assert found(w) == ["Когда?"]
    assert (entry.published_by, entry.published_at) == (by.id, world.NOW)
    assert AuditRow.objects.filter(act="help.published", target_id=str(entry.pk), actor_id=by.id).count() == 1


@pytest.mark.spec("HELP-01", "SITE-01")
def test_answers_of_providers_never_meet(w, v):
    publish(w, "Вопрос W")
    publish(v, "Вопрос V")

    assert (found(w), found(v)) == (["Вопрос W"], ["Вопрос V"])
    assert [group.provider_id for group in selectors.groups_of(w.pk)] == [w.pk]


def test_answer_in_new_words_stays_one_answer(w):
    entry = publish(w, "Старый вопрос", group="А")

    publish(w, "Новый вопрос", group="Б", entry_id=entry.pk)

    assert found(w) == ["Новый вопрос"]
    assert [group.name for group in selectors.groups_of(w.pk)] == ["Б"]


def test_withdrawn_answer_is_the_offices_alone(w):
    entry = publish(w, "Когда?")

    withdraw_entry(entry.pk, provider=w, by=specialist(w), at=world.NOW)

    assert found(w) == []
    assert [row.pk for row in selectors.entries_of_office(w.pk)] == [entry.pk]
    assert AuditRow.objects.filter(act="help.withdrawn", target_id=str(entry.pk)).count() == 1


def test_withdrawing_twice_says_so(w):
    entry = publish(w, "Когда?")
    withdraw_entry(entry.pk, provider=w, by=specialist(w), at=world.NOW)

    with pytest.raises(AlreadyWithdrawn):
        withdraw_entry(entry.pk, provider=w, by=specialist(w), at=world.NOW)


def test_withdrawn_answer_can_be_published_again(w):
    entry = publish(w, "Когда?")
    withdraw_entry(entry.pk, provider=w, by=specialist(w), at=world.NOW)

    publish(w, "Когда?", entry_id=entry.pk)

    assert found(w) == ["Когда?"]


@pytest.mark.spec("STAFF-01")
@pytest.mark.parametrize("kind", [ActorKind.CUSTOMER, ActorKind.ANONYMOUS, ActorKind.PARTNER, ActorKind.API_KEY])
def test_only_the_office_publishes(w, kind):
    with pytest.raises(NotPermitted):
        publish(w, "Когда?", by=Actor(kind, id=ids.new(), provider_id=w.pk))

    assert not HelpEntry.objects.exists()
    assert not HelpGroup.objects.exists()


@pytest.mark.spec("STAFF-01")
def test_office_of_another_provider_changes_nothing(w, v):
    entry = publish(w, "Когда?")

    with pytest.raises(NotPermitted):
        withdraw_entry(entry.pk, provider=w, by=specialist(v), at=world.NOW)
    with pytest.raises(EntryUnknown):
        publish(v, "Чужой", entry_id=entry.pk)

    assert found(w) == ["Когда?"]


@pytest.mark.spec("HELP-01")
@pytest.mark.parametrize(
    ("phrase", "is_found"),
    [
        ("счетчик", True),
        ("СЧЁТЧИКОВ", True),
        ("показанием", True),
        ("показ", True),
        ("счётчик показания", True),
        ("показания тариф", False),
        ("тариф", False),
        ("как", True),
        ("Как передать", True),
        ("№ 300963", True),
        ("0963", True),
        ("%", False),
        ("'; & | ! :* \\", False),
        ("!!!", False),
    ],
)
def test_search_knows_word_forms_beginnings_and_parts(w, phrase, is_found):
    publish(w, "Как передать показания?", "Снимите их со счётчика № 300963.")

    assert bool(found(w, phrase)) is is_found


@pytest.mark.spec("HELP-01")
def test_group_narrows_the_search(w):
    publish(w, "Показания воды", group="Вода")
    other = publish(w, "Показания тепла", group="Тепло")

    assert found(w, "показания", group_id=other.group_id) == ["Показания тепла"]


def test_marked_words_are_forms_of_those_that_were_typed(w):
    entry = publish(w, "Как передать показания?", "Показание снимают со счётчика.")

    assert selectors.hits_in([entry], "показаниями") == {"показания", "показание"}


@pytest.mark.spec("HELP-03")
def test_manual_is_printed_once_and_anew_when_it_changes(w, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    shown = selectors.manual_for(world.opened(w))

    first = print_manual(shown, slug="w", words=_words(), colour="#0b5cad")
    printed = first.stat()
    again = print_manual(shown, slug="w", words=_words(), colour="#0b5cad")
    other = print_manual(shown, slug="w", words=_words(), colour="#0b5cae")

    assert first.read_bytes().startswith(b"%PDF-")
    assert (again, again.stat().st_ino) == (first, printed.st_ino)
    assert again.stat().st_mtime_ns >= printed.st_mtime_ns
    assert other != first
    assert sorted(file.name for file in first.parent.iterdir()) == sorted({first.name, other.name})


@pytest.mark.parametrize(
    ("constraint", "build"),
    [
        ("help_group_once", lambda w: HelpGroup.objects.create(provider=w, name="Показания")),
        ("help_entry_withdrawn_after_publishing", lambda w: HelpEntry.objects.create(
            provider=w, group=HelpGroup.objects.get(), question="?", answer="!", withdrawn_at=world.NOW,
        )),
    ],
)  # fmt: skip
def test_database_holds_what_is_said_of_answers(w, constraint, build):
    publish(w, "Когда?")

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        build(w)


def test_manuals_that_nobody_reads_are_forgotten_and_those_that_are_read_stay(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    folder = tmp_path / "cache" / "manuals"
    folder.mkdir(parents=True)
    for name, days in (("w-ru-old.pdf", 31), ("tmp-draft", 31), ("w-ru-new.pdf", 29)):
        (folder / name).write_bytes(b"%PDF")
        moment = (clock.technical_now() - timedelta(days=days)).timestamp()
        os.utime(folder / name, (moment, moment))

    tasks.forget_old_manuals(0)

    assert [file.name for file in folder.iterdir()] == ["w-ru-new.pdf"]


def test_forgetting_manuals_where_none_was_printed_is_no_fault(settings, tmp_path):
    settings.DATA_DIR = tmp_path

    tasks.forget_old_manuals(0)

    assert not list(tmp_path.iterdir())
