"""An approver writes the change they ask for; the asker takes it with one act, or declines it."""

import pytest

import asking
import builders
from governance.approvals import services
from governance.approvals.models import Decision, Request
from governance.approvals.rules import DecisionKind, RequestState
from governance.approvals.selectors import request_page
from governance.approvals.suggesting import Suggested
from governance.audit.events import EventKind
from governance.catalogue import services as catalogue
from governance.core.errors import Conflict, DomainError, Invalid
from governance.notices.models import Notice
from governance.organisation import services as organisation
from governance.organisation.roles import Role
from governance.organisation.selectors import standing_of
from governance.remits import services as remits
from governance.remits.models import Grant, Remit

pytestmark = pytest.mark.django_db
LESS = {"grants": [{"number": 1, "redact": ["IBAN_CODE"], "calls_per_day": 100}]}
OTHER_WORDS = {"human_oversight": "A clerk signs each letter."}


def take(suggestion, *, by, at=asking.AT):
    remits.take_suggestion(suggestion_id=suggestion.pk, by=by, at=at)
    return Request.objects.get(pk=suggestion.decision.request_id)


def state_of(suggestion):
    suggestion.refresh_from_db()
    return suggestion.state


def edited(request, by, **changed):
    remit = Remit.objects.get(pk=request.subject_id)
    return remits.save_draft(remit_id=remit.pk, body=remit.body | changed, revision=remit.revision, by=by, at=asking.AT)


@pytest.fixture
def suggested(request_for_letters, steward, it):
    """The steward approved, IT would have less of it and says yes to exactly that."""
    asking.approve(request_for_letters, steward)
    return asking.suggest(request_for_letters, LESS, by=it)


def test_taking_what_takes_away_keeps_every_yes_and_counts_the_one_given_beforehand(suggested, owner, security):
    again = take(suggested, by=owner)
    assert asking.approve(again, security).state == RequestState.APPROVED
    assert Grant.objects.get(remit_id=again.subject_id).conditions == {
        "redact": ["IBAN_CODE", "PERSON"],
        "calls_per_day": 100,
        "ruleset": "standard",
    }


def test_a_yes_given_beforehand_is_bound_to_the_version_that_was_taken(suggested, owner, it):
    revision = take(suggested, by=owner).revisions.order_by("-number")[0]
    yes = Decision.objects.get(revision=revision)
    suggested.refresh_from_db()
    assert (yes.actor_id, yes.kind, yes.digest) == (it.person, "approve", revision.digest)
    assert (suggested.given, suggested.digest) == (yes, revision.digest)


def test_without_a_yes_given_beforehand_whoever_suggested_decides_again(request_for_letters, it, owner):
    again = take(asking.suggest(request_for_letters, LESS, by=it, counts=False), by=owner)
    assert not Decision.objects.filter(revision__number=2).exists()
    assert request_page(again.pk, reader=standing_of(it.person), at=asking.AT).may_decide


def test_other_words_about_oversight_void_what_others_said_and_not_the_yes_to_exactly_these(
    request_for_letters, steward, it, owner
):
    asking.approve(request_for_letters, steward)
    take(asking.suggest(request_for_letters, OTHER_WORDS, by=it), by=owner)
    page = request_page(request_for_letters.pk, reader=standing_of(steward.person), at=asking.AT)
    assert page.may_decide
    assert [(row.who, row.kind) for row in page.decisions if row.current] == [(it.name, "approve")]


def test_the_asker_sees_the_change_as_a_difference(suggested, owner):
    page = request_page(suggested.decision.request_id, reader=standing_of(owner.person), at=asking.AT)
    row = next(decision.suggestion for decision in page.decisions if decision.suggestion)
    assert page.may_answer
    assert row.waits
    assert "bank account number" in row.difference[0].after
    assert "bank account number" not in row.difference[0].before


def test_whoever_edits_by_hand_to_the_same_has_taken_it(suggested, owner):
    saved = edited(suggested.decision.request, owner, **suggested.body)
    remits.submit(remit_id=saved.pk, revision=saved.revision, by=owner, at=asking.AT)
    assert state_of(suggested) == "taken"
    assert suggested.given is not None


def test_any_other_edit_sets_it_aside_and_its_yes_with_it(suggested, owner):
    saved = edited(suggested.decision.request, owner, title="Another title")
    remits.submit(remit_id=saved.pk, revision=saved.revision, by=owner, at=asking.AT)
    assert state_of(suggested) == "set_aside"
    assert not Decision.objects.filter(revision__number=2).exists()


def test_what_was_edited_since_is_not_undone_by_taking(suggested, owner):
    edited(suggested.decision.request, owner, title="Another title")
    with pytest.raises(Conflict) as refused:
        take(suggested, by=owner)
    assert refused.value.code == "edited_since"
    assert state_of(suggested) == "open"


