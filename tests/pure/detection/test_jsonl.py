"""Training sets are read line by line: a broken line is reported with its number, and the rest still read."""

import json

import pytest

from governance.detection.formats.jsonl import CHAT, COMPLETION, OTHER, PREFERENCE, BrokenLine, Record, records


def line(value):
    return json.dumps(value).encode() + b"\n"


GOOD = {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}


def test_a_chat_record_gives_its_texts_with_their_paths():
    (record,) = records([line(GOOD)])
    assert (record.kind, [(s.path, s.text) for s in record.segments]) == (
        CHAT,
        [("messages[0].content", "Hi"), ("messages[1].content", "Hello")],
    )


def test_tool_calls_names_and_unknown_fields_are_texts_too():
    message = {
        "role": "assistant",
        "name": "ana",
        "tool_calls": [
            {"id": "call_1", "type": "function", "function": {"name": "send", "arguments": '{"to": "bob"}'}}
        ],
    }
    record = {
        "messages": [{"role": "user", "content": [{"type": "text", "text": "part"}]}, message],
        "note": "free",
        "4111 1111": 5500000000000004,
    }
    (read,) = records([line(record)])
    texts = {segment.path: segment.text for segment in read.segments}
    assert texts["messages[0].content[0].text"] == "part"
    assert texts["messages[1].name"] == "ana"
    assert texts["messages[1].tool_calls[0].function.arguments"] == '{"to": "bob"}'
    assert texts["note"] == "free"
    assert {"4111 1111", "5500000000000004"} <= set(texts.values())


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        pytest.param({"prompt": "a", "completion": "b"}, COMPLETION, id="completion"),
        pytest.param(
            {"input": {"messages": []}, "preferred_output": [], "non_preferred_output": []}, PREFERENCE, id="preference"
        ),
        pytest.param({"question": "a"}, OTHER, id="anything else"),
    ],
)
def test_other_shapes_are_named(value, kind):
    (record,) = records([line(value)])
    assert record.kind is kind


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        pytest.param(b'{"messages": [', "json_syntax", id="cut off"),
        pytest.param(b"[1, 2]", "record_not_object", id="not an object"),
        pytest.param(b'{"a":1,"a":2}', "json_duplicate_key", id="a key twice"),
        pytest.param(b'{"t":"\xff"}', "json_encoding", id="not UTF-8"),
        pytest.param(b'{"t":"\\ud800"}', "json_surrogate", id="half a character"),
        pytest.param(line({"messages": []}), "missing_messages_list", id="no messages"),
        pytest.param(line({"messages": [{"content": "x"}]}), "message_missing_key", id="no role"),
        pytest.param(line({"messages": [{"role": "boss", "content": "x"}]}), "unrecognized_role", id="an unknown role"),
        pytest.param(line({"messages": [{"role": "assistant", "content": None}]}), "missing_content", id="no content"),
        pytest.param(
            line({"messages": [{"role": "user", "content": "x"}]}), "example_missing_assistant_message", id="no answer"
        ),
    ],
)
def test_a_broken_line_is_named_and_the_next_one_read(raw, code):
    broken, good = records([raw, line(GOOD)])
    assert isinstance(broken, BrokenLine)
    assert (broken.line, broken.code) == (1, code)
    assert isinstance(good, Record)
    assert good.line == 2


def test_the_reason_never_quotes_the_line():
    (broken,) = records([b'{"password": "tr0ub4dor", oops}'])
    assert "tr0ub4dor" not in broken.reason


def test_empty_lines_are_left_out_but_counted():
    (record,) = records([b"\n", b"  \r\n", line(GOOD)])
    assert record.line == 3


def test_lines_are_read_as_they_are_asked_for():
    given = []

    def source():
        for number in range(10):
            given.append(number)
            yield line(GOOD)

    next(records(source()))
    assert given == [0]
