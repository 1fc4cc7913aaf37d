"""Two people act at the same moment: exactly one effect each time, and nobody waits for ever."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from types import SimpleNamespace

import pytest
from django.db import connection

import asking
import builders
import contesting
import scope
from governance.approvals import services
from governance.approvals.models import Decision, Reminder, Request
from governance.approvals.rules import DecisionKind
from governance.core.actors import CLOCK
from governance.core.errors import DomainError
from governance.organisation import services as organisation
from governance.organisation.roles import Role
from governance.remits import services as remits
from governance.remits.models import Grant, Remit

pytestmark = pytest.mark.usefixtures("committed_db")


def at_once(*acts):
    """Run the acts together and return what each came to: a state, or the code of its refusal."""
    start = Barrier(len(acts))

    def run(act):
        try:
            start.wait(timeout=10)
            return act().state
        except DomainError as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(acts)) as pool:
        return list(pool.map(run, acts))


def decision(request, by, kind=DecisionKind.APPROVE):
    digest = request.revisions.get().digest
    return lambda: services.decide(
        request_id=request.pk, kind=kind, digest=digest, comment="Because.", by=by, at=asking.AT
    )


@pytest.fixture
def asked():
    """A request that steward and IT decide, with two people in IT."""
    root = builders.organisation()
    claims, office = builders.unit("Claims"), builders.unit("Data Office")
    owner, steward = builders.actor_with(Role.REQUESTER, claims), builders.actor_with(Role.DATA_STEWARD, office)
    it = [builders.actor_with(Role.IT_APPROVER, root) for _ in range(2)]
    handbook, tenant = scope.dataset(office), scope.destination(**asking.OUR_TENANT)
    request = asking.sent(scope.initiative(claims, by=owner), [asking.grant(handbook, tenant)], by=owner)
    return request, owner, steward, it


def test_two_clicks_at_once_take_a_suggestion_once(asked):
    request, owner, _, it = asked
    suggestion = asking.suggest(request, {"grants": [{"number": 1, "redact": ["IBAN_CODE"]}]}, by=it[0])

    def take():
        remits.take_suggestion(suggestion_id=suggestion.pk, by=owner, at=asking.AT)
        return Request.objects.get(pk=request.pk)

    assert sorted(at_once(take, take)) == ["in_review", "suggestion_answered"]
    assert Decision.objects.filter(request=request, revision__number=2).count() == 1


def test_two_people_of_one_stage_take_its_seat_once(asked):
    request, _, _, it = asked
    outcomes = at_once(decision(request, it[0]), decision(request, it[1]))
    assert outcomes.count("in_review") == 1
    assert set(outcomes) <= {"in_review", "not_asked", "seat_taken"}
    assert Decision.objects.filter(request=request).count() == 1


def test_the_last_two_approvals_activate_the_remit_once(asked):
    request, _, steward, it = asked
    outcomes = at_once(decision(request, it[0]), decision(request, steward))
    assert sorted(outcomes) == ["approved", "in_review"]
    assert Remit.objects.get(pk=request.subject_id).state == "approved"
    assert [grant.state for grant in Grant.objects.filter(remit=request.subject_id)] == ["active"]


def test_a_double_click_counts_once(asked):
    request, _, _, it = asked
    outcomes = at_once(*[decision(request, it[0])] * 2)
    assert sorted(outcomes) == ["already_spoken", "in_review"]


def test_a_no_and_a_withdrawal_end_the_request_once(asked):
    request, owner, _, it = asked
    outcomes = at_once(
        decision(request, it[0], DecisionKind.REJECT),
        lambda: services.withdraw(request_id=request.pk, by=owner, at=asking.AT),
    )
    ended = Request.objects.get(pk=request.pk).state
    assert ended in {"rejected", "withdrawn"}
    assert outcomes.count(ended) == 1


def test_a_ruling_and_the_last_approval_take_turns():
    """The ruling goes from the initiative to its remit, the approval from the remit to its initiative."""
    arbiter = builders.actor_with(Role.ARBITER)
    claims, rival, office = contesting.headed("Claims"), contesting.headed("Digital"), builders.unit("Data Office")
    owner, steward = builders.actor_with(Role.REQUESTER, claims.unit), builders.actor_with(Role.DATA_STEWARD, office)
    it = builders.actor_with(Role.IT_APPROVER)
    handbook, tenant = scope.dataset(office), scope.destination(**asking.OUR_TENANT)
    for _ in range(3):
        initiative = scope.initiative(claims.unit, by=owner)
        request = asking.approve(asking.sent(initiative, [asking.grant(handbook, tenant)], by=owner), steward)
        contesting.claim(initiative, rival)
        contest = contesting.contest_about(initiative)

        def ruling(contest=contest):
            contesting.rule(contest, contesting.award(rival), by=arbiter)
            return SimpleNamespace(state="ruled")

        assert at_once(decision(request, it), ruling) == ["approved", "ruled"]
        initiative.refresh_from_db()
        assert (initiative.state, initiative.accountable_unit) == ("active", rival.unit)


def test_the_same_draft_is_sent_once(asked):
    _, owner, _, _ = asked
    first = Remit.objects.get()
    initiative = scope.initiative(first.initiative.accountable_unit, by=owner)
    draft = asking.draft(initiative, first.body["grants"], by=owner)
    outcomes = at_once(
        *[lambda: remits.submit(remit_id=draft.pk, revision=draft.revision, by=owner, at=asking.AT).remit] * 2
    )
    assert sorted(outcomes) == ["not_a_draft", "submitted"]
    assert Request.objects.filter(subject_id=draft.pk).count() == 1


def test_two_clocks_take_each_step_once(asked):
    request, *_ = asked
    late = asking.AT + timedelta(days=2)
    outcomes = at_once(*[lambda: SimpleNamespace(state=services.chase_deciders(by=CLOCK, at=late))] * 2)
    assert sum(outcomes) == Reminder.objects.filter(revision__request=request).count() == 2


ROUNDS = [pytest.param(2, id="short"), pytest.param(100, marks=pytest.mark.long, id="long")]
CROWD = 25


@pytest.mark.parametrize("rounds", ROUNDS)
def test_fifty_approvals_at_once_are_one(rounds):
    """Twenty-five people in IT press twice, all at the same moment: one seat, one decision, each time.

    The long form: ./dev test -m long tests/domain/approvals/test_two_at_once.py
    """
    root = builders.organisation()
    claims, office = builders.unit("Claims"), builders.unit("Data Office")
    owner = builders.actor_with(Role.REQUESTER, claims)
    builders.actor_with(Role.DATA_STEWARD, office)
    crowd = [builders.actor_with(Role.IT_APPROVER, root) for _ in range(CROWD)]
    handbook, tenant = scope.dataset(office), scope.destination(**asking.OUR_TENANT)
    for _ in range(rounds):
        request = asking.sent(scope.initiative(claims, by=owner), [asking.grant(handbook, tenant)], by=owner)
        outcomes = at_once(*[decision(request, person) for person in crowd for _ in range(2)])
        assert outcomes.count("in_review") == 1
        assert Decision.objects.filter(request=request).count() == 1


def test_a_person_and_their_deputy_at_once_are_one_voice(asked):
    request, _, _, it = asked
    deputy, week = builders.actor_with(Role.UNIT_HEAD), asking.AT + timedelta(days=7)
    organisation.delegate(
        deputy_id=deputy.person, starts_at=asking.AT, ends_at=week, reason="On leave.", by=it[0], at=asking.AT
    )
    outcomes = at_once(decision(request, it[0]), decision(request, deputy))
    assert outcomes.count("in_review") == 1
    assert Decision.objects.filter(request=request).count() == 1


def test_two_people_who_hand_on_to_each_other_at_once_close_no_loop(asked):
    _, _, steward, it = asked
    week = asking.AT + timedelta(days=7)

    def hand_on(giver, deputy):
        made = organisation.delegate(
            deputy_id=deputy.person, starts_at=asking.AT, ends_at=week, reason="On leave.", by=giver, at=asking.AT
        )
        return SimpleNamespace(state=made.subject_kind or "made")

    outcomes = at_once(lambda: hand_on(it[0], steward), lambda: hand_on(steward, it[0]))
    assert sorted(outcomes) == ["delegation_loop", "made"]


def test_an_override_is_confirmed_once(asked):
    request, _, _, it = asked
    override = services.ask_override(request_id=request.pk, reason="Hail.", hours=2, by=it[0], at=asking.AT)
    security = [builders.actor_with(Role.SECURITY_APPROVER) for _ in range(2)]

    def confirm(person):
        services.confirm_override(override_id=override.pk, by=person, at=asking.AT)
        return SimpleNamespace(state="confirmed")

    outcomes = at_once(*[lambda person=person: confirm(person) for person in security])
    assert sorted(outcomes) == ["confirmed", "not_asked_for"]
    assert Grant.objects.filter(by_override=True).count() == 1


def test_an_approval_and_an_edit_never_meet(asked):
    request, owner, steward, it = asked
    asking.say(DecisionKind.REQUEST_CHANGES, request, by=steward, comment="Another title.")
    remit = Remit.objects.get(pk=request.subject_id)

    def resend():
        saved = remits.save_draft(
            remit_id=remit.pk, body=remit.body | {"title": "Other"}, revision=remit.revision, by=owner, at=asking.AT
        )
        return remits.submit(remit_id=saved.pk, revision=saved.revision, by=owner, at=asking.AT).remit

    outcomes = at_once(decision(request, it[0]), resend)
    assert "submitted" in outcomes
    decided = Decision.objects.filter(request=request, actor_id=it[0].person)
    assert all(each.digest == each.revision.digest for each in decided)
    assert set(outcomes) - {"submitted"} <= {"not_in_review", "digest_moved", "in_review"}


def test_stages_of_an_overtaken_revision_are_left_alone(asked):
    request, owner, _, it = asked
    decision(request, it[0], DecisionKind.REQUEST_CHANGES)()
    remit = Remit.objects.get(pk=request.subject_id)
    remits.submit(remit_id=remit.pk, revision=remit.revision, by=owner, at=asking.AT)
    assert services.chase_deciders(by=CLOCK, at=asking.AT + timedelta(days=2)) == 2
