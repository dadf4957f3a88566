"""The one door to the portal: its exchange, over HTTP, with timeouts."""

from dataclasses import dataclass
from typing import Any, Final, Protocol, Self

import httpx

CONNECT_SECONDS: Final = 2.0
ANSWER_SECONDS: Final = 30.0
FEED_SECONDS: Final = 5.0
FEED_LIMIT: Final = 500
LONGEST_ERROR: Final = 300
_MENDABLE: Final = frozenset({401, 403, 404, 408, 425, 429})


class UploadRefused(Exception):
    """Raised when the portal will never take a file; says what it answered."""


class PortalUnreachable(Exception):
    """Raised when the portal gives no answer that settles anything: try again later."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the portal said to a batch."""

    status: int
    text: str

    @property
    def is_success(self) -> bool:
        return httpx.codes.is_success(self.status)

    @property
    def is_final(self) -> bool:
        """Say whether asking again could not help: neither a fault of the portal's, nor a key or limit to be mended."""
        return self.is_success or (httpx.codes.is_client_error(self.status) and self.status not in _MENDABLE)


class Portal(Protocol):
    """The exchange as billing sees it."""

    def feed(self, *, after: int) -> dict[str, Any]: ...

    def acknowledge(self, upto: int) -> None: ...

    def send(self, body: bytes, *, key: str) -> Answer: ...

    def upload(self, pdf: bytes) -> str: ...


class HttpPortal:
    """The portal's exchange at an address, for one provider."""

    def __init__(self, base_url: str, *, slug: str, token: str) -> None:
        self._client = httpx.Client(
            base_url=f"{base_url}/{slug}/exchange/v1/",
            headers={"Authorization": f"Bearer {token}"},
            timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS),
            trust_env=False,
        )

    def feed(self, *, after: int) -> dict[str, Any]:
        """Return the page of the feed after a number."""
        response = self._ask("GET", "feed/", params={"after": after, "limit": FEED_LIMIT}, timeout=FEED_SECONDS)
        page = self._read(response)
        if not isinstance(page.get("items"), list) or not isinstance(page.get("last"), int):
            raise PortalUnreachable("портал ответил лентой неизвестного вида")
        return page

    def acknowledge(self, upto: int) -> None:
        """Say that everything up to the number is on our disk."""
        self._read(self._ask("POST", "feed/acknowledgements/", json={"upto": upto}, timeout=FEED_SECONDS))

    def send(self, body: bytes, *, key: str) -> Answer:
        """Send a batch under its key and return the answer, whatever it is."""
        headers = {"Content-Type": "application/x-ndjson", "Idempotency-Key": key}
        response = self._ask("POST", "batches/", content=body, headers=headers)
        return Answer(response.status_code, response.text)

    def upload(self, pdf: bytes) -> str:
        """Upload the bytes of an act and return their name; the same bytes get the same one."""
        response = self._ask("POST", "files/", content=pdf, headers={"Content-Type": "application/pdf"})
        answer = Answer(response.status_code, response.text)
        if answer.is_final and not answer.is_success:
            raise UploadRefused(f"портал не принял файл: {answer.status} {answer.text[:LONGEST_ERROR]}")
        return str(self._read(response)["file"])

    def close(self) -> None:
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        try:
            return self._client.request(method, path, **options)
        except httpx.HTTPError as error:
            raise PortalUnreachable(f"портал не отвечает ({type(error).__name__})") from error

    def _read(self, response: httpx.Response) -> dict[str, Any]:
        if not response.is_success:
            raise PortalUnreachable(f"портал ответил {response.status_code}: {response.text[:LONGEST_ERROR]}")
        try:
            page = response.json()
        except ValueError as error:
            raise PortalUnreachable("портал ответил не JSON") from error
        if not isinstance(page, dict):
            raise PortalUnreachable("портал ответил не объектом JSON")
        return page
