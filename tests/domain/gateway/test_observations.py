"""Observing is asked for, decided by security with a reason, and ends: by the clock, by a person, by new terms."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import asking
import builders
import sending
from governance.approvals.models import Request
from governance.approvals.rules import DecisionKind, RequestState
from governance.approvals.services import ensure_workflow, withdraw
from governance.catalogue.services import edit_dataset
from governance.core.actors import CLOCK, INSTALLER
from governance.core.clock import now
from governance.core.errors import Conflict, Invalid, NotAllowed, NotFound
from governance.destinations.services import set_terms
from governance.gateway.models import Exchange, Observation
from governance.gateway.observing import ObservationState
from governance.gateway.selectors import observations as selectors
from governance.gateway.services.observations import ask_again, ask_to_observe, end_observing, tend_observations
from governance.insights.observing import would_be
from governance.notices.models import Notice
from governance.organisation.roles import Role
from governance.organisation.selectors import standing_of

WHY = "To see how often names of garages are taken for people."


@pytest.fixture
def who(group):
    return sending.builder()


@pytest.fixture
def where(group):
    return sending.destination("https://quill.example/v1")


@pytest.fixture
def granted(who, where):
    return sending.grant(who, where)


@pytest.fixture
def lead(who):
    return builders.actor(who.person)


def ask(who, where, *, by, days=14, at=None):
    told = {"initiative": who.initiative.code, "destination": where.ref, "days": days, "reason": WHY}
    return ask_to_observe(**told, by=by, at=at or now())


def request_about(asked):
    return Request.objects.get(subject_kind="observation", subject_id=asked.pk)


def decide(asked, kind, *, by, comment="Two weeks, for the letters.", at=None):
    asking.say(kind, request_about(asked), by=by, comment=comment, at=at or now())
    asked.refresh_from_db()
    return asked


def in_force(who, where, lead, security, **more):
    return decide(ask(who, where, by=lead, **more), DecisionKind.APPROVE, by=security)


def test_security_alone_decides_and_says_why(who, where, granted, lead, security, it, steward):
    asked = ask(who, where, by=lead)
    with pytest.raises(NotAllowed):
        decide(asked, DecisionKind.APPROVE, by=it)
    with pytest.raises(NotAllowed):
        decide(asked, DecisionKind.APPROVE, by=steward)
    with pytest.raises(Invalid) as silent:
        decide(asked, DecisionKind.APPROVE, by=security, comment="  ")
    assert silent.value.code == "reason_missing"
    decide(asked, DecisionKind.APPROVE, by=security)
    assert (asked.state, asked.ends_at - asked.starts_at) == (ObservationState.IN_FORCE, timedelta(days=14))


def test_rules_of_the_organisation_s_own_do_not_stand_in_for_those_of_security(who, where, granted, lead):
    assert ensure_workflow(by=INSTALLER, at=now()).name == "default"
    assert request_about(ask(who, where, by=lead)).workflow.name == "observation"


def test_nobody_decides_what_they_asked_for(who, where, granted, group):
    security = builders.person(Role.SECURITY_APPROVER, group, roles=[Role.REQUESTER])
    asked = ask(who, where, by=builders.actor(security))
    with pytest.raises(NotAllowed) as refused:
        decide(asked, DecisionKind.APPROVE, by=builders.actor(security))
    assert refused.value.code == "own_request"


@pytest.mark.parametrize(("kind", "state"), [("reject", "refused"), ("withdraw", "withdrawn")])
def test_what_is_not_approved_leaves_the_rules_as_they_are(who, where, granted, lead, security, kind, state):
    asked = ask(who, where, by=lead)
    if kind == "reject":
        decide(asked, DecisionKind.REJECT, by=security)
    else:
        withdraw(request_id=request_about(asked).pk, by=lead, at=now())
    asked.refresh_from_db()
    assert (asked.state, asked.starts_at) == (state, None)
    assert ask(who, where, by=lead).pk != asked.pk


def test_it_is_asked_for_once_at_a_time_and_not_by_strangers(who, where, granted, lead):
    ask(who, where, by=lead)
    with pytest.raises(Conflict) as twice:
        ask(who, where, by=lead)
    assert twice.value.code == "asked_already"
    with pytest.raises(NotFound):
        ask(who, where, by=builders.actor_with(Role.REQUESTER, builders.unit("Retail")))


def test_without_a_right_to_send_there_is_nothing_to_observe(who, where, lead):
    with pytest.raises(NotAllowed) as refused:
        ask(who, where, by=lead)
    assert refused.value.code == "no_grant"


def test_restricted_data_and_strict_grants_are_not_observed(who, where, lead):
    sending.grant(who, where, ruleset="strict")
    with pytest.raises(NotAllowed) as refused:
        ask(who, where, by=lead)
    assert refused.value.code == "not_observable"


def test_security_wants_fewer_days_and_is_asked_again(who, where, granted, lead, security):
    asked = decide(ask(who, where, by=lead, days=30), DecisionKind.REQUEST_CHANGES, by=security, comment="Fewer days.")
    assert selectors.observation(asked.pk, standing=standing_of(lead.person)).may_ask_again
    ask_again(observation_id=asked.pk, days=7, reason=WHY, by=lead, at=now())
    decide(asked, DecisionKind.APPROVE, by=security)
    assert asked.ends_at - asked.starts_at == timedelta(days=7)


def test_it_ends_by_itself_and_people_are_told_before(who, where, granted, lead, security):
    begun = in_force(who, where, lead, security)
    told = Notice.objects.filter(person=who.person)
    assert tend_observations(by=CLOCK, at=begun.ends_at - timedelta(days=4)) == 0
    for _ in range(2):
        tend_observations(by=CLOCK, at=begun.ends_at - timedelta(days=2))
    assert told.filter(kind="gateway.observe_ends_soon").count() == 1
    assert tend_observations(by=CLOCK, at=begun.ends_at) == 1
    begun.refresh_from_db()
    assert (begun.state, begun.ended_because) == ("ended", "time")
    assert told.filter(kind="gateway.observe_ended").count() == 1


def test_whoever_builds_it_ends_it_early_and_the_days_are_not_lost(who, where, granted, lead, security):
    begun = in_force(who, where, lead, security, days=20)
    end_observing(
        observation_id=begun.pk, reason="We have seen enough.", by=lead, at=begun.starts_at + timedelta(hours=30)
    )
    with pytest.raises(Conflict):
        end_observing(observation_id=begun.pk, reason="Twice.", by=lead, at=now())
    page = selectors.observation(begun.pk, standing=standing_of(lead.person))
    assert (page.row.state, page.row.ended_because, page.days_left, page.may_end) == ("ended", "person", 28, False)


def test_new_terms_end_it(who, where, granted, lead, security):
    begun = in_force(who, where, lead, security)
    set_terms(
        destination_id=where.pk, retention_days=30, trains_on_inputs=False, weights_owner="us", cleared_for="confidential",
        by=INSTALLER, at=now(),
    )  # fmt: skip
    begun.refresh_from_db()
    assert (begun.state, begun.ended_because) == ("ended", "terms")


def test_data_classified_higher_ends_it(who, where, granted, lead, security):
    begun = in_force(who, where, lead, security)
    data = granted.dataset
    edit_dataset(dataset_id=data.pk, revision=data.revision, classification="confidential", by=INSTALLER, at=now())
    begun.refresh_from_db()
    assert (begun.state, begun.ended_because) == ("ended", "classification")


def test_new_terms_while_it_is_asked_for_are_not_what_was_asked(who, where, granted, lead, security):
    asked = ask(who, where, by=lead)
    set_terms(
        destination_id=where.pk, retention_days=0, trains_on_inputs=False, weights_owner="none_result",
        cleared_for="confidential", price_in=7, by=INSTALLER, at=now(),
    )  # fmt: skip
    decide(asked, DecisionKind.APPROVE, by=security)
    assert (asked.state, request_about(asked).state) == ("asked", RequestState.STALE)


def test_another_unit_sees_nothing_of_it(who, where, granted, lead, security):
    begun = in_force(who, where, lead, security)
    stranger = standing_of(builders.actor_with(Role.UNIT_HEAD, builders.unit("Retail")).person)
    assert not selectors.observations(standing=stranger).rows
    assert not selectors.observed_now(standing=stranger, destination=where.pk)
    with pytest.raises(NotFound):
        selectors.observation(begun.pk, standing=stranger)
    assert selectors.observations(standing=standing_of(security.person), state="in_force").total == 1


def call(who, where, begun, verdict, would, *, end_user="", **more):
    reason = {"rule": "contact_data", "sentence": "It names a person.", "type": "PERSON", "action": verdict}
    told = {"surface": "openai.chat_completions", "state": "completed", "verdict": verdict, "would_be": would}
    owned = {"initiative": who.initiative, "unit": who.initiative.accountable_unit, "destination": where}
    reasons = [reason | {"would_be": would}] if would != verdict else []
    told |= {"reasons": reasons, "observation": begun, "key_id": who.key_id, "end_user": end_user}
    return Exchange.objects.create(at=now(), **told, **owned, **more)


def test_the_report_counts_what_switching_on_would_stop(who, where, granted, lead, security):
    begun = in_force(who, where, lead, security)
    answered = {"reply_verdict": "allow", "reply_would_be": "block"}
    for verdict, would, user in (("allow", "redact", "ana"), ("allow", "redact", "ben"), ("allow", "block", "ana")):
        newest = call(who, where, begun, verdict, would, end_user=user)
    call(who, where, begun, "allow", "allow", **answered)
    call(who, where, None, "allow", "block")
    with CaptureQueriesContext(connection) as asked:
        report = would_be(begun.pk)
    counted = report.calls
    assert (counted.calls, counted.changed, counted.refused, counted.answers) == (4, 2, 1, 1)
    assert [(rule.would_be, rule.calls, rule.people) for rule in report.rules] == [("redact", 2, 2), ("block", 1, 1)]
    assert report.rules[1].newest == newest.pk
    assert [(person.name, person.told, person.concerned) for person in report.people] == [
        ("ana", True, 2),
        (who.person.name, False, 1),
        ("ben", True, 1),
    ]
    assert len(asked) == 3


def test_no_row_holds_longer_than_thirty_days(who, where, granted, lead, security):
    begun = in_force(who, where, lead, security)
    with pytest.raises(Exception, match="gateway_observation_not_longer"):
        Observation.objects.filter(pk=begun.pk).update(ends_at=begun.starts_at + timedelta(days=31))
