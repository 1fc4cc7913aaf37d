"""Every text of a reply has a channel, whatever a provider adds, and counts are read where there are any."""

import pytest

from governance.gateway.dialects.anthropic.messages import MESSAGES
from governance.gateway.dialects.gemini.generate import GENERATE
from governance.gateway.dialects.ollama.texts import CHAT as OLLAMA_CHAT
from governance.gateway.dialects.openai.chat import CHAT
from governance.gateway.dialects.openai.responses import RESPONSES
from governance.gateway.dialects.replies import Channel, Kind

CONTENT, REASONING = Channel(Kind.CONTENT, (1,)), Channel(Kind.REASONING, (1,))
ARGUMENTS = Channel(Kind.ARGUMENTS, (0, 2))


def found(tree, surface=CHAT):
    return [(delta.channel, delta.text, delta.whole) for delta in surface.answers.deltas(tree)]


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


PART = {"output_index": 2, "content_index": 1, "item_id": "m1"}


@pytest.mark.parametrize(
    ("surface", "tree", "expected"),
    [
        pytest.param(
            MESSAGES,
            {"type": "content_block_delta", "index": 3, "delta": {"type": "input_json_delta", "partial_json": '{"q'}},
            [(Channel(Kind.ARGUMENTS, (3,)), '{"q', False)],
            id="a piece of a tool's input, Anthropic",
        ),
        pytest.param(
            MESSAGES,
            {"content": [{"type": "tool_use", "id": "t1", "name": "f", "input": {"q": "Dear Maria"}}]},
            [
                (Channel(Kind.OTHER, ("content", 0, "input", "q", "#")), "q", True),
                (Channel(Kind.ARGUMENTS, (0, "q")), "Dear Maria", True),
            ],
            id="a whole tool's input, Anthropic",
        ),
        pytest.param(
            RESPONSES,
            {"type": "response.output_text.delta", **PART, "delta": "Dear"},
            [(Channel(Kind.CONTENT, (2, 1)), "Dear", False)],
            id="a piece of a part, responses",
        ),
        pytest.param(
            RESPONSES,
            {"type": "response.output_text.done", **PART, "text": "Dear Maria"},
            [(Channel(Kind.CONTENT, (2, 1)), "Dear Maria", True)],
            id="the copy of a part, responses",
        ),
        pytest.param(
            RESPONSES,
            {
                "type": "response.completed",
                "response": {
                    "output": [{"type": "message", "content": [{"type": "output_text", "text": "Dear Maria"}]}]
                },
            },
            [(Channel(Kind.CONTENT, (0, 0)), "Dear Maria", True)],
            id="the copy in the last event, responses",
        ),
        pytest.param(
            GENERATE,
            {"candidates": [{"index": 1, "content": {"parts": [{"text": "Hm", "thought": True}, {"text": "Dear"}]}}]},
            [(REASONING, "Hm", False), (CONTENT, "Dear", False)],
            id="thoughts and words, Gemini",
        ),
        pytest.param(
            OLLAMA_CHAT,
            {"message": {"role": "assistant", "content": "Dear"}, "done": False},
            [(Channel(Kind.CONTENT), "Dear", False)],
            id="a line, Ollama",
        ),
    ],
)
def test_a_text_has_the_same_channel_wherever_it_comes_again(surface, tree, expected):
    assert found(tree, surface) == expected


def test_what_ends_a_text_is_known_in_each_format():
    part, block = {"type": "response.output_text.done", **PART, "text": "x"}, {"type": "content_block_stop", "index": 3}
    assert Channel(Kind.CONTENT, (2, 1)) in RESPONSES.answers.closes(part)
    assert Channel(Kind.CONTENT, (3,)) in MESSAGES.answers.closes(block)
    assert CONTENT in GENERATE.answers.closes({"candidates": [{"index": 1, "finishReason": "STOP"}]})
    assert Channel(Kind.CONTENT) in OLLAMA_CHAT.answers.closes({"done": True})


@pytest.mark.parametrize(
    ("surface", "reply", "usage"),
    [
        pytest.param(MESSAGES, b'{"message":{"usage":{"input_tokens":3}}}', (3, None), id="Anthropic's first event"),
        pytest.param(MESSAGES, b'{"usage":{"output_tokens":9}}', (None, 9), id="Anthropic's last but one"),
        pytest.param(
            RESPONSES, b'{"response":{"usage":{"input_tokens":3,"output_tokens":9}}}', (3, 9), id="a last response"
        ),
        pytest.param(
            GENERATE, b'{"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":9}}', (3, 9), id="Gemini"
        ),
        pytest.param(OLLAMA_CHAT, b'{"prompt_eval_count":3,"eval_count":9}', (3, 9), id="Ollama"),
    ],
)
def test_each_format_is_counted(surface, reply, usage):
    assert surface.answers.usage_of(reply) == usage


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


@pytest.mark.parametrize(
    ("surface", "going_on", "last"),
    [
        pytest.param(CHAT, b'{"choices":[{"delta":{"content":"a"},"finish_reason":null}]}', b"[DONE]", id="chat"),
        pytest.param(
            CHAT,
            b'{"choices":[{"delta":{"content":"\\"finish_reason\\": \\"stop\\""}}]}',
            b'{"choices":[{"delta":{},"finish_reason":"stop"}]}',
            id="chat, without [DONE]",
        ),
        pytest.param(CHAT, b'{"choices":[]}', b'{"error":{"message":"overloaded"}}', id="chat, a fault"),
        pytest.param(
            RESPONSES, b'{"type":"response.output_text.done"}', b'{"type":"response.incomplete"}', id="responses"
        ),
        pytest.param(MESSAGES, b'{"type":"message_delta"}', b'{"type": "message_stop"}', id="messages"),
        pytest.param(
            GENERATE,
            b'{"candidates":[{"finishReason":"FINISH_REASON_UNSPECIFIED"}]}',
            b'{"candidates":[{"finishReason":"STOP"}]}',
            id="Gemini",
        ),
        pytest.param(GENERATE, b"{}", b'{"promptFeedback":{"blockReason":"SAFETY"}}', id="Gemini, refused"),
        pytest.param(OLLAMA_CHAT, b'{"done": false}', b'{"done":true}', id="Ollama"),
    ],
)
def test_the_frame_that_ends_a_stream_is_known(surface, going_on, last):
    assert not surface.answers.last.search(going_on)
    assert surface.answers.last.search(last)
