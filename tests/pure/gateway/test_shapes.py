"""Every text of a body is collected, whatever field it stands in, or the body is refused."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.core.errors import Invalid, NotAllowed
from governance.detection.document import Document
from governance.gateway.dialects.openai.chat import CHAT
from governance.gateway.dialects.prompt import Prompt

CANARY = "canary-7c1e"
# Every field the table knows, each with a canary where a text may stand.
EVERYTHING = {
    "model": "quill-1",
    "messages": [
        {"role": "system", "content": CANARY, "name": CANARY},
        {"role": "user", "content": [{"type": "text", "text": CANARY}, {"type": "refusal", "refusal": CANARY}]},
        {
            "role": "assistant",
            "content": None,
            "refusal": CANARY,
            "reasoning_content": CANARY,
            "function_call": {"name": CANARY, "arguments": CANARY},
            "annotations": [{"note": CANARY}],
            "tool_calls": [
                {"id": CANARY, "type": "function", "function": {"name": CANARY, "arguments": CANARY}},
                {"id": CANARY, "type": "custom", "custom": {"name": CANARY, "input": CANARY}},
            ],
        },
        {"role": "tool", "tool_call_id": CANARY, "content": CANARY},
    ],
    "stop": [CANARY],
    "user": CANARY,
    "safety_identifier": CANARY,
    "prompt_cache_key": CANARY,
    "metadata": {CANARY: CANARY, "deep": {"list": [CANARY, {"k": CANARY}]}},
    "tools": [
        {
            "type": "function",
            "function": {
                "name": CANARY,
                "description": CANARY,
                "parameters": {"properties": {CANARY: {"enum": [CANARY], "default": CANARY}}},
            },
        },
        {
            "type": "custom",
            "custom": {
                "name": CANARY,
                "description": CANARY,
                "format": {"type": "grammar", "grammar": {"definition": CANARY, "syntax": "lark"}},
            },
        },
    ],
    "tool_choice": {"type": "function", "function": {"name": CANARY}},
    "functions": [{"name": CANARY, "description": CANARY, "parameters": {"title": CANARY}}],
    "function_call": {"name": CANARY},
    "response_format": {
        "type": "json_schema",
        "json_schema": {"name": CANARY, "description": CANARY, "schema": {"examples": [CANARY]}},
    },
    "prediction": {"type": "content", "content": [{"type": "text", "text": CANARY}]},
}


def count(value) -> int:
    return json.dumps(value).count(CANARY)


def test_every_text_and_every_name_of_a_field_is_scanned():
    prompt = Prompt.of(CHAT, EVERYTHING)
    scanned = sum(segment.text.count(CANARY) for segment in prompt.document.segments)
    assert scanned == count(EVERYTHING) > 40


def test_paths_are_unique_although_names_may_look_like_paths():
    names = {"a.b": 1, "a": {"b": "x"}, "a{0}": "y", "a{0}.b": "z", "metadata{0}#": "w"}
    prompt = Prompt.of(CHAT, {"model": "m", "messages": [{"role": "user", "content": "x"}], "metadata": names})
    assert len({text.path for text in prompt.texts}) == len(prompt.texts)
    assert isinstance(prompt.document, Document)


def test_what_is_stored_about_a_place_holds_no_name_the_format_does_not_define():
    prompt = Prompt.of(
        CHAT, {"model": "m", "messages": [{"role": "user", "content": "x"}], "metadata": {CANARY: {CANARY: "v"}}}
    )
    assert not any(CANARY in place for place in prompt.places.values())


def test_the_scanner_is_told_under_which_name_a_value_stood():
    prompt = Prompt.of(
        CHAT, {"model": "m", "messages": [{"role": "user", "content": "x"}], "metadata": {"password": "v"}}
    )
    assert any(text.path.endswith(".password") and text.text == "v" for text in prompt.texts)


@pytest.mark.parametrize("number", [4111111111111111, 41111111.11111, -123456789])
def test_a_long_number_is_scanned_and_cannot_be_replaced(number):
    prompt = Prompt.of(CHAT, {"model": "m", "messages": [{"role": "user", "content": "x"}], "metadata": {"n": number}})
    assert [text.fixed for text in prompt.texts if text.text == str(number)] == [True]


def test_replaced_texts_stand_in_the_body_and_nothing_else_changes():
    prompt = Prompt.of(CHAT, EVERYTHING)
    segments = [type(each)(each.path, each.text.replace(CANARY, "x")) for each in prompt.document.segments]
    changed = prompt.with_document(Document(tuple(segments)))
    left = [text.text for text in changed.texts if CANARY in text.text]
    assert left == [CANARY] * sum(text.fixed for text in prompt.texts if text.text == CANARY)
    assert json.loads(changed.body).keys() == EVERYTHING.keys()
    assert count(prompt.tree) == count(EVERYTHING)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)


def texts_of(value) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [text for each in value for text in texts_of(each)]
    if isinstance(value, dict):
        return [text for name, each in value.items() for text in [name, *texts_of(each)]]
    return []


@given(st.dictionaries(st.text(max_size=8), JSON, max_size=4))
def test_any_metadata_is_scanned_whole(metadata):
    prompt = Prompt.of(CHAT, {"model": "m", "messages": [{"role": "user", "content": "x"}], "metadata": metadata})
    scanned = sorted(text.text for text in prompt.texts if text.place.startswith("metadata"))
    assert [text for text in scanned if not text.lstrip("-").isdigit()] == [
        text for text in sorted(texts_of(metadata)) if not text.lstrip("-").isdigit()
    ]


@given(st.dictionaries(st.sampled_from([*EVERYTHING, "another", "stream", "n"]), JSON, max_size=5))
def test_any_body_is_read_or_refused_by_name(body):
    with suppress(Invalid, NotAllowed):
        assert Prompt.of(CHAT, body).texts
