"""Who may decide a request, in what order, and what becomes of it."""

import pytest

import asking
import builders
from governance.approvals import services
from governance.approvals.models import Decision, Request
from governance.approvals.rules import DecisionKind, RequestState, StageState
from governance.core.errors import Conflict, Invalid, NotAllowed, NotFound
from governance.organisation import services as organisation
from governance.organisation.roles import Role
from governance.remits import services as remits
from governance.remits.models import Remit

pytestmark = pytest.mark.django_db
APPROVE, REJECT, CHANGE = DecisionKind.APPROVE, DecisionKind.REJECT, DecisionKind.REQUEST_CHANGES


def states(request):
    stages = request.revisions.order_by("-number")[0].stages.all()
    return {stage.name: stage.state for stage in stages}


def test_steward_and_it_open_together_and_security_waits(request_for_letters):
    assert states(request_for_letters) == {
        "Data stewards": StageState.OPEN,
        "IT": StageState.OPEN,
        "Security": StageState.WAITING,
        "Legal": StageState.SKIPPED,
    }


def test_the_last_approval_approves_the_request_and_the_remit(request_for_letters, steward, it, security):
    decided = asking.approve(request_for_letters, it, steward, security)
    assert decided.state == RequestState.APPROVED
    assert Remit.objects.get(pk=decided.subject_id).state == "approved"


def test_security_may_not_decide_before_its_stage_opens(request_for_letters, security, it):
    asking.approve(request_for_letters, it)
    with pytest.raises(NotAllowed) as refused:
        asking.approve(request_for_letters, security)
    assert refused.value.code == "not_asked"


@pytest.mark.usefixtures("deciders")
def test_nobody_decides_their_own_request(assistant, letters, tenant, colleague):
    request = asking.sent(assistant, [asking.grant(letters, tenant)], by=colleague)
    with pytest.raises(NotAllowed) as refused:
        asking.approve(request, colleague)
    assert refused.value.code == "own_request"


@pytest.mark.usefixtures("deciders")
def test_nobody_decides_what_they_drafted_even_when_another_sends_it(assistant, letters, tenant, colleague, owner):
    draft = asking.draft(assistant, [asking.grant(letters, tenant)], by=colleague)
    outcome = remits.submit(remit_id=draft.pk, revision=draft.revision, by=owner, at=asking.AT)
    with pytest.raises(NotAllowed) as refused:
        asking.approve(Request.objects.get(pk=outcome.request_id), colleague)
    assert refused.value.code == "own_edit"


def test_a_decision_binds_to_the_digest_that_was_read(request_for_letters, it):
    with pytest.raises(Conflict) as refused:
        services.decide(
            request_id=request_for_letters.pk, kind=APPROVE, digest="0" * 64, comment="", by=it, at=asking.AT
        )
    assert refused.value.code == "digest_moved"


def test_a_decision_keeps_what_was_decided_on(request_for_letters, it):
    asking.say(APPROVE, request_for_letters, by=it, comment="Fine.")
    decision = Decision.objects.get(actor_id=it.person)
    revision = request_for_letters.revisions.get()
    kept = (decision.digest, decision.revision_id, decision.workflow_id, decision.comment)
    assert kept == (revision.digest, revision.pk, request_for_letters.workflow_id, "Fine.")


def test_one_person_has_one_voice(request_for_letters, it):
    asking.approve(request_for_letters, it)
    with pytest.raises(NotAllowed) as refused:
        asking.approve(request_for_letters, it)
    assert refused.value.code == "already_spoken"


def test_a_role_held_only_since_the_stage_opened_does_not_count(request_for_letters, group):
    late = builders.actor_with(Role.IT_APPROVER, group)
    with pytest.raises(NotAllowed) as refused:
        asking.approve(request_for_letters, late)
    assert refused.value.code == "not_asked"


def test_a_role_lost_since_the_stage_opened_counts_no_more(request_for_letters, it, group):
    organisation.take_role(
        person_id=it.person, role=Role.IT_APPROVER, unit_id=group.pk, by=builders.INSTALLER, at=asking.AT
    )
    with pytest.raises(NotAllowed):
        asking.approve(request_for_letters, it)


def test_an_outsider_is_refused_and_told_who_may(request_for_letters, outsider, it, steward):
    with pytest.raises(NotAllowed) as refused:
        asking.approve(request_for_letters, outsider)
    assert refused.value.code == "not_permitted"
    assert "Ines It" in refused.value.remedy


@pytest.mark.parametrize(
    "comment", ["  ", "\u200b\u2060", "\u3164"], ids=["spaces", "without a width", "a blank letter"]
)
@pytest.mark.parametrize("kind", [REJECT, CHANGE])
def test_a_no_owes_a_reason(request_for_letters, it, kind, comment):
    with pytest.raises(Invalid) as refused:
        asking.say(kind, request_for_letters, by=it, comment=comment)
    assert refused.value.code == "reason_missing"


def test_one_no_ends_the_request_and_the_remit(request_for_letters, it, steward):
    asking.approve(request_for_letters, steward)
    decided = asking.say(REJECT, request_for_letters, by=it, comment="Not like this.")
    remit = Remit.objects.get(pk=decided.subject_id)
    assert (decided.state, remit.state, remit.grants.count()) == (RequestState.REJECTED, "rejected", 0)


def test_nothing_is_decided_after_the_end(request_for_letters, it, steward):
    asking.say(REJECT, request_for_letters, by=it, comment="No.")
    with pytest.raises(Conflict) as refused:
        asking.approve(request_for_letters, steward)
    assert refused.value.code == "not_in_review"


def test_only_the_requester_withdraws(request_for_letters, owner, it):
    with pytest.raises(NotAllowed):
        services.withdraw(request_id=request_for_letters.pk, by=it, at=asking.AT)
    withdrawn = services.withdraw(request_id=request_for_letters.pk, by=owner, at=asking.AT)
    assert (withdrawn.state, Remit.objects.get(pk=withdrawn.subject_id).state) == ("withdrawn", "withdrawn")


def test_a_stranger_cannot_comment_and_learns_nothing(request_for_letters, outsider):
    with pytest.raises(NotFound):
        services.comment(request_id=request_for_letters.pk, text="Hello", by=outsider, at=asking.AT)


def test_the_words_of_a_comment_stay_out_of_the_log(recorded, request_for_letters, it):
    services.comment(request_id=request_for_letters.pk, text="Ask Brunhilde Beispiel first.", by=it, at=asking.AT)
    assert request_for_letters.comments.get().text == "Ask Brunhilde Beispiel first."
    assert "Brunhilde" not in recorded.text()


def test_every_step_is_in_the_log(recorded, request_for_letters, it, steward, security):
    asking.approve(request_for_letters, it, steward, security)
    kinds = recorded.kinds(request_for_letters.pk)
    assert kinds == [
        "approvals.request_opened",
        "approvals.stage_opened",
        "approvals.stage_opened",
        "approvals.decision_made",
        "approvals.decision_made",
        "approvals.stage_opened",
        "approvals.decision_made",
        "approvals.request_approved",
    ]


def test_a_subject_is_asked_once_at_a_time(request_for_letters, owner):
    with pytest.raises(Conflict) as refused:
        services.open_request(subject_kind="remit", subject_id=request_for_letters.subject_id, by=owner, at=asking.AT)
    assert refused.value.code == "already_asked"
