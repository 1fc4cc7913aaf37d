"""Overlaps: found when a request is sent and at night, resolved with reasons, remembered until a purpose changes."""

from datetime import timedelta

import pytest

import asking
import builders
import scope
from governance.core.errors import Conflict, Invalid, NotAllowed, NotFound
from governance.initiatives import services as initiatives
from governance.initiatives.models import Initiative, Member, Overlap
from governance.initiatives.selectors import overlaps as read
from governance.initiatives.services.joins import answer_join, ask_to_join
from governance.initiatives.services.overlaps import resolve_overlap
from governance.organisation.roles import Role
from governance.organisation.selectors import standing_of
from governance.remits import services as remits
from governance.remits.models import Grant
from governance.remits.selectors import similar_initiatives

pytestmark = pytest.mark.django_db
AT = builders.AT
LETTERS = "Draft replies to letters from claimants, which a handler corrects and signs."
SAME = "Answer claimants' letters: the handler corrects and signs every draft reply."
OTHER = "Forecast demand for fresh food per branch and article."


@pytest.fixture
def head(claims):
    return builders.actor_with(Role.UNIT_HEAD, claims)


@pytest.fixture
def retail_head(retail):
    return builders.actor_with(Role.UNIT_HEAD, retail)


@pytest.fixture
def ours(claims, owner):
    return scope.initiative(claims, title="Claims letters", purpose_text=LETTERS, by=owner)


@pytest.fixture
def theirs(retail, outsider):
    """Already compared with the others, as the clock does within a minute."""
    made = scope.initiative(retail, title="Post for policyholders", purpose_text=SAME, by=outsider)
    remits.look_for_overlaps(initiative_id=made.pk, by=builders.INSTALLER, at=AT - timedelta(days=1))
    return made


@pytest.fixture
def found(ours, theirs, owner):
    remits.look_for_overlaps(initiative_id=ours.pk, by=owner, at=AT)
    return Overlap.objects.get()


def resolve(overlap, by, resolution="distinct", reasons="Other customers.", **more):
    return resolve_overlap(overlap_id=overlap.pk, resolution=resolution, reasons=reasons, by=by, at=AT, **more)


def seen_by(actor):
    return read.overlaps(standing=standing_of(actor.person)).rows


def test_two_units_with_one_goal_are_noted_once(found, ours, theirs, outsider):
    remits.look_for_overlaps(initiative_id=theirs.pk, by=outsider, at=AT)
    assert {found.first_id, found.second_id} == {ours.pk, theirs.pk}
    assert "letters" in found.signals["words"]
    assert Overlap.objects.count() == 1


def test_what_does_something_else_is_not_noted(ours, retail, outsider, owner):
    scope.initiative(retail, title="Fresh food", purpose_text=OTHER, by=outsider)
    assert remits.look_for_overlaps(initiative_id=ours.pk, by=owner, at=AT) == 0


def test_sending_a_request_looks_for_overlaps(ours, theirs, letters, tenant, owner, deciders):
    asking.sent(ours, [asking.grant(letters, tenant)], by=owner)
    assert Overlap.objects.exists()


def test_shared_data_and_places_are_among_the_reasons(ours, theirs, letters, tenant, owner, outsider):
    for each, by in ((ours, owner), (theirs, outsider)):
        asking.draft(each, [asking.grant(letters, tenant)], by=by)
    remits.look_for_overlaps(initiative_id=ours.pk, by=owner, at=AT)
    signals = Overlap.objects.get().signals
    assert (signals["datasets"], signals["destinations"]) == ([letters.title], [tenant.title])


def test_the_night_compares_everybody_once_a_day(ours, theirs):
    by = builders.INSTALLER
    first = remits.look_at_all(by=by, at=AT)
    again = remits.look_at_all(by=by, at=AT + timedelta(hours=1))
    tomorrow = remits.look_at_all(by=by, at=AT + timedelta(days=1))
    assert (first, again, tomorrow, Overlap.objects.count()) == (2, 0, 2, 1)


def test_a_side_that_one_may_not_see_shows_title_unit_and_whom_to_talk_to(found, owner, theirs, retail):
    other = next(side for side in seen_by(owner)[0].sides if side.id == theirs.pk)
    assert (other.title, other.unit, bool(other.owner)) == (theirs.title, retail.name, True)
    assert (other.purpose_text, other.code, other.visible) == ("", "", False)
    assert "words" not in seen_by(owner)[0].signals


def test_who_sees_neither_side_sees_no_overlap(found):
    stranger = builders.actor_with(Role.REQUESTER, builders.unit("Elsewhere"))
    assert seen_by(stranger) == []
    with pytest.raises(NotFound):
        read.overlap(found.pk, standing=standing_of(stranger.person))


