"""The census of answers: nothing that the official clients' types let come back is passed on unread, but what a provider sealed."""

import pytest

import reply_census
from governance.gateway.routes import surface_named

# What a provider sealed, and what holds numbers or nothing at all: everything else has to be read.
SEALED = {
    "openai.responses": {"encrypted_content", "obfuscation"},
    "anthropic.messages": {"signature", "data", "encrypted_content", "encrypted_index"},
    "gemini.generate_content": {"thoughtSignature", "continuationToken"},
}


@pytest.mark.parametrize("surface", reply_census.TYPES)
def test_every_text_of_an_answer_is_read(surface):
    answers, left = surface_named(surface).answers, set()
    for tree in reply_census.answers_of(surface):
        left |= reply_census.unread(tree, answers)
    assert {place.rpartition(".")[2] for place in left} <= SEALED.get(surface, set())


ASKED = {"data": "said so", "signature": "s s", "context": "c c", "name": "ada@example.org", "logprobs": "l l"}
ASKED |= {"inlineData": "i i", "bytes": "b b", "code": "k k", "embedding": "e e", "ghp_like_name": "x", "n": 4111111111}


@pytest.mark.parametrize(
    ("surface", "tree"),
    [
        pytest.param(
            "anthropic.messages",
            {"content": [{"type": "tool_use", "id": "t1", "name": "f", "input": ASKED}]},
            id="a tool's input, Anthropic",
        ),
        pytest.param(
            "anthropic.messages",
            {"type": "content_block_start", "index": 0, "content_block": {"type": "tool_use", "input": ASKED}},
            id="the beginning of a tool's input, Anthropic",
        ),
        pytest.param(
            "anthropic.message_batch_results",
            {"custom_id": "a", "result": {"type": "succeeded", "message": {"content": [{"input": ASKED}]}}},
            id="a tool's input in a batch, Anthropic",
        ),
        pytest.param(
            "gemini.generate_content",
            {"candidates": [{"content": {"parts": [{"functionCall": {"name": "f", "args": ASKED}}]}}]},
            id="a function's arguments, Gemini",
        ),
        pytest.param(
            "ollama.chat",
            {"message": {"role": "assistant", "tool_calls": [{"function": {"name": "f", "arguments": ASKED}}]}},
            id="a function's arguments, Ollama",
        ),
    ],
)
def test_what_a_tool_is_asked_is_read_whatever_it_is_called(surface, tree):
    answers = surface_named(surface).answers
    assert not answers.without_copies(tree)
    read = {delta.text for delta in answers.deltas(tree)}
    assert {*map(str, ASKED.values()), *ASKED} <= read


def test_rows_of_a_model_of_ones_own_are_read_whatever_they_are_called():
    row = {name: value for name, value in ASKED.items() if isinstance(value, str)}
    tree = {"predictions": [row], "name": "bob@example.org"}
    answers = surface_named("databricks.invocations").answers
    assert not answers.without_copies(tree)
    read = {delta.text for delta in answers.deltas(tree)}
    assert {*row, *row.values(), "bob@example.org"} <= read


@pytest.mark.parametrize(
    ("surface", "tree"),
    [
        pytest.param("openai.chat_completions", {"choices": [{"token_ids": [5, 7]}]}, id="token numbers, vLLM"),
        pytest.param("openai.chat_completions", {"choices": [{"logprobs": {"content": []}}]}, id="tokens, OpenAI"),
        pytest.param("openai.responses", {"output": [{"content": [{"logprobs": [{}]}]}]}, id="tokens, responses"),
        pytest.param("ollama.generate", {"response": "a", "context": [5, 7]}, id="token numbers, Ollama"),
        pytest.param("ollama.chat", {"logprobs": [{"token": "a", "bytes": [97]}]}, id="tokens, Ollama"),
        pytest.param("gemini.generate_content", {"candidates": [{"logprobsResult": {"a": 1}}]}, id="tokens, Gemini"),
    ],
)
def test_a_text_is_not_told_once_more_token_by_token(surface, tree):
    assert surface_named(surface).answers.without_copies(tree)
    assert not any(map(any, _leaves(tree)))


def _leaves(value):
    """Yield the fields that repeat a text, whatever holds them."""
    if isinstance(value, dict):
        for name, each in value.items():
            if name in {"token_ids", "context", "logprobs", "logprobsResult"}:
                yield [each]
            yield from _leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each)


def test_a_long_number_cannot_be_replaced_so_it_stops_the_answer():
    tree = {"content": [{"type": "tool_use", "input": {"card": 4111111111111111}}]}
    (number,) = [delta for delta in surface_named("anthropic.messages").answers.deltas(tree) if delta.text[0] == "4"]
    assert number.fixed
