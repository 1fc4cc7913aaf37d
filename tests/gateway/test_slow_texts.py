"""Texts that are worst for some detector, over the wire, in the long form: `./dev test -m long tests/gateway/test_slow_texts.py`.

Each ends within the time its text is given, or is refused; what was not scanned to its end is never let through. A text in which
something is replaced is looked at a second time before it leaves, with as much time again. Printed is, for each size, the one that came
nearest to the end of its time.
"""

import json
import time
from dataclasses import dataclass
from itertools import count

import pytest

import sending
from bench.detecting._texts import HOSTILE, hostile
from governance.core.clock import now
from governance.destinations.rules import ReplyCheck
from governance.detection.recognisers import Recogniser
from governance.gateway.models import Exchange
from governance.scanning import services
from governance.scanning.rules import Deadlines
from governance.scanning.selectors import enforced_ruleset
from harness.databases import connected_to

pytestmark = [pytest.mark.services, pytest.mark.long]
SIZES = (1_000, 10_000, 90_000, 1_000_000)
OVER_S, LONGEST_S = 0.2, 60
DEADLINES = Deadlines(0.5, 0.2, 20, 96 * 1024)  # those the product comes with
_numbers = count(1)
# What a backtracking engine would never be done with.
PATTERNS = {
    r"(?:a|aa)+\d{6}": "aaa123456",
    r"(?:a+)+[@!]": "aaa!",
    r"(?:\d+ ?)+x{3}": "1 2 3 xxx",
    r"\b(?:a.*b)?c\d{4}": "c1234",
}


@dataclass(frozen=True)
class Tried:
    kind: str
    size: int
    code: str  # of the refusal, "" where it was let through
    took_s: float
    deadline_s: float

    @property
    def over_s(self) -> float:
        return self.took_s - self.deadline_s


@pytest.fixture(scope="module")
def plain(start_remit):
    """A stack with the deadlines it comes with."""
    return start_remit(only=("gateway", "interactive"), extra={"GATEWAY_LOOPBACK_ALLOWED": "on"})


@pytest.fixture
def key(plain, recording, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), connected_to(plain.database):
        _add_patterns()
        who = sending.builder()
        sending.grant(who, sending.destination(recording.url, check=ReplyCheck.WATCH))
        sending.post(plain, who.key, said("Hello."), patience_s=LONGEST_S)
        yield who.key


def _add_patterns() -> None:
    before, at = enforced_ruleset(), now()
    own = [
        Recogniser(f"slow-{number}", "BADGE", 0.9, (), (pattern,), (), example).to_dict()
        for number, (pattern, example) in enumerate(PATTERNS.items())
    ]
    document = dict(before.detectors.document)
    made = services.make_ruleset(
        detection={**document, "detectors": {**document["detectors"], "recognisers": {"recognisers": own}}},
        policy=dict(before.policy.document),
        by=sending.INSTALLER,
        at=at,
    )
    services.activate_ruleset(ruleset_id=made.pk, by=sending.INSTALLER, at=at)


def said(text: str) -> bytes:
    return json.dumps({"model": "recorder-1", "messages": [{"role": "user", "content": text}]}).encode()


def ask(plain, key, kind: str, size: int) -> Tried:
    text = f"{next(_numbers)} {hostile(HOSTILE[kind], size)}"
    look_s = DEADLINES.of(min(len(text.encode()), DEADLINES.largest_fresh))
    began = time.monotonic()
    status, headers, told = sending.post(plain, key, said(text), patience_s=LONGEST_S)
    took_s, code = time.monotonic() - began, "" if status == 200 else told["error"]["code"]
    looks = 2 if code == "not_redactable" or headers["x-remit-verdict"] == "redact" else 1
    return Tried(kind, size, code, took_s, looks * look_s)


def test_a_slow_text_ends_in_time_or_is_refused_and_is_never_let_through_half_read(plain, key, capsys):
    tried = [ask(plain, key, kind, size) for size in SIZES for kind in HOSTILE]
    rows = Exchange.objects.select_related("scan")
    half_read = rows.filter(bytes_out__gt=0, scan__complete=False) | rows.filter(bytes_out__gt=0, scan=None)
    with capsys.disabled():
        print()
        for size in SIZES:
            print(line([each for each in tried if each.size == size]))
        print(f"of {len(tried)} texts, {half_read.count()} were let through without a complete scan")
    assert half_read.count() == 0
    assert [each for each in tried if each.over_s > OVER_S] == []


def line(tried: list[Tried]) -> str:
    slowest = max(tried, key=lambda each: each.over_s)
    codes = sorted({each.code or "let through" for each in tried})
    return (
        f"{slowest.size:9,} characters: {len(tried)} texts, {', '.join(codes)}; nearest to its deadline {slowest.kind},"
        f" {slowest.took_s:.2f} s of {slowest.deadline_s:.2f} s"
    )
