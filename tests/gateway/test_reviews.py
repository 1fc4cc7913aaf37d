"""Applications say what people did with an answer: once, amended but never written over, and only of their own exchanges."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest

import sending
from governance.client.reviews import ReportRefused, report_review
from governance.core.clock import now
from governance.core.ids import uuid7
from governance.gateway.models import AnswerReview

pytestmark = pytest.mark.services
PATH = "/remit/v1/reviews"
ASKED = json.dumps({"model": "recorder-1", "messages": [{"role": "user", "content": "Hello"}]}).encode()


@pytest.fixture
def answered(gateway, who):
    """Return the id of an exchange that was answered."""
    _, headers, _ = sending.post(gateway, who.key, ASKED)
    return headers["x-remit-exchange"]


def report(gateway, key, exchange, *, outcome="accepted", seconds=20, since=None, **headers):
    shown = since or now()
    times = {"shown_at": shown.isoformat(), "decided_at": (shown + timedelta(seconds=seconds)).isoformat()}
    body = json.dumps({"exchange": str(exchange), "outcome": outcome, **times}).encode()
    status, _, told = sending.post(gateway, key, body, path=PATH, headers={"X-Remit-Actor": "m.okafor"} | headers)
    return status, told


def test_a_look_is_written_down_with_its_event_and_without_the_name_in_it(gateway, who, answered):
    status, told = report(gateway, who.key, answered, outcome="edited", seconds=31)
    assert (status, told["number"], told["seconds"], told["verified"]) == (201, 1, 31.0, False)
    kept = AnswerReview.objects.get(exchange=answered)
    assert (kept.outcome, kept.reviewer, kept.initiative_id) == ("edited", "m.okafor", who.initiative.pk)
    with psycopg.connect(sending.owner_address(gateway)) as owner:
        asked = "SELECT canonical FROM audit_outbox WHERE subject = %s AND kind = 'gateway.answer_reviewed'"
        [(event,)] = owner.execute(asked, [f"exchange:{answered}"]).fetchall()
    assert b"edited" in event
    assert b"okafor" not in event


def test_the_same_report_again_changes_nothing_and_another_amends(gateway, who, answered):
    since = now()
    first = report(gateway, who.key, answered, since=since)[1]
    again = report(gateway, who.key, answered, since=since)
    amended = report(gateway, who.key, answered, outcome="rejected", since=since)
    assert again == (200, first)
    assert (amended[0], amended[1]["number"]) == (201, 2)
    assert list(
        AnswerReview.objects.filter(exchange=answered).order_by("number").values_list("outcome", flat=True)
    ) == [
        "accepted",
        "rejected",
    ]


def test_two_reports_at_once_are_both_kept(gateway, who, answered):
    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(lambda word: report(gateway, who.key, answered, outcome=word), ("accepted", "rejected")))
    assert [status for status, _ in told] == [201, 201]
    assert sorted(body["number"] for _, body in told) == [1, 2]


def test_what_is_not_the_initiatives_own_does_not_exist_for_it(gateway, who, where, answered):
    other = sending.builder()
    sending.grant(other, where)
    assert report(gateway, other.key, answered)[0] == 404
    assert report(gateway, who.key, uuid7())[0] == 404
    assert not AnswerReview.objects.filter(exchange=answered).exists()


@pytest.mark.parametrize(
    ("raw", "headers", "status"),
    [
        pytest.param(b"{", {}, 400, id="half a body"),
        pytest.param(b"{}" + b" " * 5000, {}, 413, id="a long body"),
        pytest.param(b'{"exchange": "x", "outcome": "accepted", "shown_at": 1, "decided_at": 1}', {}, 400, id="no id"),
        pytest.param(b"{}", {"Authorization": "Bearer rmt_aaaaaaaaaa_" + "b" * 43}, 401, id="no such key"),
    ],
)
def test_a_broken_report_is_refused(gateway, who, raw, headers, status):
    assert sending.post(gateway, who.key, raw, path=PATH, headers=headers)[0] == status
    assert sending.post(gateway, who.key, b"", path=PATH, method="GET")[0] == 404


def test_the_client_reports(gateway, who, answered):
    shown = now()
    told = {"exchange": answered, "outcome": "accepted", "shown_at": shown, "decided_at": shown, "reviewer": "m.okafor"}
    assert report_review(gateway.gateway, who.key, **told)["number"] == 1
    with pytest.raises(ReportRefused, match="no such exchange") as refused:
        report_review(gateway.gateway, who.key, **told | {"exchange": str(uuid7())})
    assert refused.value.status == 404
