"""Papers of annexes, uploaded before the rows that name them, as a billing system does."""

import io
from dataclasses import replace
from datetime import datetime

from demo.values import AnnexSet, DemoContract
from kabinet.contracts.services import papers
from kabinet.exchange.models import Partner
from kabinet.kernel.actors import Actor, ActorKind, Channel


def uploaded(contract: DemoContract, *, partner: Partner, at: datetime) -> DemoContract:
    """Return the contract with the files of its annexes named; the same bytes again are the same file."""
    if not contract.annexes:
        return contract
    return replace(contract, annexes=tuple(_uploaded(each, partner=partner, at=at) for each in contract.annexes))


def _uploaded(each: AnnexSet, *, partner: Partner, at: datetime) -> AnnexSet:
    if each.print_paper is None:
        return each
    by = Actor(ActorKind.PARTNER, id=partner.pk, provider_id=partner.provider_id, channel=Channel.EXCHANGE)
    paper = papers.keep(io.BytesIO(each.print_paper()), provider=partner.provider, by=by, at=at)
    return replace(each, annex=each.annex.model_copy(update={"file": paper.pk}))
