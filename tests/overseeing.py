"""Answers of an initiative and the looks at them, laid straight into the tables: the way there is told in tests/gateway."""

from datetime import datetime, timedelta

from governance.core.ids import uuid7
from governance.gateway.models import AnswerReview, Exchange
from governance.initiatives.models import Initiative


def answers(
    initiative: Initiative, number: int, *, at: datetime, every=timedelta(minutes=7), **facts
) -> list[Exchange]:
    """Return `number` answered calls, the first at `at`."""
    usual = {"state": "completed", "verdict": "allow", "surface": "openai.chat_completions", "tokens_out": 300}
    owned = {"initiative": initiative, "unit": initiative.accountable_unit}
    made = [Exchange(id=uuid7(), at=at + every * i, **owned, **(usual | facts)) for i in range(number)]
    return Exchange.objects.bulk_create(made)


def looks(found: list[Exchange], *, seconds=30.0, outcome="accepted", reviewer="Ana", number=1, **facts) -> None:
    """Write down a look at each answer, a minute after it came."""
    AnswerReview.objects.bulk_create(
        AnswerReview(
            id=uuid7(),
            exchange=each,
            initiative_id=each.initiative_id,
            number=number,
            outcome=outcome,
            reviewer=reviewer,
            **({"verified": False} | facts),
            shown_at=each.at + timedelta(minutes=1),
            decided_at=each.at + timedelta(minutes=1, seconds=seconds),
            reported_at=each.at + timedelta(minutes=2),
        )
        for each in found
    )
