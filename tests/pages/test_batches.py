"""The page of an initiative's batches."""

from datetime import timedelta

import pytest

import builders
import sending
from governance.audit.events import EventKind
from governance.audit.services import record
from governance.gateway.models import Batch, Exchange
from governance.initiatives.services import propose_initiative
from governance.organisation.roles import Role

pytestmark = pytest.mark.django_db
MOST_QUERIES = 18
HALF = {"status": "in_progress", "request_counts": {"total": 3, "completed": 1, "failed": 1}}
DONE = {"processing_status": "ended", "request_counts": {"succeeded": 2, "errored": 1, "canceled": 0}}


@pytest.fixture
def initiative(group):
    lead = builders.actor_with(Role.REQUESTER)
    told = {"title": "Letters", "purpose_text": "Drafts letters.", "unit_id": group.pk}
    return propose_initiative(**told, by=lead, at=builders.AT)


@pytest.fixture
def place(group):
    return sending.destination("https://provider.example.com/v1")


@pytest.fixture
def reader(signed_in):
    return signed_in(Role.SECURITY_ANALYST)


def begun(initiative, place, model="writer-1", seen=HALF, **more):
    """Add a batch as the gateway does; no process of its runs here."""
    at, owned = builders.AT, {"initiative": initiative, "destination": place}
    call = {"surface": "openai.batches", "model": model, "verdict": "allow", "state": "completed", "cost": 3_100_000}
    told = {"provider_id": f"batch-{Batch.objects.count()}", "records": 3, "seen": seen, "dialect": "openai"}
    times = {"begun_at": at, "seen_at": at, "expires_at": at + timedelta(days=31)}
    exchange = Exchange.objects.create(at=at, unit=initiative.accountable_unit, **owned, **call)
    made = Batch.objects.create(exchange=exchange, model=model, **owned, **(told | times | more))
    record(EventKind.BATCH_BEGUN, subject=f"batch:{made.pk}", by=builders.INSTALLER, at=at)
    return made


def test_a_batch_is_shown_as_its_program_knows_it_with_the_call_that_began_it(reader, initiative, place):
    made = begun(initiative, place)
    page = reader.get(f"/initiatives/{initiative.code}/batches/").text
    for told in (f"batch_{made.pk.hex}", f"/exchanges/{made.exchange_id}/", "1 answered, 1 came to nothing"):
        assert told in page
    assert "\u20ac 3.10 at most" in page
    assert f"/initiatives/{initiative.code}/batches/" in reader.get(f"/initiatives/{initiative.code}/").text


def test_what_it_really_cost_is_told_as_such(reader, initiative, place):
    begun(initiative, place, seen=DONE, counted_at=builders.AT)
    page = reader.get(f"/initiatives/{initiative.code}/batches/").text
    assert "\u20ac 3.10" in page
    assert "at most" not in page


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        pytest.param("state=under_way", [True, False, True], id="under way, or in a word nobody knows"),
        pytest.param("state=ended", [False, True, False], id="answered"),
        pytest.param("model=reader", [False, True, False], id="a part of the model"),
        pytest.param("since=2400-01-01", [False, False, False], id="begun later"),
    ],
)
def test_the_list_is_narrowed(reader, initiative, place, asked, shown):
    of_all = [
        begun(initiative, place),
        begun(initiative, place, "reader-1", DONE, dialect="anthropic"),
        begun(initiative, place, seen={"status": "dreaming"}),
    ]
    page = reader.get(f"/initiatives/{initiative.code}/batches/?{asked}").text
    assert [each.pk.hex in page for each in of_all] == shown


def test_files_of_batches_are_no_batches_and_another_initiatives_are_not_shown(reader, initiative, place, group):
    told = {"title": "Others", "purpose_text": "Drafts others.", "unit_id": group.pk}
    other = propose_initiative(**told, by=builders.actor_with(Role.REQUESTER), at=builders.AT)
    begun(other, place)
    begun(initiative, place, is_file=True)
    assert "No batch yet" in reader.get(f"/initiatives/{initiative.code}/batches/").text


def test_its_questions_do_not_grow_with_the_list(reader, initiative, place, django_assert_max_num_queries):
    for number in range(20):
        begun(initiative, place, f"model-{number}")
    with django_assert_max_num_queries(MOST_QUERIES):
        assert reader.get(f"/initiatives/{initiative.code}/batches/?sort=-cost").status_code == 200
