"""Answers for the census: everything that the official clients' types say may come back, with a canary of its own in every text.

Where the types leave open what stands somewhere, it stands under the names that mean something to a format elsewhere, too.
"""

import collections.abc
from collections.abc import Iterator
from enum import Enum
from typing import Any, get_origin

import ollama._types as ollama
from anthropic.types import Message, RawMessageStreamEvent
from google.genai.types import GenerateContentResponse
from openai.types import Completion, CreateEmbeddingResponse, ModerationCreateResponse
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from openai.types.responses import Response, ResponseStreamEvent

import census
from governance.gateway.dialects.replies import Answers

LOADED = ("name", "id", "type", "code", "context", "summary", "data", "signature", "encrypted_content", "bytes")
LOADED += ("logprobs", "logprobsResult", "token_ids", "embedding", "inlineData", "text", "mimeType")
TURNS = 4


class Answering(census.Bodies):
    """A text of two words, so that it is no word of a format."""

    def text(self) -> str:
        return f"{super().text()} said"

    def _made(self, kind: Any, name: str, depth: int) -> Any:
        if get_origin(kind) in {dict, collections.abc.Mapping} or kind in {dict, Any, object}:
            return {self.text(): self.text(), **{each: self.text() for each in LOADED}, "deep": [{"a": self.text()}]}
        return super()._made(kind, name, depth)

    def _plain(self, kind: type, depth: int) -> Any:
        if issubclass(kind, Enum) and not list(kind):  # as the Gemini client has one
            return self.text()
        return super()._plain(kind, depth)


def _each(kind: Any) -> list[Any]:
    bare = census._bare(kind)
    return census._members(bare) if get_origin(bare) in census.UNIONS else [bare]


TYPES: dict[str, list[Any]] = {
    "openai.chat_completions": [ChatCompletion, ChatCompletionChunk],
    "openai.completions": [Completion],
    "openai.responses": [Response, *_each(ResponseStreamEvent)],
    "openai.embeddings": [CreateEmbeddingResponse],
    "openai.moderations": [ModerationCreateResponse],
    "anthropic.messages": [Message, *_each(RawMessageStreamEvent)],
    "gemini.generate_content": [GenerateContentResponse],
    "ollama.chat": [ollama.ChatResponse],
    "ollama.generate": [ollama.GenerateResponse],
    "databricks.invocations": [ChatCompletion],
}


def answers_of(surface: str) -> Iterator[dict[str, Any]]:
    for kind in TYPES[surface]:
        for turn in range(TURNS):
            yield Answering(turn).of(kind)


def unread(tree: Any, answers: Answers) -> set[str]:
    """Return where something of a reply or frame stands that would be passed on unread, as names joined by dots."""
    answers.without_copies(tree)
    seen = census.canaries("\n".join(delta.text for delta in answers.deltas(tree)))
    return set(_places(tree, (), seen))


def _places(value: Any, names: tuple[str, ...], seen: set[str]) -> Iterator[str]:
    if isinstance(value, str):
        if census.canaries(value) - seen:
            yield ".".join(names)
    elif isinstance(value, dict):
        for name, each in value.items():
            if census.canaries(name) - seen:
                yield ".".join((*names, "#"))
            yield from _places(each, (*names, name), seen)
    elif isinstance(value, list):
        for each in value:
            yield from _places(each, names, seen)
