"""Two people set a decision aside for a day; a third says afterwards whether that was right."""

from datetime import timedelta

import pytest

import asking
import builders
from governance.approvals import services
from governance.approvals.models import Override
from governance.approvals.overriding import OverrideState
from governance.approvals.rules import DecisionKind
from governance.approvals.selectors import overrides_of
from governance.core.actors import CLOCK
from governance.core.errors import Conflict, Invalid, NotAllowed, NotFound
from governance.organisation.roles import Role
from governance.remits.models import Grant

pytestmark = pytest.mark.django_db
HOURS = timedelta(hours=1)


@pytest.fixture
def head(claims):
    return builders.actor(builders.person(Role.UNIT_HEAD, claims, name="Hugo Head"))


def ask(request, by, *, hours=4, reason="Hail tonight; the letters cannot wait.", at=asking.AT):
    return services.ask_override(request_id=request.pk, reason=reason, hours=hours, by=by, at=at)


def confirm(override, by, at=asking.AT):
    return services.confirm_override(override_id=override.pk, by=by, at=at)


def code_of(act):
    with pytest.raises((NotAllowed, Conflict, Invalid, NotFound)) as refused:
        act()
    return refused.value.code


@pytest.fixture
def holding(request_for_letters, head, security):
    return confirm(ask(request_for_letters, head), security)


def lent(request):
    return list(Grant.objects.filter(remit=request.subject_id, by_override=True).values_list("state", flat=True))


def test_one_person_alone_changes_nothing(request_for_letters, head):
    override = ask(request_for_letters, head)
    assert code_of(lambda: confirm(override, head)) == "needs_another"
    assert lent(request_for_letters) == []


def test_two_people_let_through_for_hours_what_was_asked(request_for_letters, holding):
    grant = Grant.objects.get(remit=request_for_letters.subject_id, by_override=True)
    assert (grant.state, grant.starts_at, grant.ends_at) == ("active", asking.AT, asking.AT + 4 * HOURS)
    assert Grant.objects.get(remit=request_for_letters.subject_id, by_override=False).state == "pending"


def test_it_ends_by_itself_and_waits_for_a_review(request_for_letters, holding):
    assert services.end_overrides(by=CLOCK, at=asking.AT + 3 * HOURS) == []
    assert services.end_overrides(by=CLOCK, at=asking.AT + 4 * HOURS) == [holding.pk]
    assert services.end_overrides(by=CLOCK, at=asking.AT + 4 * HOURS) == []
    [row] = overrides_of(request_for_letters.pk, at=asking.AT + 4 * HOURS)
    assert (row.state, lent(request_for_letters)) == (OverrideState.TO_REVIEW, ["expired"])


def test_a_third_person_reviews_it_once(request_for_letters, holding, security, head, group):
    over = asking.AT + 4 * HOURS
    services.end_overrides(by=CLOCK, at=over)
    analyst = builders.actor_with(Role.SECURITY_ANALYST, group)
    say = lambda by: services.review_override(  # noqa: E731
        override_id=holding.pk, verdict="justified", finding="Hail it was.", by=by, at=over
    )
    assert code_of(lambda: say(security)) == "own_override"
    assert say(analyst).verdict == "justified"
    assert code_of(lambda: say(analyst)) == "nothing_to_review"


def test_it_is_not_reviewed_while_it_holds(holding, group):
    analyst = builders.actor_with(Role.SECURITY_ANALYST, group)
    act = lambda: services.review_override(  # noqa: E731
        override_id=holding.pk, verdict="justified", finding="Early.", by=analyst, at=asking.AT
    )
    assert code_of(act) == "nothing_to_review"


def test_a_decision_ends_it_at_once(request_for_letters, holding, it):
    asking.say(DecisionKind.REJECT, request_for_letters, by=it, comment="No.", at=asking.AT + HOURS)
    assert lent(request_for_letters) == ["expired"]
    assert Override.objects.get().ended_at == asking.AT + HOURS


def test_a_decision_in_the_moment_in_which_it_begins_ends_it_too(request_for_letters, holding, it):
    asking.say(DecisionKind.REJECT, request_for_letters, by=it, comment="No.", at=asking.AT)
    assert lent(request_for_letters) == ["expired"]


def test_an_approval_ends_it_and_the_grants_proper_begin(request_for_letters, holding, deciders):
    decided = asking.approve(request_for_letters, *deciders, at=asking.AT + HOURS)
    grants = Grant.objects.filter(remit=decided.subject_id).order_by("by_override")
    assert [grant.state for grant in grants] == ["active", "expired"]


def test_a_withdrawal_ends_it(request_for_letters, holding, owner):
    services.withdraw(request_id=request_for_letters.pk, by=owner, at=asking.AT + HOURS)
    assert lent(request_for_letters) == ["expired"]


def test_a_no_can_be_set_aside_too(request_for_letters, it, head, security):
    asking.say(DecisionKind.REJECT, request_for_letters, by=it, comment="No.")
    confirm(ask(request_for_letters, head), security)
    assert lent(request_for_letters) == ["active"]


def test_neither_the_requester_nor_an_author_takes_part(assistant, letters, tenant, colleague, deciders, head):
    request = asking.sent(assistant, [asking.grant(letters, tenant)], by=colleague)
    assert code_of(lambda: ask(request, colleague)) == "own_request"
    override = ask(request, head)
    assert code_of(lambda: confirm(override, colleague)) == "own_request"


def test_the_same_version_is_overridden_once(request_for_letters, holding, head):
    services.end_overrides(by=CLOCK, at=asking.AT + 4 * HOURS)
    assert code_of(lambda: ask(request_for_letters, head, at=asking.AT + 5 * HOURS)) == "overridden_before"


def test_what_nobody_confirms_within_a_day_is_over(request_for_letters, head, security):
    override = ask(request_for_letters, head)
    assert code_of(lambda: confirm(override, security, at=asking.AT + 24 * HOURS)) == "not_asked_for"
    assert ask(request_for_letters, head, at=asking.AT + 24 * HOURS).pk != override.pk


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({"hours": 25}, "wrong_hours", id="longer than a day"),
        pytest.param({"hours": 0}, "wrong_hours", id="no time"),
        pytest.param({"reason": " "}, "reason_missing", id="no reason"),
        pytest.param({"reason": "x" * 4001}, "reason_too_long", id="a novel"),
    ],
)
def test_an_override_states_a_reason_and_at_most_a_day(request_for_letters, head, change, code):
    assert code_of(lambda: ask(request_for_letters, head, **change)) == code


def test_who_may_not_read_the_request_learns_nothing(request_for_letters, retail):
    stranger = builders.actor_with(Role.UNIT_HEAD, retail)
    assert code_of(lambda: ask(request_for_letters, stranger)) == "request_not_found"


def test_an_approved_request_has_nothing_to_override(request_for_letters, deciders, head):
    asking.approve(request_for_letters, *deciders)
    assert code_of(lambda: ask(request_for_letters, head)) == "nothing_to_override"


def test_every_step_of_it_is_in_the_log(recorded, request_for_letters, holding):
    services.end_overrides(by=CLOCK, at=asking.AT + 4 * HOURS)
    kinds = [kind for kind in recorded.kinds(request_for_letters.pk) if "overrid" in kind]
    assert kinds == ["approvals.override_asked", "approvals.overridden", "approvals.override_ended"]
    assert "Hail" not in recorded.text()
