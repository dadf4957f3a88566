"""The exchange described for programs, in OpenAPI 3.1: made of the shapes that it reads by."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from kabinet.exchange.values.entities import ENTITIES, EXCHANGE_VERSION
from kabinet.exchange.values.wire import (
    FEED_LIMIT,
    Acknowledged,
    Acknowledgement,
    ErrorAnswer,
    Feed,
    FileKept,
    Report,
)

# Which code comes with which status; what may come of any request stands in `ANYWHERE`.
STATUSES: Final[Mapping[int, tuple[str, ...]]] = {
    400: ("bad_request", "cut_short", "key_required"),
    401: ("bad_key",),
    403: ("foreign_key", "key_revoked"),
    404: ("not_found",),
    405: ("method_not_allowed",),
    409: ("key_reused", "not_given"),
    411: ("length_required",),
    413: ("too_large",),
    415: ("pdf_only", "unsupported_encoding", "unsupported_type"),
    422: ("batch_refused",),
    503: ("busy",),
    507: ("no_room",),
}
ANYWHERE: Final = ("bad_key", "foreign_key", "key_revoked", "method_not_allowed", "busy", "no_room")
UPLOAD: Final = ("length_required", "too_large", "cut_short")
_TOLD: Final[tuple[type[BaseModel], ...]] = (Report, Feed, Acknowledged, FileKept, ErrorAnswer)
_HEADERS: Final = {401: "WWW-Authenticate", 405: "Allow", 503: "Retry-After", 507: "Retry-After"}


def description(*, base: str) -> dict[str, Any]:
    """Describe the exchange whose addresses begin with `base`."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Exchange with a billing system",
            "version": str(EXCHANGE_VERSION),
            "description": "docs/exchange.md tells in words what stands here.",
        },
        "servers": [{"url": base}],
        "security": [{"key": []}],
        "paths": _paths(),
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": _schemas(),
        },
    }


def _paths() -> dict[str, Any]:
    return {
        "/batches/": {"post": _batch()},
        "/batches/{batch}/": {
            "get": {
                "operationId": "report",
                "summary": "Give the report of a batch again",
                "parameters": [_parameter("path", "batch", {"type": "string", "format": "uuid"}, is_required=True)],
                "responses": _responses(Report, "not_found"),
            }
        },
        "/files/": {
            "post": {
                "operationId": "keep_file",
                "summary": "Keep a PDF; a row may point at it afterwards",
                "requestBody": _body({"application/pdf": {"type": "string", "format": "binary"}}),
                "responses": _responses(FileKept, "pdf_only", *UPLOAD),
            }
        },
        "/feed/": {"get": _feed()},
        "/feed/acknowledgements/": {
            "post": {
                "operationId": "acknowledge",
                "summary": "Say that everything up to a number is stored",
                "requestBody": _body({"application/json": _ref(Acknowledgement)}),
                "responses": _responses(Acknowledged, "bad_request", "not_given", "too_large"),
            }
        },
    }


def _batch() -> dict[str, Any]:
    rows = {"type": "array", "minItems": 1, "items": {"oneOf": [_ref(entity.shape) for entity in ENTITIES.values()]}}
    tables = {f"text/csv; entity={name}": {"type": "string"} for name in ENTITIES}
    return {
        "operationId": "send_batch",
        "summary": "Send a batch, which is taken whole or refused whole",
        "parameters": [
            _parameter("query", "dry_run", {"enum": ["1", "true"]}, words="say what would happen, write nothing"),
            _parameter(
                "header",
                "Idempotency-Key",
                {"type": "string", "pattern": "^[!-~]{1,80}$"},
                words="needed unless dry_run is given",
            ),
            _parameter("header", "Content-Encoding", {"enum": ["gzip", "identity"]}),
        ],
        "requestBody": _body({"application/x-ndjson": rows, **tables}, words="NDJSON: a row a line. CSV: a table."),
        "responses": _responses(
            Report, "key_required", "key_reused", "batch_refused", "unsupported_type", "unsupported_encoding", *UPLOAD
        ),
    }


def _feed() -> dict[str, Any]:
    after = {"type": "integer", "minimum": 0, "maximum": 2**63 - 1}
    limit = {"type": "integer", "minimum": 0, "maximum": FEED_LIMIT}
    return {
        "operationId": "feed",
        "summary": "Give what customers sent, in order",
        "parameters": [_parameter("query", "after", after), _parameter("query", "limit", limit)],
        "responses": _responses(Feed, "bad_request", "not_given"),
    }


def _parameter(
    place: str, name: str, schema: Mapping[str, Any], *, words: str = "", is_required: bool = False
) -> dict[str, Any]:
    return {"in": place, "name": name, "required": is_required, "schema": dict(schema), "description": words}


def _body(media: Mapping[str, Mapping[str, Any]], *, words: str = "") -> dict[str, Any]:
    content = {name: {"schema": dict(schema)} for name, schema in media.items()}
    return {"required": True, "description": words, "content": content}


def _responses(taken: type[BaseModel], *codes: str) -> dict[str, Any]:
    """Describe an operation's answers: the good one, and for each status the codes that it may have here."""
    possible = {*codes, *ANYWHERE}
    refused = {
        str(status): _refusal(status, sorted(possible.intersection(known)))
        for status, known in STATUSES.items()
        if possible.intersection(known)
    }
    return {"200": _answer("done", _ref(taken))} | refused


def _refusal(status: int, codes: list[str]) -> dict[str, Any]:
    told = _answer(", ".join(codes), {"allOf": [_ref(ErrorAnswer), {"properties": {"code": {"enum": codes}}}]})
    if name := _HEADERS.get(status):
        told["headers"] = {name: {"required": True, "schema": {"type": "string"}}}
    return told


def _answer(words: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": words, "content": {"application/json": {"schema": dict(schema)}}}


def _ref(shape: type[BaseModel]) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{shape.__name__}"}


def _schemas() -> dict[str, Any]:
    """Return every shape by its name; what comes in as it is read, what goes out as it is written."""
    rows: list[type[BaseModel]] = [entity.shape for entity in ENTITIES.values()]
    wanted: list[tuple[type[BaseModel], JsonSchemaMode]] = []
    wanted += [(shape, "validation") for shape in rows]
    wanted += [(Acknowledgement, "validation")]
    wanted += [(shape, "serialization") for shape in _TOLD]
    _, made = models_json_schema(wanted, ref_template="#/components/schemas/{model}")
    shapes: dict[str, Any] = made["$defs"]
    for row in rows:
        # A lone row could do without it; among rows of every kind it says which one this is.
        shapes[row.__name__]["required"] = ["entity", *shapes[row.__name__].get("required", [])]
    return shapes
