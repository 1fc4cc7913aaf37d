"""A grant is asked about in time; silence leads to grace and then to its end; a steward's silence to nothing.

The grants begin on 2 March 2026. Internal data is recertified after 180 days, confidential after 90; asked 14 days before.
"""

from datetime import date, timedelta

import pytest
from django.conf import settings

import asking
import builders
import scope
from governance.approvals.models import Request
from governance.core.actors import CLOCK, INSTALLER
from governance.core.errors import Conflict, Invalid, NotAllowed
from governance.core.vocabulary import Classification
from governance.gateway.models import Exchange
from governance.gateway.services import propose_unused
from governance.notices.models import Notice
from governance.organisation.roles import Role
from governance.organisation.selectors import standing_of
from governance.remits import services
from governance.remits.models import Grant, Recertification, Remit
from governance.remits.recertifying import recertify_at
from governance.remits.rules import GrantState, RemitState
from governance.remits.selectors import recertifications

pytestmark = pytest.mark.django_db
ENDS = {"ends": "2027-03-01"}


def day(number, **more):
    return asking.AT + timedelta(days=number, **more)


@pytest.fixture
def handbook_grant(assistant, handbook, tenant, owner, steward, it):
    """A grant on internal data."""
    request = asking.sent(assistant, [asking.grant(handbook, tenant, **ENDS)], by=owner, **ENDS)
    asking.approve(request, steward, it)
    return Grant.objects.get(remit_id=request.subject_id)


@pytest.fixture
def letters_grant(assistant, letters, tenant, owner, deciders):
    """A grant on confidential data."""
    request = asking.sent(assistant, [asking.grant(letters, tenant, **ENDS)], by=owner, **ENDS)
    asking.approve(request, *deciders)
    return Grant.objects.get(remit_id=request.subject_id)


def clock(at):
    return services.ask_recertification(by=CLOCK, at=at), services.chase_recertifications(by=CLOCK, at=at)


def asked_about(grant, at):
    clock(at)
    return Recertification.objects.get(grant=grant, state="asked")


def state_of(grant):
    return Grant.objects.get(pk=grant.pk).state


def answer(asked, *, by, at, needed=True, comment=""):
    return services.answer_recertification(recertification_id=asked.pk, needed=needed, comment=comment, by=by, at=at)


@pytest.mark.parametrize(
    ("classification", "days"),
    [("public", 365), ("internal", 180), ("confidential", 90), ("restricted", 90)],
)
def test_when_a_grant_is_recertified_follows_the_classification(classification, days):
    due = recertify_at(asking.AT, Classification(classification), settings.RECERTIFY_DAYS, day(700))
    assert due == day(days)


def test_owners_are_asked_two_weeks_before(handbook_grant, owner):
    assert clock(day(165))[0] == 0
    assert clock(day(166))[0] == 1
    assert Notice.objects.get(kind="remits.recertify").person_id == owner.person
    assert [row.grant_id for row in recertifications(standing_of(owner.person, day(166)))] == [handbook_grant.pk]


def test_a_second_clock_asks_nobody_twice(handbook_grant, recorded):
    assert [clock(day(170)), clock(day(170)), clock(day(171))] == [(1, 0), (0, 0), (0, 0)]
    assert [body["kind"] for body in recorded.bodies].count("remits.recertification_asked") == 1


def test_an_owner_keeps_an_internal_grant_alone_and_the_next_time_is_set(handbook_grant, owner):
    answer(asked_about(handbook_grant, day(170)), by=owner, at=day(171))
    grant = Grant.objects.get(pk=handbook_grant.pk)
    assert (grant.state, grant.recertify_at) == (GrantState.ACTIVE, day(351))


def test_no_longer_needed_ends_it_at_once(handbook_grant, owner):
    answer(asked_about(handbook_grant, day(170)), needed=False, by=owner, at=day(171))
    assert state_of(handbook_grant) == GrantState.REVOKED


def test_silence_leads_to_grace_two_warnings_and_the_end(handbook_grant, recorded):
    clock(day(170))
    states = []
    for number in (179, 180, 190, 191, 193, 194):
        clock(day(number))
        states.append(state_of(handbook_grant))
    assert states == ["active", "grace", "grace", "grace", "grace", "expired"]
    kinds = [body["kind"].split(".")[1] for body in recorded.bodies]
    assert kinds[-5:] == [
        "recertification_asked",
        "grant_in_grace",
        "recertification_reminded",
        "grant_expired",
        "recertification_closed",
    ]


