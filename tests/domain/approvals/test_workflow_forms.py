"""What a workflow can ask beside the shipped one: order, sides, people by name, blind reviews, attached conditions."""

import pytest

import asking
import builders
import rest
from governance.approvals import services
from governance.approvals.binding import Binding
from governance.approvals.models import Stage
from governance.approvals.selectors import binding_of, request_page
from governance.audit.events import EventKind
from governance.core.actors import INSTALLER
from governance.core.errors import Invalid, NotAllowed
from governance.organisation.models import Person
from governance.organisation.roles import Role
from governance.organisation.selectors import standing_of
from governance.remits.models import Grant

pytestmark = pytest.mark.django_db
AT, LATER = asking.AT, asking.LATER
IT = {"name": "IT", "reason": "It runs it.", "slots": [{"role": "it_approver", "label": "IT"}]}
SECURITY = {
    "name": "Security",
    "reason": "It guards it.",
    "slots": [{"role": "security_approver", "label": "security"}],
}
REVIEW = {
    "name": "Review",
    "reason": "Two views.",
    "blind": True,
    "slots": [{"role": "security_approver", "label": "reviewer", "seats": 2}],
}
STEWARDS = {"name": "Stewards", "reason": "Theirs.", "slots": [{"steward_of": "datasets", "label": "of {title}"}]}


@pytest.fixture
def ask(assistant, letters, tenant, owner, deciders):
    """Return a function that puts a workflow in force and asks a request under it."""

    def asked(*stages, **more):
        document = {"name": "default", "stages": list(stages), **more}
        services.install_workflow(document=document, by=INSTALLER, at=AT)
        return asking.sent(assistant, [asking.grant(letters, tenant)], by=owner)

    return asked


def states(request):
    return dict(Stage.objects.filter(revision__request=request).values_list("name", "state"))


def test_a_stage_opens_when_those_before_it_are_passed_whatever_else_waits(ask, it):
    request = ask(IT, {**SECURITY, "after": ["IT"]}, STEWARDS)
    asking.approve(request, it)
    assert states(request) == {"IT": "satisfied", "Security": "open", "Stewards": "open"}


def test_two_of_three_seats_and_one_of_each_side(ask, it, security, claims):
    head = builders.actor(builders.person(Role.UNIT_HEAD, claims, name="Hugo Head"))
    seats = [
        {"role": "it_approver", "label": "IT", "group": "run"},
        {"role": "security_approver", "label": "security", "group": "run"},
        {"role": "unit_head", "label": "head", "group": "business"},
    ]
    board = {"name": "Board", "reason": "Both sides.", "quorum": "at_least", "needed": 2, "slots": seats}
    request = ask(board)
    asking.approve(request, it, security)
    assert states(request) == {"Board": "open"}
    assert asking.approve(request, head).state == "approved"


def test_a_named_group_decides_and_nobody_else(ask, it, security, steward):
    council = builders.person(Role.ARBITER, name="Ara Arbiter")
    named = {"people": [council.login, "nobody-of-that-name"], "label": "AI council"}
    request = ask({"name": "Council", "reason": "By name.", "slots": [named]})
    with pytest.raises(NotAllowed, match="not among the people asked"):
        asking.approve(request, it)
    assert asking.approve(request, builders.actor(council)).state == "approved"


def test_a_unit_that_does_not_exist_refuses_the_request_by_its_name(ask):
    elsewhere = {"role": "it_approver", "on": "group-it", "label": "IT"}
    with pytest.raises(Invalid, match="group-it"):
        ask({**IT, "slots": [elsewhere]})


@pytest.fixture
def reviewers(group):
    return [builders.actor(builders.person(Role.SECURITY_APPROVER, group, name=name)) for name in ("Ada", "Bea")]


@pytest.fixture
def blind(ask, reviewers):
    """A request under blind review; the first reviewer has said no, and why."""
    request = ask(REVIEW)
    asking.say("reject", request, by=reviewers[0], comment="Sirius is not allowed.")
    return request


def page(request, reader):
    found = request_page(request.pk, reader=standing_of(reader.person), at=AT)
    return str([found.decisions, found.comments, found.stages])


def over_rest(request, reader):
    call = rest.by_session(Person.objects.get(pk=reader.person))
    return call("get", f"requests/{request.pk}").content.decode()


@pytest.mark.parametrize("seen", [page, over_rest])
def test_nobody_sees_what_was_said_in_a_blind_review_under_way(blind, reviewers, owner, seen):
    for reader in (reviewers[1], owner):
        assert "Sirius" not in seen(blind, reader)
        assert '"reject"' not in seen(blind, reader)
    assert "Sirius" in seen(blind, reviewers[0])


def test_a_condition_does_not_tell_that_somebody_said_yes(ask, reviewers, recorded):
    request = ask(REVIEW)
    tied = {"digest": request.revisions.get().digest, "conditions": Binding(redact=("IBAN",))}
    services.decide(request_id=request.pk, kind="approve", comment="", by=reviewers[0], at=AT, **tied)
    assert request_page(request.pk, reader=standing_of(reviewers[1].person), at=AT).conditions == ()
    made = next(body for body in recorded.bodies if body["kind"] == EventKind.DECISION_MADE)
    assert made["detail"]["conditions"] == ""


def test_the_log_keeps_it_back_as_well(recorded, blind, reviewers):
    assert "reject" not in recorded.text()
    asking.approve(blind, reviewers[1])
    opened = next(body for body in recorded.bodies if body["kind"] == EventKind.BLIND_REVIEW_OPENED)
    assert sorted(opened["detail"]["said"].values()) == ["approve", "reject"]


def test_a_blind_review_ends_when_all_have_spoken_and_one_no_outweighs(blind, reviewers):
    assert blind.state == "in_review"
    assert asking.approve(blind, reviewers[1]).state == "rejected"


def test_a_reviewers_remark_reaches_the_requester_and_not_the_other_reviewer(blind, reviewers, owner):
    services.comment(request_id=blind.pk, text="Which Sirius?", by=reviewers[0], at=LATER)
    assert "Which Sirius?" in page(blind, owner)
    assert "Which Sirius?" not in page(blind, reviewers[1])


def test_what_the_rules_attach_is_shown_before_and_binds_every_grant_after(ask, it):
    attach = [
        {"if": 'classification.at_least("confidential")', "because": "It is confidential.", "redact": ["IBAN"]},
        {"because": "Rights end.", "longest_days": 30, "way": "hash", "human_oversight": "Ina reads each."},
    ]
    request = ask(IT, attach=attach)
    shown = request_page(request.pk, reader=standing_of(it.person), at=AT).attached
    assert [each.because for each in shown] == ["It is confidential.", "Rights end."]
    asking.approve(request, it, at=LATER)
    grant = Grant.objects.get(remit_id=request.subject_id)
    kept = {"redact": ["IBAN", "PERSON"], "calls_per_day": 500, "ruleset": "standard", "way": "hash"}
    assert grant.conditions == kept
    assert (grant.ends_at - LATER).days == 29
    assert binding_of("remit", request.subject_id).human_oversight == ("Ina reads each.",)
