"""What a person and a webhook may ask for, and to which group a kind belongs."""

from datetime import UTC, datetime, time, timedelta

import pytest

from governance.notices.kinds import KINDS, Group, group_of, meaning_of
from governance.notices.rules import is_worn_out, kinds_fault, quiet_fault, webhook_fault, wishes_fault

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "group"),
    [
        ("approvals.decision_wanted", Group.DECISIONS),
        ("approvals.something_later", Group.REQUESTS),
        ("initiatives.something_later", Group.OWNERSHIP),
        ("gateway.something_later", Group.REFUSALS),
        ("nobody.knows", Group.SECURITY),
    ],
)
def test_every_kind_has_a_group(kind, group):
    assert group_of(kind) is group


def test_every_described_kind_has_a_meaning():
    assert all(meaning_of(kind) for kind in KINDS)
    assert not meaning_of("nobody.knows")


@pytest.mark.parametrize(
    ("wishes", "said"),
    [
        ({"decisions": "daily"}, ""),
        ({"security": "daily"}, ""),
        ({"security": "never"}, "not never"),
        ({"decisions": "hourly"}, "hourly is no choice"),
        ({"everything": "never"}, "no group everything"),
    ],
)
def test_a_choice_of_email(wishes, said):
    assert said in wishes_fault(wishes)
    assert bool(said) == bool(wishes_fault(wishes))


@pytest.mark.parametrize(
    ("start", "end", "right"),
    [(None, None, True), (time(22), time(7), True), (time(22), None, False), (time(7), time(7), False)],
)
def test_quiet_hours_have_two_ends(start, end, right):
    assert (quiet_fault(start, end) == "") is right


@pytest.mark.parametrize(
    ("url", "field"),
    [
        pytest.param("https://hooks.example.com/remit", "", id="an ordinary address"),
        pytest.param("https://hooks.example.com:8443/a?b=c", "", id="with a port and a query"),
        pytest.param("http://hooks.example.com/", "url", id="without TLS"),
        pytest.param("https://user:secret@hooks.example.com/", "url", id="with a password"),
        pytest.param("https://hooks.example.com/#part", "url", id="with a fragment"),
        pytest.param("ftp://hooks.example.com/", "url", id="another scheme"),
        pytest.param("https:///path", "url", id="no host"),
        pytest.param("https://[::1/", "url", id="half an address"),
        pytest.param("https://hooks.example.com:99999/", "url", id="no such port"),
        pytest.param("https://hooks.example.com/\r\nX: y", "url", id="a header in it"),
        pytest.param("https://hööks.example/", "url", id="not ASCII"),
        pytest.param("https://hooks.example.com/" + "a" * 500, "url", id="too long"),
    ],
)
def test_the_address_of_a_webhook(url, field):
    assert webhook_fault(title="Ticketing", url=url, plain_allowed=False)[0] == field


def test_a_webhook_needs_a_title():
    assert webhook_fault(title="  ", url="https://hooks.example.com/", plain_allowed=False)[0] == "title"


def test_a_webhook_hears_of_known_kinds_only():
    assert not kinds_fault(["approvals.approved"], KINDS)
    assert "no kind approvals.aproved" in kinds_fault(["approvals.aproved"], KINDS)


@pytest.mark.parametrize(
    ("since", "worn"), [(None, False), (AT - timedelta(days=4), False), (AT - timedelta(days=5), True)]
)
def test_a_webhook_wears_out_after_days(since, worn):
    assert is_worn_out(failing_since=since, at=AT, patience=timedelta(days=5)) is worn
