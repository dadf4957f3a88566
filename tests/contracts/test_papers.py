"""Papers that billing uploaded and no row ever named are dropped; those that something names stay."""

import io
from datetime import date, timedelta

import pytest
from django.core.files.storage import default_storage

from kabinet.billing.models import ReconciliationAct
from kabinet.contracts import tasks
from kabinet.contracts.models import Annex, Paper
from kabinet.contracts.services import papers
from kabinet.infra import storage
from kabinet.infra.models import AuditRow, StoredFile
from kabinet.kernel.actors import Actor, ActorKind, Channel
from tests import world
from tests.billing.acts import ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]

JOB = Actor(ActorKind.JOB, channel=Channel.SYSTEM)
LONG_AGO = world.NOW - timedelta(days=31)


@pytest.fixture(autouse=True)
def _files_of_the_test(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def uploaded(of, *, words=b"one", at=LONG_AGO):
    return papers.keep(io.BytesIO(b"%PDF-1.7\n" + words + b"\n%%EOF\n"), provider=of, by=JOB, at=at)


def dropped():
    tasks.drop_unnamed_papers(0)
    return not Paper.objects.exists()


def test_paper_without_a_row_goes_with_its_file_and_an_audit_line(w):
    paper = uploaded(w)
    place = paper.stored.place

    assert dropped()

    line = AuditRow.objects.get(act="contracts.paper_dropped")
    assert (line.target_id, line.provider_id) == (str(paper.pk), w.pk)
    assert not StoredFile.objects.exists()
    storage.delete_orphans(before=world.NOW + timedelta(days=3650))
    assert not default_storage.exists(place)


def test_paper_of_a_month_waits_for_its_row(w):
    uploaded(w, at=world.NOW - timedelta(days=29))

    assert not dropped()


def test_paper_that_an_act_names_stays(w, contract, anna):
    world.link(anna, contract)
    act = ask(contract, anna)
    ReconciliationAct.objects.filter(pk=act.pk).update(file=uploaded(w))

    assert not dropped()


def test_paper_that_an_annex_names_stays(w, contract):
    Annex.objects.create(
        provider=w, source="billing", external_id="a1", version=1, valid_from=date(2020, 1, 1), contract=contract,
        number="1", title="Перечень точек", paper=uploaded(w),
    )  # fmt: skip

    assert not dropped()


def test_same_bytes_sent_again_wait_anew(w):
    first = uploaded(w)

    again = uploaded(w, at=world.NOW)

    assert first == again
    assert not dropped()


def test_more_than_fit_into_one_transaction_all_go(w, monkeypatch):
    monkeypatch.setattr(papers, "ROWS_AT_ONCE", 2)
    for words in (b"1", b"2", b"3", b"4", b"5"):
        uploaded(w, words=words)

    assert papers.drop_unnamed(by=JOB, at=world.NOW) == 5
