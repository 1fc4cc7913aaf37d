"""How values are replaced on the wire: what left holds none of them, and only what stands for a value comes back as it."""

import json

import pytest

import sending
from builders import INSTALLER
from governance.core.clock import now
from governance.detection.ways import Way
from governance.gateway.models import Exchange
from governance.scanning import services
from governance.scanning.models import Ruleset
from governance.scanning.selectors import enforced_ruleset

pytestmark = pytest.mark.services

VALUES = (
    "4111 1111 1111 1111",
    "DE89 3704 0044 0532 0130 00",
    "maria.keller@example.com",
    "+49 30 901820",
    "Maria Keller",
)
TEXT = "Repeat: card {}, account {}, mail {}, telephone {}, from {}. Thank you.".format(*VALUES)


@pytest.fixture
def replacing(gateway):
    """Have everything that is replaced replaced in one way, for one test."""
    before = enforced_ruleset()

    def put(way):
        policy = dict(before.policy.document)
        rules = [{**rule, "way": way} if rule["action"] == "redact" else rule for rule in policy["rules"]]
        detection = dict(before.detectors.document)
        made = services.make_ruleset(detection=detection, policy={**policy, "rules": rules}, by=INSTALLER, at=now())
        services.activate_ruleset(ruleset_id=made.pk, by=INSTALLER, at=now())

    yield put
    services.activate_ruleset(ruleset_id=Ruleset.objects.get(digest=before.digest).pk, by=INSTALLER, at=now())


def said_by(client, *, stream, model):
    asked = client.chat.completions.create(model=model, messages=[{"role": "user", "content": TEXT}], stream=stream)
    if not stream:
        return asked.choices[0].message.content
    return "".join(piece.choices[0].delta.content or "" for piece in asked if piece.choices)


@pytest.mark.parametrize(
    ("way", "written"),
    [
        (Way.STAND_IN, ("card 9999 ", "account ZZ", "@example.org", "telephone +99 9", "<PERSON_")),
        (Way.MASK, ("card **** **** **** 1111", "**30 00", "mail ****", "**1820", "from ****")),
        (Way.HASH, ()),
    ],
)
@pytest.mark.parametrize(("stream", "model"), [(False, "recorder-1"), (True, "recorder-1"), (True, "bytes-1")])
def test_what_leaves_holds_no_value_and_only_stand_ins_come_back(
    gateway, who, recording, replacing, way, written, stream, model
):
    replacing(way)
    answer = said_by(sending.client(gateway, who.key), stream=stream, model=model)
    left = json.loads(recording.bodies()[-1])["messages"][0]["content"]
    assert not any(value in left for value in VALUES)
    assert all(part in left for part in written)
    assert answer.strip() == (TEXT if way is Way.STAND_IN else left)
    exchange = sending.until_closed(Exchange.objects.order_by("-at").first().pk)
    ways = {found.type: found.way for found in exchange.scan.findings.all()}
    assert ways["CREDIT_CARD"] == way
    assert ways["PERSON"] == (Way.PLACEHOLDER if way is Way.STAND_IN else way)


def test_a_stand_in_of_an_earlier_call_is_a_value_like_any_other(gateway, who, recording, replacing):
    replacing(Way.STAND_IN)
    said_by(sending.client(gateway, who.key), stream=False, model="recorder-1")
    left = json.loads(recording.bodies()[-1])["messages"][0]["content"]
    stand_in = left.split("mail ")[1].split(",")[0]
    assert stand_in.endswith("@example.org")
    asked = f"Repeat: write to {stand_in} about it."
    client = sending.client(gateway, who.key)
    again = client.chat.completions.create(model="recorder-1", messages=[{"role": "user", "content": asked}])
    assert again.choices[0].message.content == asked
    assert stand_in not in json.loads(recording.bodies()[-1])["messages"][0]["content"]
