"""What somebody signed in did with an answer they got on the page Try it. Called by the web process."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.actors import Actor
from governance.core.errors import Invalid, NotAllowed, NotFound
from governance.core.verdict import require
from governance.gateway.models import AnswerReview, Exchange
from governance.gateway.reviewing import AnswerOutcome, Review, may_review
from governance.initiatives.selectors import is_member
from governance.organisation.selectors import authorize

TRY = "gateway:exchange:try"


@transaction.atomic
def review_tried(
    *, exchange_id: UUID, outcome: AnswerOutcome, shown_at: datetime, by: Actor, at: datetime
) -> AnswerReview:
    """Write down a look by somebody who is signed in, so who it was is verified; another one amends it.

    Raises:
        NotFound: no such exchange, or none of an initiative that they build. NotAllowed: the permission.
        Invalid: as may_review.
    """
    exchange = Exchange.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=exchange_id).first()
    if exchange is None or exchange.unit is None or exchange.initiative_id is None or by.person is None:
        raise NotFound("no_such_exchange", "There is no such exchange.")
    if not is_member(exchange.initiative_id, by.person):
        raise NotAllowed("not_a_member", "You do not build this initiative.")
    authorize(by, TRY, None)
    review = Review(outcome, by.name, verified=True, shown_at=shown_at, decided_at=at)
    require(may_review(review, state=exchange.state, asked_at=exchange.at, at=at), Invalid)
    before = AnswerReview.objects.filter(exchange=exchange).count()
    made = AnswerReview.objects.create(
        exchange=exchange,
        initiative_id=exchange.initiative_id,
        number=before + 1,
        outcome=outcome,
        reviewer=by.name,
        verified=True,
        shown_at=shown_at,
        decided_at=at,
        reported_at=at,
    )
    kind = EventKind.ANSWER_AMENDED if before else EventKind.ANSWER_REVIEWED
    told = {"review": str(made.pk), "outcome": str(outcome), "verified": True}
    record(kind, subject=f"exchange:{exchange.pk}", by=by, at=at, unit_path=exchange.unit.path, **told)
    return made
