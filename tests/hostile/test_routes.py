"""Every door of `authz.yml` is given what no form sends: it may refuse, it may not fall over."""

import random

import pytest
from django.test import Client

from tests.authz.rows import rows
from tests.authz.test_matrix import side_by_side
from tests.deep import SEED, count, share
from tests.hostile import requests

pytestmark = pytest.mark.django_db

TIMES = count(gate=12, deep=300)
# Now and then somebody comes who may not.
SHARE_OF_THE_WRONG = 0.1


class Door:
    """A row of the matrix with those who may, and the page on which its form stands."""

    def __init__(self, row, asker, cast, client):
        self.row, self.asker, self.cast, self.client = row, asker, cast, client
        self.who_may = requests.who_may(row, asker, cast)
        self.pages = {}

    def knock(self, method, chance):
        """Ask for something odd; return what was asked and what came."""
        actor = chance.choice(self.cast if chance.random() < SHARE_OF_THE_WRONG else self.who_may)
        good = requests.good(self.row, method, actor, self.asker)
        asked = requests.spoiled(good, chance, fields=self.fields_for(actor) if method == "POST" else ())
        return f"{actor}: {asked}", asked.by(self.client)

    def fields_for(self, actor):
        if actor.name not in self.pages:
            page = requests.good(self.row, "GET", actor, self.asker).by(self.client)
            self.pages[actor.name] = [] if page.streaming else requests.fields_in(page.content.decode(errors="replace"))
        return self.pages[actor.name]


@pytest.mark.parametrize("row", side_by_side(share(rows()), str))
def test_door_stands(row, asker, cast, figures):
    chance = random.Random(f"{SEED} {row}")
    door = Door(row, asker, cast, Client(raise_request_exception=False))
    fell = set()
    for method in row.methods:
        for _ in range(TIMES):
            asked, answer = door.knock(method, chance)
            if answer.status_code >= 500 and answer.status_code not in row.also:
                fell.add(f"{asked} → {told(answer)}")
    figures(bad_requests=TIMES * len(row.methods), answers_of_500=len(fell))

    assert not fell, "\n".join(sorted(fell, key=len)[:12])


def told(answer):
    """Say what was raised, and where in our code."""
    fault = getattr(answer, "exc_info", None)
    if not fault:
        return str(answer.status_code)
    places, trace = [], fault[2]
    while trace:
        places.append(f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}")
        trace = trace.tb_next
    ours = [place.rpartition("/kabinet/")[2] for place in places if "/kabinet/" in place]
    return f"{answer.status_code} {type(fault[1]).__name__}: {str(fault[1])[:120]} at {(ours or places)[-1]}"
