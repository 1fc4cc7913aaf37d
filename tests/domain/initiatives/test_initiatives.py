"""Initiatives: proposed, described, moved along their states, joined by builders."""

import pytest

import builders
import scope
from governance.core.actors import INSTALLER
from governance.core.errors import Conflict, Invalid, NotAllowed, NotFound
from governance.initiatives import selectors, services
from governance.initiatives.models import Initiative
from governance.initiatives.rules import InitiativeState
from governance.organisation.roles import Role
from governance.organisation.selectors import standing_of
from governance.organisation.services import deactivate_person

pytestmark = pytest.mark.django_db


def reader_of(actor):
    return standing_of(actor.person)


def active(initiative, *, at=builders.AT):
    for state in (InitiativeState.PROPOSED, InitiativeState.ACTIVE):
        services.move_initiative(initiative_id=initiative.pk, to=state, by=INSTALLER, at=at)
    return initiative


def test_an_idea_has_an_owner_and_a_builder_from_the_first_day(owner, claims, at, recorded):
    made = services.propose_initiative(
        title="Summaries of claims", purpose_text="Shorten calls.", unit_id=claims.pk, by=owner, at=at
    )
    assert (made.code, made.state, made.accountable_unit) == ("summaries-of-claims", "idea", claims)
    assert selectors.is_member(made.pk, owner.person)
    assert recorded.kinds(made.pk) == ["initiatives.initiative_proposed", "initiatives.member_added"]


def test_nobody_proposes_for_another_unit(outsider, claims):
    with pytest.raises(NotAllowed, match="not_permitted"):
        scope.initiative(claims, by=outsider)
    assert not Initiative.objects.exists()


def test_a_process_proposes_nothing(claims):
    with pytest.raises(Invalid, match="no_person"):
        scope.initiative(claims, by=INSTALLER)


def test_what_the_law_prohibits_is_not_even_an_idea(owner, claims):
    with pytest.raises(Invalid, match="prohibited"):
        scope.initiative(claims, by=owner, ai_act_class="prohibited")


def test_equal_titles_get_codes_of_their_own(claims):
    codes = [scope.initiative(claims, title="Summaries").code for _ in range(3)]
    assert codes == ["summaries", "summaries-2", "summaries-3"]


def test_a_title_without_a_latin_letter_has_a_code_too(claims):
    assert scope.initiative(claims, title="概要").code == "initiative"


def test_an_edit_names_what_changed(owner, claims, at, recorded):
    made = scope.initiative(claims, by=owner)
    edited = services.edit_initiative(initiative_id=made.pk, revision=1, tier="high", by=owner, at=at)
    assert (edited.tier, edited.title, edited.revision) == ("high", made.title, 2)
    assert recorded.about(made.pk)[-1]["detail"] == {"fields": ["tier"], "revision": 2}
    with pytest.raises(Conflict, match="stale_revision"):
        services.edit_initiative(initiative_id=made.pk, revision=1, tier="low", by=owner, at=at)


def test_an_edit_obeys_the_rules_of_the_whole(owner, claims, at):
    made = scope.initiative(claims, by=owner)
    with pytest.raises(Invalid, match="tier_too_low"):
        services.edit_initiative(initiative_id=made.pk, revision=1, ai_act_class="high", by=owner, at=at)


def test_a_step_that_the_diagram_lacks_is_a_conflict(claims, at):
    made = scope.initiative(claims)
    with pytest.raises(Conflict, match="wrong_state"):
        services.move_initiative(initiative_id=made.pk, to=InitiativeState.ACTIVE, by=INSTALLER, at=at)


def test_its_owner_stops_resumes_and_retires_it(owner, claims, at, recorded):
    made = active(scope.initiative(claims, by=owner))
    assert services.suspend_initiative(initiative_id=made.pk, by=owner, at=at).state == "suspended"
    assert services.resume_initiative(initiative_id=made.pk, by=owner, at=at).state == "active"
    assert services.retire_initiative(initiative_id=made.pk, by=owner, at=at).state == "retired"
    assert recorded.kinds(made.pk).count("initiatives.initiative_moved") == 5


