"""A yes with conditions: they bind, become the grants' own, and the strictest wins."""

from datetime import date

import pytest

import asking
from governance.approvals import services
from governance.approvals.binding import Binding
from governance.approvals.models import Decision
from governance.approvals.rules import DecisionKind, RequestState
from governance.approvals.selectors import request_page
from governance.approvals.selectors.bound import bound_in
from governance.core.errors import Invalid
from governance.detection.ways import Way
from governance.organisation.selectors import standing_of
from governance.remits import services as remits
from governance.remits.models import Grant, Remit

pytestmark = pytest.mark.django_db
APPROVE = DecisionKind.APPROVE


def yes(request, by, *, kind=APPROVE, **conditions):
    return services.decide(
        request_id=request.pk,
        kind=kind,
        digest=request.revisions.order_by("-number")[0].digest,
        comment="Because.",
        conditions=Binding(**conditions),
        by=by,
        at=asking.AT,
    )


def test_the_strictest_of_all_conditions_becomes_the_grants_own(request_for_letters, steward, it, security):
    yes(request_for_letters, steward, redact=("IBAN_CODE",), ends=date(2026, 10, 31))
    yes(request_for_letters, it, redact=("EMAIL_ADDRESS",), ends=date(2026, 9, 30))
    decided = yes(request_for_letters, security)
    grant, remit = Grant.objects.get(remit=decided.subject_id), Remit.objects.get(pk=decided.subject_id)
    assert grant.conditions["redact"] == ["EMAIL_ADDRESS", "IBAN_CODE", "PERSON"]
    assert (grant.conditions["calls_per_day"], grant.conditions["ruleset"]) == (500, "standard")
    assert grant.ends_at.isoformat() == remit.ends_at.isoformat() == "2026-09-30T22:00:00+00:00"


def test_of_the_ways_two_people_demand_the_one_that_tells_least_becomes_the_grants_own(
    request_for_letters, steward, it, security
):
    yes(request_for_letters, steward, way=Way.STAND_IN)
    yes(request_for_letters, it, way=Way.HASH)
    decided = yes(request_for_letters, security)
    assert Grant.objects.get(remit=decided.subject_id).conditions["way"] == "hash"


def test_the_requester_sees_them_as_soon_as_they_are_tied(request_for_letters, steward, owner):
    yes(request_for_letters, steward, human_oversight=("A clerk signs each letter.",))
    page = request_page(request_for_letters.pk, reader=standing_of(owner.person), at=asking.AT)
    assert page.conditions == ("Watched over by people: A clerk signs each letter.",)


def test_the_next_version_begins_from_what_holds(request_for_letters, deciders, owner, assistant):
    steward, it, security = deciders
    yes(request_for_letters, steward, redact=("IBAN_CODE",))
    asking.approve(request_for_letters, it, security)
    draft = remits.start_draft(initiative_id=assistant.pk, by=owner, at=asking.LATER)
    assert draft.body["grants"][0]["conditions"]["redact"] == ["IBAN_CODE", "PERSON"]


@pytest.mark.parametrize(
    ("conditions", "code"),
    [
        pytest.param({"ends": date(2027, 1, 1)}, "ends_later", id="later than asked"),
        pytest.param({"ends": date(2026, 1, 1)}, "ends_in_the_past", id="over already"),
        pytest.param({"redact": ("no such type!",)}, "not_a_type", id="no type"),
    ],
)
def test_a_condition_that_cannot_be_kept_is_refused(request_for_letters, it, conditions, code):
    with pytest.raises(Invalid) as refused:
        yes(request_for_letters, it, **conditions)
    assert refused.value.code == code
    assert not Decision.objects.exists()


def test_a_no_has_no_conditions(request_for_letters, it):
    with pytest.raises(Invalid) as refused:
        yes(request_for_letters, it, kind=DecisionKind.REJECT, redact=("PERSON",))
    assert refused.value.code == "conditions_without_yes"


def test_conditions_of_an_approval_that_is_kept_still_bind(request_for_letters, deciders, owner):
    steward, it, security = deciders
    yes(request_for_letters, steward, redact=("IBAN_CODE",))
    asking.say(DecisionKind.REQUEST_CHANGES, request_for_letters, by=it, comment="Shorter, please.")
    remit = Remit.objects.get(pk=request_for_letters.subject_id)
    shorter = remit.body | {"ends": "2026-11-30", "grants": [remit.body["grants"][0] | {"ends": "2026-11-30"}]}
    saved = remits.save_draft(remit_id=remit.pk, body=shorter, revision=remit.revision, by=owner, at=asking.AT)
    remits.submit(remit_id=saved.pk, revision=saved.revision, by=owner, at=asking.AT)
    decided = asking.approve(request_for_letters, it, security)
    assert decided.state == RequestState.APPROVED
    assert "IBAN_CODE" in Grant.objects.get(remit=remit).conditions["redact"]
    assert bound_in([decided.pk]) == {decided.pk: [Binding(redact=("IBAN_CODE",))]}


def test_a_like_request_shows_what_an_earlier_yes_was_tied_to(request_for_letters, deciders, owner, assistant):
    steward, it, security = deciders
    yes(request_for_letters, steward, redact=("IBAN_CODE",))
    asking.approve(request_for_letters, it, security)
    draft = remits.start_draft(initiative_id=assistant.pk, by=owner, at=asking.LATER)
    body = draft.body | {"purpose_text": "Drafts answers to letters, and to cards."}
    saved = remits.save_draft(remit_id=draft.pk, body=body, revision=draft.revision, by=owner, at=asking.LATER)
    again = remits.submit(remit_id=saved.pk, revision=saved.revision, by=owner, at=asking.LATER).request_id
    page = request_page(again, reader=standing_of(owner.person), at=asking.LATER)
    assert [like.conditions for like in page.precedents] == [
        ("Always replaced before it leaves: bank account number.",)
    ]
