"""What the database forbids about billing systems."""

import pytest

from kabinet.exchange.models import Partner
from tests.refusals import again, refused

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("constraint", "changed"),
    [
        ("one_partner_a_source", {"token_hash": "1" * 64}),
        ("partner_acknowledges_what_was_given", {"token_hash": "1" * 64, "source": "other", "acknowledged_seq": 6}),
    ],
)
def test_database_refuses(w, constraint, changed):
    partner = Partner.objects.create(provider=w, name="Биллинг", source="billing", token_hash="0" * 64, given_seq=5)

    refused(constraint, lambda: again(partner, **changed))