def test_distinct_is_remembered_until_a_purpose_changes(found, ours, theirs, head, owner):
    resolve(found, head)
    assert remits.look_for_overlaps(initiative_id=ours.pk, by=owner, at=AT) == 0
    reworded = "Reply to every post of policyholders and answer their letters."
    initiatives.edit_initiative(initiative_id=ours.pk, revision=1, purpose_text=reworded, by=owner, at=AT)
    assert remits.look_for_overlaps(initiative_id=ours.pk, by=owner, at=AT) == 1
    found.refresh_from_db()
    assert (found.resolution, found.reasons) == ("", "")


def test_what_is_open_goes_away_with_the_resemblance(found, ours, owner):
    initiatives.edit_initiative(initiative_id=ours.pk, revision=1, title="Food", purpose_text=OTHER, by=owner, at=AT)
    remits.look_for_overlaps(initiative_id=ours.pk, by=owner, at=AT)
    assert not Overlap.objects.exists()


def test_a_merge_ends_one_and_its_builders_go_on_in_the_other(found, ours, theirs, head, outsider):
    resolve(found, head, "merge", remains_id=theirs.pk)
    ours.refresh_from_db()
    builders_now = set(Member.objects.filter(initiative=theirs, until=None).values_list("person_id", flat=True))
    assert ours.state == "rejected"
    assert {ours.proposed_by_id, outsider.person} <= builders_now


def test_a_merge_ends_the_rights_of_what_ends(ours, theirs, letters, tenant, owner, steward, it, security, found, head):
    request = asking.sent(ours, [asking.grant(letters, tenant)], by=owner)
    with pytest.raises(Conflict, match="being_decided"):
        resolve(found, head, "merge", remains_id=theirs.pk)
    asking.approve(request, steward, it, security)
    resolve(found, head, "merge", remains_id=theirs.pk)
    assert set(Grant.objects.filter(initiative=ours).values_list("state", flat=True)) == {"revoked"}
    assert Initiative.objects.get(pk=ours.pk).state == "retired"


@pytest.mark.parametrize(
    ("how", "error"),
    [
        pytest.param({"resolution": "merge"}, Invalid, id="a merge that names nobody"),
        pytest.param({"reasons": ""}, Invalid, id="no reasons"),
    ],
)
def test_a_resolution_says_how_and_why(found, head, how, error):
    with pytest.raises(error):
        resolve(found, head, **how)


def test_nobody_merges_another_units_initiative_away(found, ours, head):
    with pytest.raises(NotAllowed):
        resolve(found, head, "merge", remains_id=ours.pk)


def test_only_heads_and_arbiters_resolve(found, owner):
    with pytest.raises(NotAllowed):
        resolve(found, owner)


def test_it_is_resolved_once(found, head, retail_head):
    resolve(found, head, "share")
    with pytest.raises(Conflict, match="resolved_already"):
        resolve(found, retail_head)


def test_similar_initiatives_are_named_without_what_is_not_the_readers_to_read(theirs, owner):
    rows = similar_initiatives(
        title="Letters", purpose_text=LETTERS, purpose="assist_staff", standing=standing_of(owner.person)
    )
    assert [(row.side.title, row.resemblance.words, row.side.purpose_text) for row in rows] == [(theirs.title, (), "")]


def test_somebody_joins_when_the_unit_says_so(theirs, owner, retail_head):
    asked = ask_to_join(initiative_id=theirs.pk, reason="We would do the same.", by=owner, at=AT)
    assert [row.id for row in read.joins_to_answer(standing_of(retail_head.person))] == [asked.pk]
    answer_join(join_id=asked.pk, accept=True, by=retail_head, at=AT)
    assert theirs.members.filter(person_id=owner.person, until=None).exists()


def test_a_request_to_join_is_asked_and_answered_once(theirs, owner, retail_head):
    asked = ask_to_join(initiative_id=theirs.pk, reason="Same.", by=owner, at=AT)
    with pytest.raises(Conflict, match="asked_already"):
        ask_to_join(initiative_id=theirs.pk, reason="Again.", by=owner, at=AT)
    answer_join(join_id=asked.pk, accept=False, by=retail_head, at=AT)
    with pytest.raises(Conflict, match="answered_already"):
        answer_join(join_id=asked.pk, accept=True, by=retail_head, at=AT)


def test_nobody_of_another_unit_answers_for_it(theirs, owner, head):
    asked = ask_to_join(initiative_id=theirs.pk, reason="Same.", by=owner, at=AT)
    with pytest.raises(NotAllowed):
        answer_join(join_id=asked.pk, accept=True, by=head, at=AT)