def test_an_answer_in_grace_brings_the_grant_back(handbook_grant, owner):
    asked = asked_about(handbook_grant, day(170))
    clock(day(185))
    answer(asked, by=owner, at=day(186))
    assert state_of(handbook_grant) == GrantState.ACTIVE


def test_after_the_end_nobody_answers_any_more(handbook_grant, owner):
    asked = asked_about(handbook_grant, day(170))
    for number in (180, 191, 194):
        clock(day(number))
    with pytest.raises(Conflict):
        answer(asked, by=owner, at=day(195))


def test_a_clock_that_comes_late_still_gives_the_grace_and_both_warnings(handbook_grant):
    clock(day(300))
    clock(day(300, minutes=1))
    assert state_of(handbook_grant) == GrantState.GRACE
    clock(day(313))
    assert state_of(handbook_grant) == GrantState.GRACE


def test_confidential_data_waits_for_the_steward_whose_silence_ends_nothing(letters_grant, owner, steward):
    asked = asked_about(letters_grant, day(80))
    answer(asked, by=owner, at=day(81))
    for number in range(82, 200, 3):
        services.chase_recertifications(by=CLOCK, at=day(number))
    assert state_of(letters_grant) == GrantState.ACTIVE
    assert Notice.objects.filter(kind="remits.recertify_confirm", person_id=steward.person).exists()
    services.confirm_recertification(recertification_id=asked.pk, confirmed=True, by=steward, at=day(200))
    assert Grant.objects.get(pk=letters_grant.pk).recertify_at == day(290)


def test_a_steward_who_refuses_says_why_and_ends_it(letters_grant, owner, steward):
    asked = asked_about(letters_grant, day(80))
    answer(asked, by=owner, at=day(81))
    refuse = {"recertification_id": asked.pk, "confirmed": False, "by": steward, "at": day(82)}
    with pytest.raises(Invalid):
        services.confirm_recertification(**refuse)
    services.confirm_recertification(**refuse, comment="The data moved.")
    assert state_of(letters_grant) == GrantState.REVOKED


def test_a_steward_confirms_nothing_before_the_owner_answers_nor_their_own_answer(
    letters_grant, owner, steward, data_office, claims
):
    asked = asked_about(letters_grant, day(80))
    with pytest.raises(Conflict):
        services.confirm_recertification(recertification_id=asked.pk, confirmed=True, by=steward, at=day(81))
    builders.services.give_role(
        person_id=owner.person, role=Role.DATA_STEWARD, unit_id=data_office.pk, by=INSTALLER, at=asking.AT
    )
    answer(asked, by=owner, at=day(81))
    with pytest.raises(NotAllowed) as refused:
        services.confirm_recertification(recertification_id=asked.pk, confirmed=True, by=owner, at=day(82))
    assert refused.value.code == "own_answer"


def test_an_outsider_answers_nothing(handbook_grant, outsider):
    with pytest.raises(NotAllowed):
        answer(asked_about(handbook_grant, day(170)), by=outsider, at=day(171))


def test_who_may_not_answer_learns_nothing_of_how_it_stands(handbook_grant, owner, outsider):
    asked = asked_about(handbook_grant, day(170))
    answer(asked, needed=False, by=owner, at=day(171))
    with pytest.raises(NotAllowed):
        answer(asked, by=outsider, at=day(172))


def test_a_second_answer_is_refused(handbook_grant, owner):
    asked = asked_about(handbook_grant, day(170))
    answer(asked, by=owner, at=day(171))
    with pytest.raises(Conflict):
        answer(asked, by=owner, at=day(171))


def another(claims, data, tenant, owner, deciders, title):
    request = asking.sent(
        scope.initiative(claims, by=owner, title=title), [asking.grant(data, tenant, **ENDS)], by=owner, **ENDS
    )
    asking.approve(request, *deciders)
    return Grant.objects.get(remit_id=request.subject_id)


def test_identical_low_risk_grants_are_answered_together_each_with_an_event(
    handbook_grant, claims, handbook, tenant, owner, steward, it, recorded
):
    other = another(claims, handbook, tenant, owner, (steward, it), "Another assistant")
    clock(day(170))
    ids = list(Recertification.objects.values_list("pk", flat=True))
    recorded.bodies.clear()
    assert services.answer_together(recertification_ids=ids, by=owner, at=day(171)) == 2
    answered = [body for body in recorded.bodies if body["kind"] == "remits.recertification_answered"]
    assert {body["subject"] for body in answered} == {f"grant:{handbook_grant.pk}", f"grant:{other.pk}"}


