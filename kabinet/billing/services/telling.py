"""The letter that an act is ready; its file goes along only to who sees it at that moment (I25)."""

import logging
from datetime import datetime
from uuid import UUID

from kabinet.accounts import selectors as accounts
from kabinet.accounts.models import User
from kabinet.billing import letters
from kabinet.billing.models import ReconciliationAct
from kabinet.billing.values import ActState, Delivery
from kabinet.contracts.models import Membership
from kabinet.contracts.rules import rights
from kabinet.contracts.values import Action, Role
from kabinet.infra import audit, mail, storage
from kabinet.infra.db import use_case
from kabinet.infra.mail import Attachment, Refused
from kabinet.kernel.actors import Actor

log = logging.getLogger(__name__)


@use_case
def tell(act_id: UUID, *, version: int, by: Actor, at: datetime) -> None:
    """Tell the person who asked, once a version; raises mail.NotNow when the letter has to be tried again.

    The act's row is held while the mail server is spoken to, so that of two workers one sends.
    """
    act = (
        ReconciliationAct.objects.select_for_update(of=("self",))
        .select_related("contract__provider", "file__stored", "asked_by")
        .get(pk=act_id)
    )
    if act.answer_version != version or act.told_version >= version:
        return
    if act.asked_by is not None and _may_see(act, act.asked_by, at=at):
        _tell(act, act.asked_by, by=by, at=at)
    act.told_version = version
    act.save(update_fields=["told_version", "state", "state_at"])


def _may_see(act: ReconciliationAct, user: User, *, at: datetime) -> bool:
    """Say whether the person may have the act now: a live role that sees it, at an address that is his."""
    membership = Membership.objects.live(at).filter(user=user, contract=act.contract).first()
    may = membership is not None and rights.may(Role(membership.role), Action.ASK_FOR_RECONCILIATION)
    is_here = accounts.enrollment_of(user, provider_id=act.contract.provider_id) is not None
    return may and is_here and user.email_confirmed_at is not None


def _tell(act: ReconciliationAct, user: User, *, by: Actor, at: datetime) -> None:
    """Send the file where it was asked for by e-mail; else only say that there is an answer, to who wants letters."""
    if act.delivery == Delivery.EMAIL and act.file is not None:
        _send_file(act, user, by=by, at=at)
        return
    enrollment = accounts.enrollment_of(user, provider_id=act.contract.provider_id)
    if enrollment is not None and enrollment.wants_letters:
        template = "act_refused" if act.state == ActState.REFUSED else "act_ready"
        mail.post(letters.act_answered(act, user, template=template))


def _send_file(act: ReconciliationAct, user: User, *, by: Actor, at: datetime) -> None:
    """Hand letter and file to the mail server here and now: a letter that waits would outlive a revoked role."""
    assert act.file is not None  # noqa: S101 - for the type checker; the caller looked
    stored = act.file.stored
    letter = mail.written(letters.act_answered(act, user, template="act_attached"))
    # The same version always goes under the same Message-ID.
    letter.pk = _letter_id(act)
    with storage.open_(stored) as stream:
        attachment = Attachment(f"act-{act.number or act.pk}.pdf", stored.media_type, stream.read())
    try:
        mail.hand_over(letter, attachments=[attachment])
    except Refused as refusal:
        log.warning("act's letter refused for good", extra={"act": str(act.pk), "code": refusal.code})
        return
    before, act.state, act.state_at = act.state, ActState.RECEIVED, at
    audit.record("billing.act_sent", act, before=before, after=act.state, by=by, contract_id=act.contract_id)


def _letter_id(act: ReconciliationAct) -> UUID:
    return UUID(int=(act.pk.int + act.answer_version) % (1 << 128))
