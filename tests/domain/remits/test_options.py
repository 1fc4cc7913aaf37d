"""The table of options: the same request, another destination or technique."""

import pytest

import asking
import builders
import scope
from governance.core.errors import NotFound
from governance.core.vocabulary import Hosting, Technique, WeightsOwner
from governance.organisation.selectors import standing_of
from governance.remits import services
from governance.remits.selectors import options

pytestmark = pytest.mark.django_db
AT, LATER = asking.AT, asking.LATER
PRICES = {"price_in": 2_500_000, "price_out": 10_000_000}


@pytest.fixture(autouse=True)
def places(tenant):
    """Three more destinations: a public API, one cleared for internal data only, one that is closed."""
    return {
        "public": scope.destination(ref="public", hosting=Hosting.PUBLIC_API, terms=PRICES),
        "internal": scope.destination(ref="internal", cleared_for="internal", **asking.OUR_TENANT),
        "closed": scope.destination(ref="closed", opened=False),
        "no-weights": scope.destination(
            ref="no-weights", terms={"weights_owner": WeightsOwner.NONE_RESULT}, **asking.OUR_TENANT
        ),
    }


@pytest.fixture
def draft(assistant, letters, tenant, owner, deciders):
    return asking.draft(assistant, [asking.grant(letters, tenant)], by=owner)


def rows(draft, owner, *, at=AT):
    return {(row.destination, row.technique): row for row in options(draft.pk, standing_of(owner.person), at=at)}


def test_only_open_destinations_cleared_for_the_data_are_offered(draft, owner):
    assert {destination for destination, _ in rows(draft, owner)} == {"tenant", "public", "no-weights"}


def test_every_technique_is_offered_where_its_weights_belong_to_somebody(draft, owner):
    offered = rows(draft, owner)
    assert {technique for place, technique in offered if place == "tenant"} == set(Technique)
    assert {technique for place, technique in offered if place == "no-weights"} == {"prompt", "retrieval"}


def test_a_row_says_who_decides_why_and_at_what_price(draft, owner):
    row = rows(draft, owner)["public", Technique.PROMPT]
    security = next(stage for stage in row.stages if stage.name == "Security")
    assert security.reason == "The data is confidential. A destination is a public API."
    assert row.deciders == ("Stella Steward", "Ines It", "Sven Security")
    assert (row.price_in, row.price_out) == (2_500_000, 10_000_000)


def test_who_owns_the_weights_is_told_where_weights_change(draft, owner):
    offered = rows(draft, owner)
    assert offered["tenant", Technique.FINE_TUNE].weights_owner == WeightsOwner.US
    assert offered["tenant", Technique.PROMPT].weights_owner is None


def test_without_history_no_time_is_promised(draft, owner):
    assert rows(draft, owner)["tenant", Technique.PROMPT].expected_hours is None


def test_the_expected_time_adds_positions_and_takes_the_slowest_beside_each_other(
    draft, owner, deciders, request_of_another
):
    steward, it, security = deciders
    asking.approve(request_of_another, steward, at=AT + asking.HOUR)
    asking.approve(request_of_another, it, at=AT + 3 * asking.HOUR)
    asking.approve(request_of_another, security, at=AT + 5 * asking.HOUR)
    assert rows(draft, owner, at=AT + 6 * asking.HOUR)["tenant", Technique.PROMPT].expected_hours == 5


@pytest.fixture
def request_of_another(claims, owner, letters, tenant, deciders):
    return asking.sent(scope.initiative(claims, by=owner), [asking.grant(letters, tenant)], by=owner)


def test_the_chosen_row_is_marked_and_choosing_another_changes_the_request(draft, owner):
    assert [key for key, row in rows(draft, owner).items() if row.chosen] == [("tenant", "prompt")]
    changed = services.choose_option(
        remit_id=draft.pk,
        destination="public",
        technique=Technique.RETRIEVAL,
        revision=draft.revision,
        by=owner,
        at=AT,
    )
    assert [key for key, row in rows(changed, owner).items() if row.chosen] == [("public", "retrieval")]


def test_a_pattern_that_covers_is_named_and_else_the_field_outside(assistant, handbook, tenant, owner, deciders):
    asking.pattern(asking.bounds([handbook], [tenant]), *deciders[:2])
    scope.destination(ref="elsewhere", **asking.OUR_TENANT)
    draft = asking.draft(assistant, [asking.grant(handbook, tenant)], by=owner)
    offered = rows(draft, owner)
    inside, beside = offered["tenant", Technique.PROMPT], offered["elsewhere", Technique.PROMPT]
    assert (inside.pattern, inside.outside_pattern_field, inside.expected_hours) == ("Everyday, version 1", None, 0)
    assert (beside.pattern, beside.outside_pattern_field) == (None, "destination")
    assert offered["tenant", Technique.RETRIEVAL].outside_pattern_field == "technique"


def test_the_one_who_asks_is_never_shown_as_a_decider(assistant, letters, tenant, colleague, deciders):
    draft = asking.draft(assistant, [asking.grant(letters, tenant)], by=colleague)
    assert "Bo Both" not in rows(draft, colleague)["tenant", Technique.PROMPT].deciders


@pytest.mark.usefixtures("deciders", "tenant")
def test_an_empty_draft_is_shown_with_what_staff_type(assistant, owner, data_office):
    scope.catalogue.ensure_built_in(unit_id=data_office.pk, by=builders.INSTALLER, at=AT)
    begun = services.start_draft(initiative_id=assistant.pk, by=owner, at=AT)
    row = rows(begun, owner)["tenant", Technique.PROMPT]
    assert [stage.name for stage in row.stages if not stage.skipped] == ["Data stewards", "IT"]
    assert (row.pattern, row.outside_pattern_field) == (None, None)


def test_another_unit_sees_no_options(draft, outsider):
    with pytest.raises(NotFound):
        options(draft.pk, standing_of(outsider.person), at=AT)


def test_more_destinations_cost_no_more_questions_about_people(draft, owner, django_assert_max_num_queries):
    for _ in range(10):
        scope.destination(**asking.OUR_TENANT)
    with django_assert_max_num_queries(25):
        assert len(rows(draft, owner)) > 50