def test_nobody_else_stops_it(outsider, claims, at):
    made = active(scope.initiative(claims))
    with pytest.raises(NotAllowed):
        services.suspend_initiative(initiative_id=made.pk, by=outsider, at=at)


def test_a_builder_comes_and_goes(owner, claims, outsider, at):
    made = scope.initiative(claims, by=owner)
    services.add_member(initiative_id=made.pk, person_id=outsider.person, by=owner, at=at)
    assert selectors.is_member(made.pk, outsider.person)
    assert [each.pk for each in selectors.initiatives_of(outsider.person)] == [made.pk]
    with pytest.raises(Conflict, match="member_already"):
        services.add_member(initiative_id=made.pk, person_id=outsider.person, by=owner, at=at)
    services.remove_member(initiative_id=made.pk, person_id=outsider.person, by=owner, at=at)
    assert not selectors.is_member(made.pk, outsider.person)


def test_somebody_who_left_becomes_no_builder(owner, claims, outsider, at):
    made = scope.initiative(claims, by=owner)
    deactivate_person(person_id=outsider.person, by=INSTALLER, at=at)
    with pytest.raises(NotFound, match="no_such_person"):
        services.add_member(initiative_id=made.pk, person_id=outsider.person, by=owner, at=at)


def test_another_units_initiative_does_not_exist_for_an_outsider(outsider, owner, claims):
    made = scope.initiative(claims, by=owner)
    assert selectors.initiatives(standing=reader_of(outsider)).total == 0
    with pytest.raises(NotFound, match="no_such_initiative"):
        selectors.initiative(made.code, standing=reader_of(outsider))


def test_a_builder_from_elsewhere_sees_it(outsider, owner, claims, at):
    made = scope.initiative(claims, by=owner)
    services.add_member(initiative_id=made.pk, person_id=outsider.person, by=owner, at=at)
    page = selectors.initiative(made.code, standing=reader_of(outsider))
    assert (page.is_member, bool(page.may_edit)) == (True, False)


def test_a_role_above_sees_what_is_below(group, claims):
    made = scope.initiative(claims)
    watcher = builders.actor_with(Role.AUDITOR, group)
    assert selectors.initiative(made.pk, standing=reader_of(watcher)).row.code == made.code


def test_the_platform_admin_sees_no_content(admin, claims):
    scope.initiative(claims)
    assert selectors.initiatives(standing=reader_of(admin)).total == 0


@pytest.mark.parametrize(
    ("wish", "titles"),
    [
        pytest.param({"sort": "title"}, ["Claims summaries", "Letters", "Translation"], id="all by title"),
        pytest.param({"sort": "title", "search": "lett"}, ["Letters"], id="by a part of the title"),
        pytest.param({"tier": "high"}, ["Translation"], id="by tier"),
        pytest.param({"state": "proposed"}, ["Letters"], id="by state"),
        pytest.param({"mine": True}, ["Letters"], id="my own"),
        pytest.param({"sort": "-title", "page": 2, "size": 2}, ["Claims summaries"], id="page by page"),
    ],
)
def test_the_list_filters_sorts_and_pages(owner, claims, at, wish, titles):
    scope.initiative(claims, title="Claims summaries")
    letters = scope.initiative(claims, title="Letters", by=owner)
    services.move_initiative(initiative_id=letters.pk, to=InitiativeState.PROPOSED, by=INSTALLER, at=at)
    scope.initiative(claims, title="Translation", tier="high")
    page = selectors.initiatives(standing=reader_of(owner), **wish)
    assert [row.title for row in page.rows] == titles


def test_a_list_takes_five_queries_however_long(owner, claims, django_assert_num_queries):
    for _ in range(6):
        scope.initiative(claims)
    standing = reader_of(owner)
    with django_assert_num_queries(5):
        selectors.initiatives(standing=standing)
