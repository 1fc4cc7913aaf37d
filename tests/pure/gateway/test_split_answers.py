"""A value that a provider begins in one block of an answer and ends in the next is found, by the real engine; synthetic values."""

import json

import pytest

from governance.destinations.rules import ReplyCheck
from governance.detection.default_policy import DEFAULT_REPLY_POLICY
from governance.detection.engine import Engine
from governance.detection.policy import Facts
from governance.detection.ruleset import Ruleset
from governance.gateway.dialects.framing import Frame
from governance.gateway.reading import Reading
from governance.gateway.routes import surface_named

FACTS = Facts(classification="internal", hosting="public_api")
CARD = ("Paid by card 4539 1488", " 0343 6467 today.")
KEY = ("It runs with ghp_k9Xb2LwQ7vRt4ZsN8m", "Yc3HfJ6dGp1A0eUqTi and so on.")
VALUES = [pytest.param(CARD, "0343 6467", id="a card"), pytest.param(KEY, "Yc3HfJ6dGp1A0eUqTi", id="a key")]


@pytest.fixture(scope="module")
def engine():
    ruleset = Ruleset.of({"version": 1, "detectors": {"secrets": {}, "patterns": {"threshold": 0.4}}})
    return Engine.load(ruleset, key=b"a key made for the tests, 32 by.")


def messages(texts):
    for index, text in enumerate(texts):
        yield {"type": "content_block_start", "index": index, "content_block": {"type": "text", "text": ""}}
        yield {"type": "content_block_delta", "index": index, "delta": {"type": "text_delta", "text": text}}
        yield {"type": "content_block_stop", "index": index}


def responses(texts):
    for index, text in enumerate(texts):
        at = {"output_index": 0, "content_index": index, "item_id": "m1"}
        yield {"type": "response.output_text.delta", **at, "delta": text}
        yield {"type": "response.output_text.done", **at, "text": text}


STREAMS = [
    pytest.param("anthropic.messages", messages, id="messages"),
    pytest.param("openai.responses", responses, id="responses"),
]


async def passed_on(engine, surface, trees, check):
    """Return what leaves after each frame, and after the last."""

    async def ask(document):
        return engine.scan(document, deadline=60)

    reading = Reading(ask, check, DEFAULT_REPLY_POLICY, FACTS, frozenset(), {}, 2**20)
    held, left = reading.hold(surface_named(surface).answers), []
    for tree in trees:
        held.take(Frame("", json.dumps(tree).encode()))
        await reading.settle(held)
        left.append(b"".join(frame.data for frame in held.ready()).decode())
    held.end()
    await reading.settle(held)
    return [*left, b"".join(frame.data for frame in held.ready()).decode()]


@pytest.mark.parametrize(("surface", "stream"), STREAMS)
@pytest.mark.parametrize(("texts", "second"), VALUES)
async def test_in_a_stream_the_second_half_is_taken_out(engine, surface, stream, texts, second):
    left = "".join(await passed_on(engine, surface, stream(texts), ReplyCheck.WINDOW))
    assert second not in left
    assert " removed]" in left


@pytest.mark.parametrize(("surface", "stream"), STREAMS)
@pytest.mark.parametrize(("texts", "second"), VALUES)
async def test_of_an_answer_that_is_read_as_a_whole_both_are(engine, surface, stream, texts, second):
    *before, last = await passed_on(engine, surface, stream(texts), ReplyCheck.WHOLE)
    assert texts[0] not in "".join([*before, last])
    assert second not in last
    assert not any("removed" in each or texts[0][:8] in each for each in before)  # nothing is said before its end


async def test_blocks_that_hold_nothing_together_pass_as_they_came(engine):
    texts = ("The order is confirmed", " and will ship on Tuesday.")
    left = "".join(await passed_on(engine, "anthropic.messages", messages(texts), ReplyCheck.WINDOW))
    assert all(text in left for text in texts)
    assert "removed" not in left
