"""A version in shadow decides calls a second time: afterwards, with no effect, and whatever goes wrong with it."""

import time
from contextlib import suppress

import openai
import pytest

import sending
from builders import INSTALLER
from governance.core.clock import now
from governance.detection.policy import Verdict
from governance.detection.ways import Way
from governance.gateway.comparing import Effect
from governance.gateway.models import Comparison, Exchange
from governance.scanning import services
from governance.scanning.changing import Changes, RuleChange
from governance.scanning.selectors import enforced_ruleset

pytestmark = pytest.mark.services

PERSONAL = "Write to Maria Keller, maria.keller@example.com, that her order is late."
SECRET = "Why does this fail? aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYzLq3kT9vWx"
LOOKED_S, COMPARED_S = 4.5, 30.0


@pytest.fixture
def in_shadow(gateway):
    """Have a version with some changes run in shadow for one test."""
    made = []

    def run(rules, **detectors):
        basis = enforced_ruleset().version
        version = services.make_version(basis=basis, changes=Changes(rules, **detectors), by=INSTALLER, at=now())
        services.run_in_shadow(version=version.version, on=True, by=INSTALLER, at=now())
        made.append(version.version)
        time.sleep(LOOKED_S)  # the gateway looks every two seconds which version that is
        return version

    yield run
    for version in made:
        services.run_in_shadow(version=version, on=False, by=INSTALLER, at=now())


def asked(gateway, who, text):
    client = sending.client(gateway, who.key)
    with suppress(openai.PermissionDeniedError):
        client.chat.completions.create(model="recorder-1", messages=[{"role": "user", "content": text}])
    return Exchange.objects.order_by("-at").first()


def compared(exchange):
    until = time.monotonic() + COMPARED_S
    while time.monotonic() < until:
        if found := Comparison.objects.filter(exchange=exchange).first():
            return found
        time.sleep(0.2)
    raise AssertionError("It was not compared.")


def test_what_would_have_become_of_calls_is_kept_beside_them(gateway, who, recording, in_shadow):
    version = in_shadow(
        {
            "contact_data": RuleChange(Verdict.BLOCK),
            "secret": RuleChange(Verdict.REDACT, Way.HASH),
        }
    )
    sent = asked(gateway, who, PERSONAL)
    found = compared(sent)
    assert sending.until_closed(sent.pk).state == "completed"
    assert (found.effect, found.verdict, found.ruleset_digest) == (Effect.STOPPED, "block", version.digest)
    assert {"type": "PERSON", "before": "redact:placeholder", "after": "block", "count": 1} in found.kinds
    stopped = compared(asked(gateway, who, SECRET))
    assert (stopped.exchange.state, stopped.effect, stopped.verdict) == ("refused", Effect.LET_THROUGH, "redact")
    assert compared(asked(gateway, who, "Plain words.")).effect == Effect.SAME


def test_a_version_that_looks_otherwise_reads_the_text_again(gateway, who, recording, in_shadow):
    in_shadow({"contact_data": RuleChange(Verdict.REDACT, Way.HASH)}, sure=95)
    found, until = compared(asked(gateway, who, PERSONAL)), time.monotonic() + COMPARED_S
    while found.effect == Effect.UNKNOWN and time.monotonic() < until:  # no worker has loaded it yet
        found = compared(asked(gateway, who, PERSONAL))
    assert (found.effect, found.verdict) == (Effect.OTHERWISE, "redact")
