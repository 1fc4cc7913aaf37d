"""A value that is split over two texts of a call is found by the real engine, whatever names and ids stand between; synthetic values."""

import pytest

from governance.detection.engine import Engine
from governance.detection.ruleset import Ruleset
from governance.gateway.dialects.prompt import Prompt
from governance.gateway.routes import surface_named

CARD = ("Paid by card 4539 1488", "0343 6467 today.")
KEY = ("It runs with ghp_k9Xb2LwQ7vRt4ZsN8m", "Yc3HfJ6dGp1A0eUqTi and so on.")
VALUES = [pytest.param(CARD, "CREDIT_CARD", id="a card"), pytest.param(KEY, "SECRET", id="a key")]


@pytest.fixture(scope="module")
def engine():
    ruleset = Ruleset.of({"version": 1, "detectors": {"secrets": {}, "patterns": {"threshold": 0.4}}})
    return Engine.load(ruleset, key=b"a key made for the tests, 32 by.")


def chat(*messages):
    return {"model": "m", "messages": list(messages)}


def blocks(role, *content):
    return {"model": "m", "max_tokens": 9, "messages": [{"role": role, "content": list(content)}]}


def result(number, text):
    return {"type": "tool_result", "tool_use_id": f"toolu_{number}", "content": text}


def use(number, text):
    return {"type": "tool_use", "id": f"toolu_{number}", "name": "note", "input": {"text": text}}


def said(text, **more):
    return {"role": "user", "content": text, **more}


def told(number, text):
    return {"role": "tool", "tool_call_id": f"call_{number}", "content": text}


CASES = [
    pytest.param("openai.chat_completions", lambda a, b: chat(said(a), said(b)), id="messages"),
    pytest.param("openai.chat_completions", lambda a, b: chat(said(a, name="ada"), said(b, name="ada")), id="names"),
    pytest.param("openai.chat_completions", lambda a, b: chat(told(1, a), told(2, b)), id="what tools said, chat"),
    pytest.param(
        "openai.chat_completions", lambda a, b: chat(said("x")) | {"metadata": {"a": a, "b": b}}, id="metadata"
    ),
    pytest.param("anthropic.messages", lambda a, b: blocks("user", result(1, a), result(2, b)), id="results"),
    pytest.param("anthropic.messages", lambda a, b: blocks("assistant", use(1, a), use(2, b)), id="inputs of tools"),
    pytest.param(
        "openai.responses",
        lambda a, b: {
            "model": "m",
            "input": [
                {"type": "function_call_output", "call_id": "c1", "output": a},
                {"type": "function_call_output", "call_id": "c2", "output": b},
            ],
        },
        id="what tools said, responses",
    ),
    pytest.param(
        "gemini.generate_content",
        lambda a, b: {
            "contents": [
                {"parts": [{"functionResponse": {"name": "note", "response": {"text": each}}} for each in (a, b)]}
            ]
        },
        id="what functions said, Gemini",
    ),
    pytest.param(
        "ollama.chat",
        lambda a, b: chat(*({"role": "tool", "tool_name": "note", "content": each} for each in (a, b))),
        id="what tools said, Ollama",
    ),
]


@pytest.mark.parametrize(("surface", "body"), CASES)
@pytest.mark.parametrize(("halves", "kind"), VALUES)
def test_both_halves_are_found(engine, surface, body, halves, kind):
    prompt = Prompt.of(surface_named(surface), body(*halves), in_path="m")
    report = engine.scan(prompt.document, deadline=60)
    assert report.complete
    assert [found.type for found in report.findings] == [kind, kind]
    assert len({found.path for found in report.findings}) == 2
    harmless = Prompt.of(surface_named(surface), body("Good", "day."), in_path="m")
    assert engine.scan(harmless.document, deadline=60).findings == ()


def test_every_text_is_in_the_document_once():
    prompt = Prompt.of(surface_named("anthropic.messages"), blocks("assistant", use(1, "a"), use(2, "b")))
    assert sorted(each.path for each in prompt.document.segments) == sorted(each.path for each in prompt.texts)
