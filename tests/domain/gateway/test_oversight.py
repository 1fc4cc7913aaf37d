"""The ledger against the promise: a warning, a week, a rest, and a person who lifts it. Never on small numbers, never silently."""

from datetime import timedelta

import pytest

import asking
import builders
import overseeing
from governance.core.errors import Conflict, Invalid, NotAllowed, NotFound
from governance.destinations.services import set_terms
from governance.gateway.models import Shortfall
from governance.gateway.oversight import Stamping, Standing
from governance.gateway.selectors.oversight import oversight
from governance.gateway.selectors.oversight_records import oversight_facts, records_of
from governance.gateway.services.shortfalls import let_go_on, watch_oversight
from governance.notices.models import Notice
from governance.organisation.roles import Role
from governance.organisation.selectors import standing_of
from governance.remits.models import Grant

pytestmark = pytest.mark.django_db
AT = asking.AT
DAY = timedelta(days=1)
REASON = "The clerks are back from leave; I have seen the rota."


@pytest.fixture
def promised(assistant, handbook, tenant, owner, deciders):
    """An initiative whose remit promises that every second answer is looked at."""
    request = asking.sent(assistant, [asking.grant(handbook, tenant)], by=owner, oversight={"share": 50})
    asking.approve(request, *deciders[:2])
    assistant.refresh_from_db()
    return assistant


@pytest.fixture
def head(claims):
    return builders.person(Role.UNIT_HEAD, claims, name="Hana Head")


def watch(at):
    return watch_oversight(by=builders.INSTALLER, at=at)


def states(initiative):
    return list(Grant.objects.filter(initiative=initiative).values_list("state", flat=True))


@pytest.fixture
def warned(promised, head):
    overseeing.answers(promised, 80, at=AT + DAY)
    assert watch(AT + 9 * DAY) == 1
    return promised


@pytest.fixture
def resting(warned):
    overseeing.answers(warned, 60, at=AT + 10 * DAY)
    assert watch(AT + 16 * DAY) == 1
    return warned


def lift(initiative, person, *, reason=REASON, at=AT + 17 * DAY):
    return let_go_on(initiative=initiative.code, reason=reason, by=builders.actor(person), at=at)


def test_a_full_window_that_falls_short_is_warned_of_with_a_date(recorded, warned, head):
    assert states(warned) == ["active"]
    told = Notice.objects.get(person=head, kind="gateway.oversight_short")
    assert "0 of 80 answers (0 %) were looked at; 50 % was promised." in told.text
    assert (Shortfall.objects.get().due_at - (AT + 9 * DAY)).days == 7
    assert "gateway.oversight_warned" in [event["kind"] for event in recorded.about(warned.pk)]


@pytest.mark.parametrize(
    ("number", "looked", "day"),
    [
        pytest.param(49, 0, 9, id="too few answers"),
        pytest.param(80, 40, 9, id="what was promised"),
        pytest.param(80, 0, 5, id="before a window is full"),
    ],
)
def test_nobody_is_warned_without_cause(promised, number, looked, day):
    overseeing.looks(overseeing.answers(promised, number, at=AT + DAY)[:looked])
    assert watch(AT + day * DAY) == 0
    assert not Shortfall.objects.exists()


def test_the_rights_rest_when_grace_is_over_and_it_still_falls_short(resting, head):
    assert states(resting) == ["suspended"]
    assert Notice.objects.filter(person=head, kind="gateway.oversight_rests").count() == 1
    assert watch(AT + 17 * DAY) == 0


def test_what_is_made_up_for_in_time_goes_on(warned):
    overseeing.looks(overseeing.answers(warned, 60, at=AT + 10 * DAY))
    watch(AT + 16 * DAY)
    assert (states(warned), Shortfall.objects.get().state) == (["active"], "met")


def test_small_numbers_never_suspend(warned):
    overseeing.answers(warned, 49, at=AT + 10 * DAY)
    assert watch(AT + 16 * DAY) == 0
    assert (states(warned), Shortfall.objects.get().state) == (["active"], "warned")


