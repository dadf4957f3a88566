"""A billing system that talks to W, and what it says."""

import json
from typing import Any

import pytest
from django.test import Client

from kabinet.exchange.models import Partner
from kabinet.exchange.services.partners import hash_of
from kabinet.providers.models import Provider

TOKEN = "token-of-billing-w-0123456789abcdef"
TOKEN_V = "token-of-billing-v-0123456789abcdef"


class Billing:
    """A billing system as a client of the exchange."""

    def __init__(self, slug: str, token: str) -> None:
        self.base = f"/{slug}/exchange/v1/"
        self.client = Client(headers={"authorization": f"Bearer {token}"})
        self.keys = 0

    def send(self, *rows: dict[str, Any] | bytes, key: str = "", query: str = "", **headers: str) -> Any:
        """Send rows as a batch under a key of its own."""
        self.keys += 1
        body = b"\n".join(row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows)
        return self.send_file(body, key=key or f"key-{self.keys}", query=query, **headers)

    def send_file(
        self, body: bytes, *, key: str, query: str = "", media: str = "application/x-ndjson", **headers: str
    ) -> Any:
        # `post` would write a text body anew in the charset of its type; bytes go as they are.
        return self.client.generic(
            "POST", f"{self.base}batches/{query}", body, content_type=media, headers={"idempotency-key": key, **headers}
        )

    def feed(self, **query: Any) -> Any:
        return self.client.get(f"{self.base}feed/", query)

    def acknowledge(self, upto: Any) -> Any:
        return self.client.post(f"{self.base}feed/acknowledgements/", {"upto": upto}, content_type="application/json")


@pytest.fixture
def billing(w: Provider) -> Billing:
    Partner.objects.create(provider=w, name="Биллинг W", source="billing", token_hash=hash_of(TOKEN))
    return Billing("w", TOKEN)


@pytest.fixture
def billing_v(v: Provider) -> Billing:
    Partner.objects.create(provider=v, name="Биллинг V", source="billing", token_hash=hash_of(TOKEN_V))
    return Billing("v", TOKEN_V)