def test_grants_that_differ_or_risk_more_are_not_answered_together(
    handbook_grant, claims, letters, tenant, owner, deciders
):
    letters_of_another = another(claims, letters, tenant, owner, deciders, "Letters of another")
    clock(day(176))
    ids = dict(Recertification.objects.values_list("grant_id", "pk"))
    for chosen in (list(ids.values()), [ids[letters_of_another.pk]]):
        with pytest.raises(Conflict):
            services.answer_together(recertification_ids=chosen, by=owner, at=day(177))
    assert set(Recertification.objects.values_list("state", flat=True)) == {"asked"}


def call(grant, at, **changed):
    usual = {"surface": "openai.chat_completions", "verdict": "allow", "state": "completed", "mode": grant.mode}
    where = {"initiative": grant.initiative, "destination": grant.destination}
    return Exchange.objects.create(at=at, **(usual | where | changed))


def test_a_grant_unused_for_90_days_is_proposed_for_lapse_once(handbook_grant):
    assert [propose_unused(by=CLOCK, at=day(number)) for number in (89, 90, 91)] == [0, 1, 0]
    assert Recertification.objects.get().reason == "unused"


@pytest.mark.parametrize(
    ("datasets", "proposed"),
    [
        pytest.param([], 0, id="a call that named no dataset may have used it"),
        pytest.param(["handbook"], 0, id="a call that named it"),
        pytest.param(["letters"], 1, id="a call that named another"),
    ],
)
def test_a_call_keeps_a_grant_from_being_proposed(handbook_grant, datasets, proposed):
    call(handbook_grant, day(50), datasets=datasets)
    assert propose_unused(by=CLOCK, at=day(95)) == proposed


def test_silence_about_an_unused_grant_leads_through_grace_too(handbook_grant):
    propose_unused(by=CLOCK, at=day(90))
    states = [(clock(day(number)), state_of(handbook_grant))[1] for number in (103, 104, 115, 118)]
    assert states == ["active", "grace", "grace", "expired"]


def test_a_grant_that_ends_otherwise_overtakes_the_question(handbook_grant, owner):
    asked = asked_about(handbook_grant, day(170))
    services.revoke_grant(
        grant_id=handbook_grant.pk, reason="x", by=builders.actor_with(Role.SECURITY_ANALYST), at=day(171)
    )
    clock(day(190))
    asked.refresh_from_db()
    assert (asked.state, recertifications(standing_of(owner.person, day(190)))) == ("overtaken", [])


def test_an_extension_moves_only_the_end_and_is_decided_as_the_workflow_says(handbook_grant, owner, steward, it):
    outcome = services.extend_remit(remit_id=handbook_grant.remit_id, ends=date(2027, 9, 1), by=owner, at=day(200))
    request = Request.objects.get(pk=outcome.request_id)
    asking.approve(request, steward, it, at=day(201))
    old, new = Remit.objects.get(pk=handbook_grant.remit_id), Remit.objects.get(pk=outcome.remit.pk)
    assert (old.state, new.state, new.body["ends"]) == (RemitState.SUPERSEDED, RemitState.APPROVED, "2027-09-01")
    moved = {"ends": "2027-09-01", "grants": [{**grant, "ends": "2027-09-01"} for grant in old.body["grants"]]}
    assert new.body == old.body | moved


def test_an_extension_that_would_change_more_is_refused(handbook_grant, tenant, owner):
    with pytest.raises(Invalid):
        services.extend_remit(remit_id=handbook_grant.remit_id, ends=date(2027, 1, 1), by=owner, at=day(1))
    scope.set_terms(tenant, retention_days=10, at=day(2))
    with pytest.raises(Conflict) as refused:
        services.extend_remit(remit_id=handbook_grant.remit_id, ends=date(2027, 9, 1), by=owner, at=day(3))
    assert refused.value.code == "terms_moved"
    assert not Remit.objects.filter(state=RemitState.DRAFT).exists()


def test_worse_terms_reopen_exactly_the_grants_toward_them(handbook_grant, claims, handbook, owner, steward, it):
    elsewhere = scope.destination(title="Elsewhere", **asking.OUR_TENANT)
    other = another(claims, handbook, elsewhere, owner, (steward, it), "Elsewhere")
    scope.set_terms(handbook_grant.destination, retention_days=900, at=day(3))
    assert (state_of(handbook_grant), state_of(other)) == (GrantState.SUSPENDED, GrantState.ACTIVE)
