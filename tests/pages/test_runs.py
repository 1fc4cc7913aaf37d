"""Pages of runs of agents."""

import pytest

import builders
from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.ids import uuid7
from governance.gateway.models import Exchange, Run
from governance.initiatives.services import propose_initiative
from governance.organisation.roles import Role

pytestmark = pytest.mark.django_db
MOST_QUERIES = 20


@pytest.fixture
def initiative(group):
    lead = builders.actor_with(Role.REQUESTER)
    told = {"title": "Letters", "purpose_text": "Drafts letters.", "unit_id": group.pk}
    return propose_initiative(**told, by=lead, at=builders.AT)


def begun(initiative, name, by=None):
    """Add a run that `by` began, with one call of its own, as the gateway does; no process of its runs here."""
    key, at = uuid7(), builders.AT
    made = Run.objects.create(
        pk=key,
        initiative=initiative,
        name=name,
        parent=by,
        root_id=by.root_id if by else key,
        depth=by.depth + 1 if by else 1,
        calls=0 if by else 1,
        began_at=at,
        last_at=at,
    )
    call = {"surface": "openai.chat_completions", "verdict": "allow", "state": "completed", "cost": 420_000}
    Exchange.objects.create(run=made, at=at, initiative=initiative, unit=initiative.accountable_unit, **call)
    record(EventKind.RUN_BEGUN, subject=f"run:{key}", by=builders.INSTALLER, at=at)
    return made


@pytest.fixture
def plan(initiative):
    return begun(initiative, "plan")


@pytest.fixture
def reader(signed_in):
    return signed_in(Role.SECURITY_ANALYST)


def test_the_list_shows_what_each_run_used_of_its_caps_and_finds_it_by_name(reader, initiative, plan):
    pages = [reader.get(f"/initiatives/{initiative.code}/runs/?name={name}").text for name in ("la", "nothing-like-it")]
    assert [f"/runs/{plan.pk}/" in page for page in pages] == [True, False]
    assert "1 of 500" in pages[0]
    assert "at most 500 calls" in pages[0]


def test_the_page_of_a_run_shows_its_calls_and_the_tree(reader, initiative, plan):
    step = begun(initiative, "step", plan)
    below = begun(initiative, "step-of-step", step)
    page = reader.get(f"/runs/{below.pk}/").text
    assert [f"/runs/{run.pk}/" in page for run in (plan, step)] == [True, True]
    assert f"/exchanges/{(call := Exchange.objects.get(run=below)).pk}/" in page
    assert "\u20ac 0.42" in page
    assert f"/runs/{below.pk}/" in reader.get(f"/exchanges/{call.pk}/").text


def test_its_questions_do_not_grow_with_the_tree(reader, initiative, plan, django_assert_max_num_queries):
    for number in range(30):
        begun(initiative, f"step-{number}", plan)
    with django_assert_max_num_queries(MOST_QUERIES):
        assert reader.get(f"/runs/{plan.pk}/").status_code == 200