def test_a_person_lifts_it_with_a_reason(recorded, resting, head):
    lifted = lift(resting, head)
    assert (states(resting), lifted.state, lifted.lift_reason) == (["active"], "lifted", REASON)
    assert "gateway.oversight_lifted" in [event["kind"] for event in recorded.about(resting.pk)]
    overseeing.answers(resting, 80, at=AT + 17 * DAY, every=timedelta(minutes=1))
    assert watch(AT + 20 * DAY) == 0
    with pytest.raises(Conflict):
        lift(resting, head)


def test_neither_whoever_promised_it_nor_a_steward_lifts_it(resting, head, owner, steward):
    for by, reason, error in (
        (owner, REASON, NotAllowed),
        (steward, REASON, NotFound),
        (builders.actor(head), "", Invalid),
    ):
        with pytest.raises(error):
            let_go_on(initiative=resting.code, reason=reason, by=by, at=AT + 17 * DAY)
    assert states(resting) == ["suspended"]


def test_a_lift_brings_back_nothing_whose_terms_became_worse_meanwhile(resting, head, tenant):
    terms = tenant.terms.order_by("-version").first()
    worse = {name: getattr(terms, name) for name in ("trains_on_inputs", "weights_owner", "cleared_for")}
    set_terms(
        destination_id=tenant.pk,
        retention_days=terms.retention_days + 90,
        **worse,
        by=builders.INSTALLER,
        at=AT + 16 * DAY,
    )
    lift(resting, head)
    assert (states(resting), Grant.objects.get().rests_because) == (["suspended"], ["terms_changed"])


def test_no_pattern_decides_while_rights_rest(resting, handbook, tenant, owner, deciders):
    asking.pattern(asking.bounds([handbook], [tenant]), *deciders[:2])
    request = asking.sent(
        resting, [asking.grant(handbook, tenant)], by=owner, oversight={"share": 100}, at=AT + 17 * DAY
    )
    assert request.state == "in_review"


def test_the_newest_report_counts_and_a_claimed_name_only_where_that_was_promised(promised, head):
    found = overseeing.answers(promised, 4, at=AT)
    overseeing.looks(found[:3], seconds=10)
    overseeing.looks(found[:1], seconds=40, outcome="rejected", number=2, verified=True)
    overseeing.answers(promised, 3, at=AT, surface="openai.embeddings")
    page = oversight(promised.code, standing=standing_of(head.pk), at=AT + DAY)
    assert (page.tally.answers, page.tally.looked, page.tally.accepted, page.tally.rejected) == (4, 3, 2, 1)
    assert (page.tally.half, page.tally.verified, page.judgement.standing) == (10, 1, Standing.TOO_FEW)


def test_reviewers_are_named_to_whoever_leads_them_and_to_nobody_else(promised, head, owner):
    overseeing.looks(overseeing.answers(promised, 60, at=AT, every=timedelta(seconds=1)), seconds=2)
    seen = oversight(promised.code, standing=standing_of(head.pk), at=AT + DAY)
    assert [(row.reviewer, row.looks) for row in seen.reviewers] == [("Ana", 60)]
    assert {row.flag.rule for row in seen.flags} == set(Stamping)
    assert all(row.flag.exchanges for row in seen.flags)
    other = oversight(promised.code, standing=standing_of(owner.person), at=AT + DAY)
    assert other.reviewers is None
    assert {row.reviewer for row in other.flags} == {""}


def test_whoever_decides_a_renewal_sees_the_record(resting):
    told = {fact.label: fact.text for fact in oversight_facts(resting.pk, at=AT + 17 * DAY)}
    assert told["Looked at in 90 days"].startswith("0 of 140 answers")
    assert "50 % was promised" in told["Oversight fell short, resting"]
    record = records_of([resting.code], at=AT + 17 * DAY)[resting.code]
    assert record == "People looked at 0 of 140 answers in 90 days (0 %); 50 % was promised."
