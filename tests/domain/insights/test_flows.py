"""Figures of what flows where, compared with the list of calls behind them and with a world counted by hand."""

from datetime import timedelta

import pytest

import asking
import builders
import contesting
import scope as things
from governance.catalogue.rules import BUILT_IN_REF
from governance.gateway.models import Exchange
from governance.gateway.selectors import exchanges
from governance.insights.exposure import exposure, highest_left
from governance.insights.flows import Traffic, flows
from governance.insights.ownership import ownership
from governance.insights.scope import scope_for
from governance.organisation.roles import Role
from governance.organisation.selectors import standing_of

pytestmark = pytest.mark.django_db
AT, LATER = asking.AT, asking.AT + timedelta(days=30)


@pytest.fixture
def reader(group):
    """Reads figures, and the calls behind them."""
    return standing_of(builders.person(where=group, roles=[Role.AUDITOR]).pk)


@pytest.fixture
def figures(reader):
    return scope_for(reader, at=LATER)


@pytest.fixture
def call(assistant):
    """Return a function that writes a call as the gateway does, which has no part in these tests."""

    def made(place=None, *datasets, verdict="allow", state="completed", at=AT, **facts):
        return Exchange.objects.create(
            at=at, initiative=assistant, unit=assistant.accountable_unit, destination=place, surface="openai.chat_completions",
            datasets=[each.ref for each in datasets], verdict=verdict, state=state, **facts,
        )  # fmt: skip

    return made


@pytest.fixture
def world(call, letters, handbook, tenant, request_for_letters, deciders):
    """A grant for the letters, and six calls of which two did not leave."""
    asking.approve(request_for_letters, *deciders, at=asking.LATER)
    public = things.destination(title="Public model", ref="public", region="US")
    call(tenant, letters)
    call(tenant, letters, handbook, verdict="redact", counts={"PERSON": 2})
    call(tenant, handbook, verdict="block", state="refused", counts={"SECRET": 1, "PERSON": 1}, error_code="blocked")
    call(public)
    call(public, verdict="redact", state="failed", counts={"PERSON": 1})
    call(None, handbook, verdict="block", state="refused", error_code="model_unknown")
    return public


def test_a_flow_counts_calls_and_grants(world, figures):
    found = {(flow.data.ref, flow.place.ref): (flow.traffic, flow.grants) for flow in flows(figures).flows}
    assert found == {
        ("letters", "tenant"): (Traffic(2, 1, 0), 1),
        ("handbook", "tenant"): (Traffic(2, 1, 1), 0),
        (BUILT_IN_REF, "public"): (Traffic(2, 1, 0), 0),
    }


def test_each_figure_of_a_flow_is_the_number_of_calls_in_the_list_behind_it(world, reader, figures):
    for flow in flows(figures).flows:
        behind = exchanges(
            standing=reader, at=LATER, dataset=flow.data.ref, destination=flow.place.ref, since=figures.since
        )
        assert behind.total == flow.traffic.calls, flow.data.ref


def test_in_all_a_call_counts_once(world, figures):
    assert flows(figures).traffic == Traffic(calls=6, changed=2, stopped=2)


def test_a_call_is_as_sensitive_as_the_worst_it_carries(world, figures):
    found = exposure(figures, flows(figures))
    cells = {(cell.what, cell.toward): (cell.traffic.calls, cell.grants) for cell in found.by_hosting}
    assert cells == {
        ("confidential", "tenant_cloud"): (2, 1),
        ("internal", "tenant_cloud"): (1, 0),
        ("internal", "public_api"): (2, 0),
    }
    assert {(cell.what, cell.toward) for cell in found.by_region} == {
        ("confidential", "EU"), ("internal", "EU"), ("internal", "US"),
    }  # fmt: skip
    assert highest_left(flows(figures)) == "confidential"


def test_what_was_found_says_what_became_of_the_call(world, figures):
    found = exposure(figures, flows(figures))
    assert [(kind.kind, kind.found, kind.traffic) for kind in found.found] == [
        ("PERSON", 4, Traffic(3, 2, 1)),
        ("SECRET", 1, Traffic(1, 0, 1)),
    ]
    assert {refusal.code: refusal.calls for refusal in found.refused} == {"blocked": 1, "model_unknown": 1}


def test_personal_data_is_counted_by_kind(call, group, tenant, figures):
    people = things.dataset(group, ref="people", classification="confidential", personal_data=["names", "health"])
    others = things.dataset(group, ref="others", personal_data=["names"])
    call(tenant, people, others)
    found = exposure(figures, flows(figures)).personal
    assert {(cell.what, cell.toward, cell.traffic.calls) for cell in found} == {
        ("names", "tenant_cloud", 1), ("health", "tenant_cloud", 1),
    }  # fmt: skip


def test_calls_before_the_period_do_not_count(call, letters, tenant, reader):
    call(tenant, letters, at=AT)
    assert flows(scope_for(reader, at=AT + timedelta(days=92))).flows == ()


def test_data_that_the_catalogue_does_not_have_counts_as_the_worst(call, letters, tenant, figures):
    Exchange.objects.filter(pk=call(tenant, letters).pk).update(datasets=["gone"])
    assert highest_left(flows(figures)) == "restricted"


@pytest.fixture
def sides():
    return contesting.headed("Motor"), contesting.headed("Portal")


def test_ownership_counts_what_a_unit_answers_for_and_what_others_claim(sides, figures):
    motor, portal = sides
    things.initiative(motor.unit)
    wanted = things.initiative(motor.unit, title="Portal replies")
    contesting.claim(wanted, portal)
    found = ownership(figures)
    units = {unit.unit: (unit.total, unit.contested, unit.claims, unit.head) for unit in found.units}
    assert (units["Motor"], units["Portal"]) == ((2, 1, 0, "Head of Motor"), (0, 0, 1, "Head of Portal"))
    [contested] = found.contested
    assert (contested.title, contested.owner, contested.rivals) == ("Portal replies", "Motor", ("Portal",))
    assert (found.total, found.contested_total) == (2, 1)


def test_a_unit_sees_what_is_contested_on_either_side(sides):
    motor, portal = sides
    contesting.claim(things.initiative(motor.unit), portal)
    found = ownership(scope_for(standing_of(portal.person.pk), at=LATER))
    assert [unit.unit for unit in found.units] == ["Portal"]
    assert found.contested_total == 1