def test_a_second_click_takes_nothing_twice(suggested, owner):
    take(suggested, by=owner)
    with pytest.raises(Conflict) as refused:
        take(suggested, by=owner)
    assert refused.value.code == "suggestion_answered"


def test_a_yes_of_somebody_who_lost_the_role_meanwhile_does_not_count(suggested, owner, it, group):
    builders.actor_with(Role.IT_APPROVER, group)
    organisation.take_role(
        person_id=it.person, role=Role.IT_APPROVER, unit_id=group.pk, by=builders.INSTALLER, at=asking.AT
    )
    take(suggested, by=owner)
    suggested.refresh_from_db()
    assert suggested.given is None


def test_whoever_takes_their_own_suggestion_has_no_yes(colleague, request_for_letters):
    suggestion = asking.suggest(request_for_letters, LESS, by=colleague)
    take(suggestion, by=colleague)
    suggestion.refresh_from_db()
    assert suggestion.given is None


def test_a_yes_beforehand_does_not_count_when_the_data_became_more_sensitive(suggested, owner, letters, steward):
    catalogue.edit_dataset(
        dataset_id=letters.pk, revision=letters.revision, classification="restricted", by=steward, at=asking.AT
    )
    with pytest.raises(DomainError):
        take(suggested, by=owner)
    assert state_of(suggested) == "open"


def test_an_outsider_neither_takes_nor_declines(suggested, outsider):
    for act in (remits.take_suggestion, remits.decline_suggestion):
        said = {"answer": "No."} if act is remits.decline_suggestion else {}
        with pytest.raises(DomainError) as refused:
            act(suggestion_id=suggested.pk, by=outsider, at=asking.AT, **said)
        assert refused.value.kind in {"not_allowed", "not_found"}


def test_declining_keeps_the_answer_tells_its_writer_and_leaves_the_request_open(suggested, owner, it):
    remits.decline_suggestion(suggestion_id=suggested.pk, answer="We need 500.", by=owner, at=asking.AT)
    request = Request.objects.get(pk=suggested.decision.request_id)
    assert (state_of(suggested), suggested.answer) == ("declined", "We need 500.")
    assert request.state == RequestState.CHANGES_REQUESTED
    assert Notice.objects.filter(person_id=it.person, kind="approvals.suggestion_declined").count() == 1


def test_a_declined_suggestion_that_is_sent_after_all_has_no_yes(suggested, owner):
    remits.decline_suggestion(suggestion_id=suggested.pk, answer="We need 500.", by=owner, at=asking.AT)
    saved = edited(suggested.decision.request, owner, **suggested.body)
    remits.submit(remit_id=saved.pk, revision=saved.revision, by=owner, at=asking.AT)
    assert (state_of(suggested), suggested.given) == ("declined", None)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({"ends": "2027-06-30"}, "ends_later", id="a later end"),
        pytest.param({"grants": [{"number": 1, "calls_per_day": 501}]}, "more_calls", id="more calls"),
        pytest.param(
            {"grants": [{"number": 1, "destination": "elsewhere"}]}, "not_asked_for", id="another destination"
        ),
        pytest.param({"grants": [{"number": 1, "leave_out": True}]}, "no_grant", id="nothing left"),
        pytest.param({"grants": [{"number": 2}]}, "no_such_right", id="a right that nobody asked for"),
        pytest.param(
            {"grants": [{"number": 1, "mode": "train"}]}, "mode_not_of_technique", id="another technique's mode"
        ),
        pytest.param({"grants": [{"number": 1, "redact": ["PERSON"]}]}, "nothing_suggested", id="no difference"),
        pytest.param({"ends": "2026-01-01"}, "ends_in_the_past", id="over already"),
        pytest.param({"tier": "low"}, "unknown_field", id="what is not theirs to write"),
    ],
)
def test_a_change_that_is_none_is_refused_and_nothing_is_decided(request_for_letters, it, change, code):
    with pytest.raises(Invalid) as refused:
        asking.suggest(request_for_letters, change, by=it)
    assert refused.value.code == code
    assert not Decision.objects.exists()


def test_a_yes_carries_no_change(request_for_letters, it):
    digest = request_for_letters.revisions.get().digest
    said = {"request_id": request_for_letters.pk, "kind": DecisionKind.APPROVE, "digest": digest, "comment": ""}
    with pytest.raises(Invalid) as refused:
        services.decide(**said, suggestion=Suggested(LESS), by=it, at=asking.AT)
    assert refused.value.code == "suggestion_without_changes"


def test_the_yes_that_counts_is_in_the_log_with_who_gave_it(suggested, owner, it, recorded):
    take(suggested, by=owner)
    counted = next(body for body in recorded.bodies if body["kind"] == EventKind.SUGGESTION_COUNTED)
    assert counted["actor"]["ref"] == str(owner.person)
    assert counted["detail"]["given_by"] == str(it.person)
