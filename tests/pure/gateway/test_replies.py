"""Every text of a reply has a channel, whatever a provider adds, and counts are read where there are any."""

import pytest

from governance.gateway.dialects.openai.chat import CHAT
from governance.gateway.dialects.replies import Channel, Kind

CONTENT, REASONING = Channel(Kind.CONTENT, (1,)), Channel(Kind.REASONING, (1,))
ARGUMENTS = Channel(Kind.ARGUMENTS, (0, 2))


def found(tree):
    return [(delta.channel, delta.text, delta.whole) for delta in CHAT.answers.deltas(tree)]


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        pytest.param(
            {"id": "c1", "choices": [{"index": 1, "delta": {"role": "assistant", "content": "Dear"}}]},
            [(CONTENT, "Dear", False)],
            id="a piece of a choice, by its own number",
        ),
        pytest.param(
            {"choices": [{"index": 1, "message": {"content": "Dear", "reasoning_content": "Hm"}}]},
            [(CONTENT, "Dear", True), (REASONING, "Hm", True)],
            id="a whole message",
        ),
        pytest.param(
            {"choices": [{"index": 0, "delta": {"tool_calls": [{"index": 2, "function": {"arguments": '{"q'}}]}}]},
            [(ARGUMENTS, '{"q', False)],
            id="a piece of a tool's arguments",
        ),
        pytest.param(
            {"choices": [{"index": 0, "delta": {"thoughts": "x y"}}]},
            [(Channel(Kind.OTHER, ("choices", 0, "delta", "thoughts")), "x y", True)],
            id="a field nobody knows",
        ),
        pytest.param(
            {"id": "not an id"}, [(Channel(Kind.OTHER, ("id",)), "not an id", True)], id="a text where an id belongs"
        ),
        pytest.param(
            {"a b": 1}, [(Channel(Kind.OTHER, ("a b", "#")), "a b", True)], id="a name of a field that is a text"
        ),
    ],
)
def test_every_text_belongs_to_a_channel(tree, expected):
    assert found(tree) == expected


def test_a_choice_that_stops_closes_its_channels():
    tree = {"choices": [{"index": 1, "delta": {}, "finish_reason": "stop"}]}
    assert {CONTENT, REASONING} <= set(CHAT.answers.closes(tree))


@pytest.mark.parametrize(
    ("reply", "usage"),
    [
        (b'{"usage":{"prompt_tokens":11,"completion_tokens":9}}', (11, 9)),
        (b'{"usage":null}', (None, None)),
        (b'{"usage":{"prompt_tokens":"11","completion_tokens":-1}}', (None, None)),
        (b'{"usage":', (None, None)),
        (b'["usage"]', (None, None)),
        (b"[DONE]", (None, None)),
    ],
)
def test_usage_is_read_where_there_is_any(reply, usage):
    assert CHAT.answers.usage_of(reply) == usage
