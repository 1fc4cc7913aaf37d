"""Calls of tools in an answer that a person must confirm are known in every interface, and nothing of them passes before."""

import json

import pytest

from governance.gateway.confirming import AskedCall
from governance.gateway.dialects.anthropic.messages import MESSAGES
from governance.gateway.dialects.framing import Frame
from governance.gateway.dialects.gemini.generate import GENERATE
from governance.gateway.dialects.ollama.texts import CHAT as OLLAMA
from governance.gateway.dialects.openai.chat import CHAT
from governance.gateway.dialects.openai.responses import RESPONSES
from governance.gateway.reading import WINDOW
from governance.gateway.replies.calls import Calls
from governance.gateway.replies.held import HeldAnswer
from governance.gateway.replies.questions import Marks

ARGS = {"order": {"lines": ["Tea", "Milk"]}, "amount": 500, "express": True}
TEXT = json.dumps(ARGS)
SHOWN = [("order.lines[0]", "Tea"), ("order.lines[1]", "Milk"), ("amount", "500"), ("express", "yes")]


def chat(part, *calls):
    return {"choices": [{"index": 0, part: {"content": None, "tool_calls": list(calls)}}]}


def function(name, arguments, index=0):
    return {"index": index, "id": "t", "type": "function", "function": {"name": name, "arguments": arguments}}


STREAM = [
    {"choices": [{"index": 0, "delta": {"content": "I will wipe it. "}}]},
    chat("delta", function("wi", "")),
    chat("delta", function("pe", TEXT[:9])),
    chat("delta", function("", TEXT[9:])),
    {"choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls"}]},
]
ITEM = {"type": "function_call", "call_id": "c", "name": "wipe"}
RESPONSE_STREAM = [
    {"type": "response.output_item.added", "output_index": 0, "item": ITEM | {"arguments": ""}},
    {"type": "response.function_call_arguments.delta", "output_index": 0, "item_id": "i", "delta": TEXT},
    {"type": "response.function_call_arguments.done", "output_index": 0, "item_id": "i", "arguments": TEXT},
    {"type": "response.output_item.done", "output_index": 0, "item": ITEM | {"arguments": TEXT}},
    {"type": "response.completed", "response": {"output": [ITEM | {"arguments": TEXT}]}},
]
USE = {"type": "tool_use", "id": "t", "name": "wipe"}
MESSAGE_STREAM = [
    {"type": "content_block_start", "index": 0, "content_block": USE | {"input": {}}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "input_json_delta", "partial_json": TEXT}},
    {"type": "content_block_stop", "index": 0},
]
WAYS = [
    pytest.param(CHAT, [chat("message", function("wipe", TEXT))], id="chat, whole"),
    pytest.param(CHAT, STREAM, id="chat, streamed, its name in pieces"),
    pytest.param(
        CHAT,
        [{"choices": [{"index": 0, "message": {"function_call": {"name": "wipe", "arguments": TEXT}}}]}],
        id="chat, as it was",
    ),
    pytest.param(RESPONSES, [{"output": [ITEM | {"arguments": TEXT}]}], id="responses, whole"),
    pytest.param(RESPONSES, RESPONSE_STREAM, id="responses, streamed"),
    pytest.param(MESSAGES, [{"content": [USE | {"input": ARGS}]}], id="anthropic, whole"),
    pytest.param(MESSAGES, MESSAGE_STREAM, id="anthropic, streamed"),
    pytest.param(
        GENERATE,
        [{"candidates": [{"index": 0, "content": {"parts": [{"functionCall": {"name": "wipe", "args": ARGS}}]}}]}],
        id="gemini",
    ),
    pytest.param(
        OLLAMA, [{"message": {"tool_calls": [{"function": {"name": "wipe", "arguments": ARGS}}]}}], id="ollama"
    ),
]


def taken(surface, trees, needs):
    """Return an answer that has ended and been read, everything in it clear, and the frames passed on meanwhile."""
    held, passed = HeldAnswer(surface.answers, WINDOW, calls=Calls(needs), most_kept=10_000), []
    for tree in [*trees, None]:
        held.end() if tree is None else held.take(Frame("", json.dumps(tree).encode()))
        while questions := held.questions():
            for question in questions:
                question.settle([Marks() for _ in question.texts])
        passed += held.ready()
    return held, passed


@pytest.mark.parametrize(("surface", "trees"), WAYS)
def test_a_call_waits_and_says_what_it_would_do(surface, trees):
    held, passed = taken(surface, trees, lambda name: name == "wipe")
    (call,) = held.asked()
    assert held.waits
    assert (call.tool, [(each.name, each.value) for each in call.arguments]) == ("wipe", SHOWN)
    assert TEXT[9:] not in b"".join(frame.data for frame in passed).decode().replace("\\", "")
    assert len(held.whole() or ()) == len(trees)
    held.let_go()
    assert len([*passed, *held.ready()]) == len(trees)


@pytest.mark.parametrize(("surface", "trees"), WAYS)
def test_a_call_that_nobody_has_to_confirm_passes(surface, trees):
    held, passed = taken(surface, trees, lambda name: name == "look_up")
    assert (held.waits, held.asked(), len(passed)) == (False, (), len(trees))


def test_words_before_a_call_pass_and_what_follows_it_waits():
    held, passed = taken(CHAT, [*STREAM, *STREAM[:1]], lambda name: name == "wipe")
    assert len(passed) == 1 + 1  # the words, and half a name that is nobody's
    held.let_go()
    assert len(list(held.ready())) == len(STREAM) + 1 - len(passed)


def test_an_answer_too_long_to_keep_says_so():
    held, _ = taken(CHAT, [*STREAM[:1] * 500, *STREAM], lambda name: name == "wipe")
    assert held.waits
    assert held.whole() is None


def test_two_calls_alike_are_shown_as_two():
    call = {"functionCall": {"name": "wipe", "args": {"id": "7"}}}
    tree = {"candidates": [{"index": 0, "content": {"parts": [call, call]}}]}
    held, _ = taken(GENERATE, [tree], lambda name: name == "wipe")
    assert len(held.asked()) == 2


def test_what_is_asked_survives_being_kept():
    held, _ = taken(OLLAMA, [{"message": {"tool_calls": [{"function": {"name": "wipe", "arguments": ARGS}}]}}], bool)
    (call,) = held.asked()
    assert AskedCall.of_json(json.loads(json.dumps(call.to_json()))) == call
