"""A builder's word on calls of tools that an answer waits with."""

from datetime import timedelta

import pytest

import builders
from governance.core.errors import Conflict, Invalid, NotAllowed
from governance.gateway.held_copies import held_folder
from governance.gateway.models import Confirmation
from governance.gateway.selectors.confirmations import calls_of, calls_waiting, confirmation_of
from governance.gateway.services.confirmations import answer_confirmation, tend_confirmations
from governance.initiatives.services import add_member
from governance.notices.models import Notice
from governance.organisation.roles import Role
from governance.organisation.selectors import standing_of

pytestmark = pytest.mark.django_db
KEPT = (
    b'{"calls": [{"tool": "delete_claim", "arguments": [["who", "Ask Walter Brandt", [[4, 17, "PERSON"]]]]}], '
    b'"frames": [], "media_type": "application/json"}'
)


@pytest.fixture
def every(every):
    asked = Confirmation.objects.get(exchange=every.exchange)
    with held_folder().writer(asked.storage_ref) as writer:
        writer.write(KEPT)
    return every


def answer(every, *, confirm=True, reason="", by=None, at=None):
    return answer_confirmation(
        exchange_id=every.exchange.pk, confirm=confirm, reason=reason, by=by or every.lead, at=at or every.at
    )


def row(every, person, at=None):
    return confirmation_of(every.exchange.pk, standing=standing_of(person.person), at=at or every.at)


def test_a_builder_reads_what_would_be_called_with_what_was_found_masked(every):
    (call,) = row(every, every.lead).calls
    (shown,) = call.arguments
    assert (call.tool, shown.name) == ("delete_claim", "who")
    assert [(piece.text, piece.kind) for piece in shown.pieces] == [("Ask ", ""), ("", "PERSON"), ("", "")]


def test_the_first_word_counts(every):
    answer(every)
    with pytest.raises(Conflict, match="already"):
        answer(every, confirm=False, reason="It is not ours to delete.")
    asked = Confirmation.objects.get(exchange=every.exchange)
    assert (asked.state, asked.answered_by_id) == ("confirmed", every.lead.person)
    assert row(every, every.lead).calls == ()


def test_a_refusal_says_why_and_takes_the_copy_away(every, django_capture_on_commit_callbacks):
    with pytest.raises(Invalid, match="Say why"):
        answer(every, confirm=False, reason="no")
    with django_capture_on_commit_callbacks(execute=True):
        asked = answer(every, confirm=False, reason="It is not ours to delete.")
    assert asked.reason == "It is not ours to delete."
    assert not (held_folder().root / asked.storage_ref).exists()


def test_nobody_else_can_answer(every):
    with pytest.raises(NotAllowed):
        answer(every, by=builders.actor_with(Role.BUILDER, every.unit))


def test_after_its_time_nobody_can_confirm_and_it_is_ended(every):
    late = every.at + timedelta(days=1)
    with pytest.raises(Conflict, match="over"):
        answer(every, at=late)
    assert tend_confirmations(by=builders.INSTALLER, at=late) == 1
    assert Confirmation.objects.get(exchange=every.exchange).state == "ended"


def test_the_builders_are_told_once(every):
    told = [tend_confirmations(by=builders.INSTALLER, at=every.at) for _ in range(2)]
    assert told == [1, 0]
    assert Notice.objects.filter(kind="gateway.call_waits", person_id=every.lead.person).count() == 1


def test_only_builders_who_may_confirm_are_told(every):
    other = builders.person(Role.AUDITOR, every.unit)
    add_member(initiative_id=every.initiative.pk, person_id=other.pk, by=every.lead, at=every.at)
    tend_confirmations(by=builders.INSTALLER, at=every.at)
    told = Notice.objects.filter(kind="gateway.call_waits").values_list("person_id", flat=True)
    assert set(told) == {every.lead.person}


def test_what_waits_stands_before_its_builders_and_nobody_else(every):
    def waits(person, at=every.at):
        held = standing_of(person)
        return calls_waiting(held, at=at), [row.exchange for row in calls_of(held, at=at, state="waiting").rows]

    assert waits(every.lead.person) == (1, [every.exchange.pk])
    (row,) = calls_of(standing_of(every.lead.person), at=every.at).rows
    assert row.due_at - row.asked_at == timedelta(minutes=5)
    assert waits(builders.person(Role.BUILDER, every.unit).pk) == (0, [])
    assert waits(every.lead.person, at=every.at + timedelta(days=1)) == (0, [])


def test_the_log_tells_of_it_and_holds_no_value(every, recorded):
    answer(every)
    assert recorded.kinds(every.exchange.pk) == ["gateway.call_confirmed"]
    assert "Brandt" not in recorded.text()
