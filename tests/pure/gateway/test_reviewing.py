"""A report of a look at an answer is read exactly, or refused by name."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from governance.core.errors import Invalid
from governance.gateway.reviewing import SPEAKING, AnswerOutcome, Review, may_review, read_report, reviewer_named
from governance.gateway.routes import scanned_routes
from governance.gateway.rules import ExchangeState

AT = datetime(2027, 3, 31, 9, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
WHOLE = {
    "exchange": "0190d1f0-0000-7000-8000-000000000001",
    "outcome": "edited",
    "shown_at": "2027-03-31T11:30:00+02:00",
    "decided_at": "2027-03-31T09:30:12Z",
}
SILENT = {
    "count_tokens",
    "input_tokens",
    "embeddings",
    "embed",
    "embed_content",
    "batch_embed_contents",
    "moderations",
    "message_batches",
}


def test_a_report_is_read_in_utc():
    report = read_report(WHOLE)
    assert (report.exchange, report.outcome) == (UUID(WHOLE["exchange"]), AnswerOutcome.EDITED)
    assert (report.shown_at, report.by("Ana", verified=False).seconds) == (AT, 12)


@pytest.mark.parametrize(
    ("value", "code", "field"),
    [
        pytest.param([], "not_a_mapping", "", id="a list"),
        pytest.param(WHOLE | {"text": "Dear"}, "unknown_field", "", id="a text of the answer"),
        pytest.param({}, "missing", "exchange", id="nothing"),
        pytest.param(WHOLE | {"exchange": 7}, "not_an_id", "exchange", id="a number for the exchange"),
        pytest.param(WHOLE | {"outcome": "seen"}, "not_in_list", "outcome", id="another word"),
        pytest.param(WHOLE | {"outcome": []}, "not_in_list", "outcome", id="no word at all"),
        pytest.param(WHOLE | {"shown_at": "2027-03-31T09:30:00"}, "not_a_time", "shown_at", id="no zone"),
        pytest.param(WHOLE | {"decided_at": 1711877400}, "not_a_time", "decided_at", id="seconds since 1970"),
        pytest.param(WHOLE | {"decided_at": "0001-01-01T00:00:00+23:00"}, "not_a_time", "decided_at", id="before time"),
    ],
)
def test_a_broken_report_names_its_fault(value, code, field):
    with pytest.raises(Invalid) as refused:
        read_report(value)
    assert (refused.value.code, refused.value.field) == (code, field)


@pytest.mark.parametrize(
    ("verified", "claimed", "named"),
    [
        pytest.param("u-17", "Somebody else", ("u-17", True), id="a token counts before a name"),
        pytest.param("", "  Ana \t Ito ", ("Ana Ito", False), id="a name alone is claimed"),
    ],
)
def test_who_looked(verified, claimed, named):
    assert reviewer_named(verified, claimed) == named


@pytest.mark.parametrize("claimed", ["", " ", "x" * 201])
def test_somebody_must_have_looked(claimed):
    with pytest.raises(Invalid):
        reviewer_named("", claimed)


@pytest.mark.parametrize(
    ("shown", "decided", "state", "code"),
    [
        pytest.param(AT, AT + MINUTE, "completed", None, id="an answer"),
        pytest.param(AT, AT, "intended", None, id="an answer whose end is about to be written"),
        pytest.param(AT, AT + MINUTE, "refused", "no_answer", id="a refusal"),
        pytest.param(AT, AT + MINUTE, "held", "no_answer", id="a hold"),
        pytest.param(AT + MINUTE, AT, "completed", "decided_before_shown", id="decided before it was shown"),
        pytest.param(AT - 9 * MINUTE, AT, "completed", "shown_before_asked", id="shown before it was asked for"),
        pytest.param(AT - MINUTE, AT, "completed", None, id="a clock that is a minute behind"),
        pytest.param(AT, AT + timedelta(hours=2), "completed", "decided_later", id="decided in the future"),
    ],
)
def test_what_can_have_been_looked_at(shown, decided, state, code):
    review = Review(AnswerOutcome.ACCEPTED, "Ana", verified=False, shown_at=shown, decided_at=decided)
    verdict = may_review(review, state=ExchangeState(state), asked_at=AT, at=AT + timedelta(hours=1))
    assert getattr(verdict, "code", None) == code


def test_every_interface_either_speaks_or_does_not():
    names = {route.surface.name for _, route in scanned_routes() if route.surface}
    assert {name for name in names if name.split(".")[1] not in SILENT} == set(SPEAKING)
