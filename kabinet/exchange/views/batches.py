"""Batches in, their reports again."""

import re
import tempfile
from email.message import Message as Headers
from typing import IO, Final
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse

from kabinet.exchange import selectors
from kabinet.exchange.formats.packing import MEGABYTE, Limits
from kabinet.exchange.schemas import refusal_as_json, report_as_json
from kabinet.exchange.services import batches
from kabinet.exchange.values.batches import Form, Upload
from kabinet.exchange.values.entities import ENTITIES
from kabinet.exchange.values.wire import Report
from kabinet.exchange.views import bodies
from kabinet.exchange.views.door import PartnerRequest, Refused, json_answer, partner_only
from kabinet.infra import clock
from kabinet.infra.idempotency import KeyReused
from kabinet.infra.loads import Load

TOO_LARGE: Final = frozenset({"unpacked_too_large", "packed_too_densely"})
_KEY: Final = re.compile(r"[\x21-\x7e]{1,80}")
_ENCODINGS: Final = {"": "", "utf-8": "utf-8", "utf8": "utf-8", "windows-1251": "cp1251", "cp1251": "cp1251"}


@partner_only("POST", load=Load.BATCH)
def receive(request: PartnerRequest) -> HttpResponse:
    """Take a batch, or with `dry_run=1` say what would become of it."""
    is_dry_run = request.GET.get("dry_run", "") in {"1", "true"}
    key = _key_of(request, is_dry_run=is_dry_run)
    form = _form_of(request)
    with tempfile.TemporaryFile() as file:
        upload = _stored(request, file, form=form)
        try:
            report = batches.receive(
                upload,
                partner=request.partner,
                key=key,
                is_dry_run=is_dry_run,
                limits=_limits(),
                by=request.actor,
                at=clock.now(),
            )
        except batches.BatchRefused as refusal:
            return _refused(refusal.report)
        except KeyReused as reused:
            raise Refused(409, "key_reused", accepted=reused.accepted) from None
    return json_answer(report_as_json(report))


@partner_only("GET")
def report(request: PartnerRequest, batch: str) -> HttpResponse:
    """Give the report of a batch again, taken or refused."""
    message = selectors.report_of(request.partner, _id_of(batch))
    if message is None:
        raise Refused(404, "not_found")
    return json_answer(report_as_json(Report.model_validate(message.answer)))


def _id_of(batch: str) -> UUID:
    try:
        return UUID(batch)
    except ValueError:
        raise Refused(404, "not_found") from None


def _refused(report: Report) -> HttpResponse:
    is_too_large = any(problem.code in TOO_LARGE for problem in report.problems)
    body = refusal_as_json("too_large" if is_too_large else "batch_refused", report_as_json(report))
    return json_answer(body, status=413 if is_too_large else 422)


def _key_of(request: PartnerRequest, *, is_dry_run: bool) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if not is_dry_run and not _KEY.fullmatch(key):
        raise Refused(400, "key_required")
    return key


def _form_of(request: PartnerRequest) -> Form:
    """Read how the file is written from its headers."""
    packing = request.headers.get("Content-Encoding", "").strip().lower()
    if packing not in {"", "identity", "gzip"}:
        raise Refused(415, "unsupported_encoding")
    headers = Headers()
    headers["Content-Type"] = request.headers.get("Content-Type", "")
    encoding = _ENCODINGS.get(str(headers.get_param("charset", "")).lower())
    entity = str(headers.get_param("entity", ""))
    match headers.get_content_type():
        case "application/x-ndjson" if encoding in {"", "utf-8"}:
            return Form(packed=packing == "gzip")
        case "text/csv" if entity in ENTITIES and encoding is not None:
            return Form(entity, encoding=encoding, packed=packing == "gzip")
    raise Refused(415, "unsupported_type", entities=list(ENTITIES))


def _limits() -> Limits:
    return Limits(
        body=getattr(settings, "EXCHANGE_BODY_MB", 64) * MEGABYTE,
        unpacked=getattr(settings, "EXCHANGE_UNPACKED_MB", 512) * MEGABYTE,
    )


def _stored(request: PartnerRequest, file: IO[bytes], *, form: Form) -> Upload:
    limits = _limits()
    size, sha256 = bodies.pour(request, file, most=limits.body if form.packed else limits.unpacked)
    return Upload(file, size=size, sha256=sha256, form=form)
