"""Bodies for the census: every field that the official clients' types know, with a canary of its own in every text and every free name.

They are made from the types alone and know nothing of our shapes. A union is walked member by member: where it stands in a list, the
list has one item of each; elsewhere the body number `turn` takes the member of that number.
"""

import collections.abc
import inspect
import re
import types
import typing
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from itertools import count
from typing import Any, Literal, TypedDict, get_args, get_origin

import pydantic
import typing_extensions
from anthropic.types.message_count_tokens_params import MessageCountTokensParams
from anthropic.types.message_create_params import MessageCreateParamsNonStreaming
from anthropic.types.messages.batch_create_params import BatchCreateParams
from google.genai import types as genai
from ollama import _types as ollama
from openai.types import completion_create_params as completions
from openai.types.chat import completion_create_params as chat
from openai.types.embedding_create_params import EmbeddingCreateParams
from openai.types.moderation_create_params import ModerationCreateParams
from openai.types.responses import response_create_params as responses
from openai.types.responses.input_token_count_params import InputTokenCountParams

from governance.core.errors import DomainError
from governance.gateway.dialects.prompt import Prompt
from governance.gateway.dialects.surface import Surface
from governance.gateway.tools import check_tools
from governance.remits.tools import ToolRule

DEEPEST = 6
NONE = type(None)
UNIONS = {typing.Union, types.UnionType}
LISTS = (list, tuple, collections.abc.Iterable, collections.abc.Sequence)


def canary_number(number: int) -> str:
    return f"canary-{number:05x}-end"


@dataclass
class Bodies:
    """`turn` chooses a member of each union; `fixed` gives what some fields have to be for the body to mean anything."""

    turn: int = 0
    fixed: dict[str, Any] = field(default_factory=dict)
    _numbers: count = field(default_factory=lambda: count(1))

    def text(self) -> str:
        return canary_number(next(self._numbers))

    def of(self, kind: Any, name: str = "", depth: int = 0) -> Any:
        """Return a value of the type, as JSON."""
        return self.fixed[name] if name in self.fixed else self._made(_bare(kind), name, depth)

    def _made(self, kind: Any, name: str, depth: int) -> Any:
        origin = get_origin(kind)
        if origin is Literal:
            return get_args(kind)[self.turn % len(get_args(kind))]
        if origin in UNIONS:
            return self._member(_members(kind), name, depth)
        if _is_list(kind):
            return self._list(get_args(kind), name, depth)
        if origin in {dict, collections.abc.Mapping} or kind in {dict, Any, object}:
            return {self.text(): self.text(), "deep": [{self.text(): self.text()}]}
        return self._plain(kind, depth) if inspect.isclass(kind) else self.text()

    def _member(self, members: list[Any], name: str, depth: int) -> Any:
        return self.of(members[self.turn % len(members)], name, depth) if members else None

    def _list(self, inside: tuple[Any, ...], name: str, depth: int) -> list[Any]:
        if not inside:
            return [self.text()]
        kind = _bare(inside[0])
        members = _members(kind) if get_origin(kind) in UNIONS else [kind]
        return [self.of(member, name, depth + 1) for member in members]

    def _plain(self, kind: type, depth: int) -> Any:
        if issubclass(kind, bool):
            return False
        if issubclass(kind, int | float):
            return 1
        if issubclass(kind, Enum):
            return list(kind)[self.turn % len(list(kind))].value
        if issubclass(kind, str | bytes | datetime):
            return self.text()
        fields = _fields(kind)
        if fields is None:
            return self.text()
        deep = depth >= DEEPEST
        return {name: self.of(each, name, depth + 1) for name, (each, needed) in fields.items() if needed or not deep}


def _bare(kind: Any) -> Any:
    while True:
        origin = get_origin(kind)
        if origin in {typing.Annotated, typing_extensions.Annotated, typing.Required, typing.NotRequired} or origin in {
            typing_extensions.Required,
            typing_extensions.NotRequired,
        }:
            kind = get_args(kind)[0]
        elif isinstance(kind, typing.TypeVar):
            kind = Any
        else:
            return kind


def _members(kind: Any) -> list[Any]:
    """Return the members of a union, unions in it opened, without None and without files to read."""
    found: list[Any] = []
    for each in map(_bare, get_args(kind)):
        if get_origin(each) in UNIONS:
            found += _members(each)
        elif each is not NONE:
            found.append(each)
    return found


def _is_list(kind: Any) -> bool:
    origin = get_origin(kind) or kind
    return origin in LISTS or getattr(origin, "__name__", "") == "SequenceNotStr"


def _fields(kind: type) -> dict[str, tuple[Any, bool]] | None:
    """Return name -> (type, whether it must be there) of a typed dictionary or a model, by the names on the wire."""
    if typing_extensions.is_typeddict(kind):
        hints = typing_extensions.get_type_hints(kind, include_extras=True)
        return {name: (each, name in kind.__required_keys__) for name, each in hints.items()}
    if issubclass(kind, pydantic.BaseModel):
        return {each.alias or name: (each.annotation, each.is_required()) for name, each in kind.model_fields.items()}
    return None


# What is refused is cut out and the rest is tried again, until the shape takes it: what is left must have been scanned whole.

CANARY = re.compile(r"canary-[0-9a-f]{5}-end")
STEP = re.compile(r"\.?([^.\[\]{}]+)|\[(\d+)\]|\{(\d+)\}")
NAMED = re.compile(r"has a field (\S+) that")
Cuts = list[tuple[str, str]]
# What the remit of the census lists: the tools the bodies name, and those of a provider that need no address.
LISTED = (ToolRule("*"), ToolRule("provider:code"), ToolRule("provider:web"))


def taken(surface: Surface, tree: dict[str, Any], *, in_path: str = "") -> tuple[Prompt | None, Cuts]:
    """Return the prompt of what the surface takes of the tree, and what it refused: (code, place without numbers).

    There is no prompt when what had to be there was refused.
    """
    cuts: Cuts = []
    while True:
        try:
            prompt = Prompt.of(surface, tree, in_path=in_path)
            check_tools(surface.declares(tree), (LISTED,))
        except DomainError as refused:
            keys = _keys_at_fault(tree, refused)
            if not keys:
                return None, cuts
            cuts.append((refused.code, ".".join("[]" if isinstance(key, int) else key for key in keys)))
            del _at(tree, keys[:-1])[keys[-1]]
        else:
            return prompt, cuts


def _keys_at_fault(tree: Any, refused: DomainError) -> list[str | int]:
    keys: list[str | int] = []
    for name, index, nth in STEP.findall(refused.field):
        here = _at(tree, keys)
        keys.append(name or (int(index) if index else list(here)[int(nth)]))
    if refused.code == "field_missing":
        return keys[:-1]
    if refused.code == "unknown_field":
        named = NAMED.search(refused.reason)
        keys.append(named[1] if named else next(name for name in _at(tree, keys) if CANARY.search(name)))
    return keys


def _at(tree: Any, keys: list[str | int]) -> Any:
    for key in keys:
        tree = tree[key]
    return tree


def canaries(text: str) -> set[str]:
    return set(CANARY.findall(text))


def unscanned(prompt: Prompt) -> set[str]:
    """Return the canaries that would leave without having been in any text that is scanned."""
    return canaries(prompt.body.decode()) - canaries("\n".join(text.text for text in prompt.texts))


# The official types of each surface.


class GeminiAsked(TypedDict):
    """The client builds this object in code; its parts have types."""

    contents: list[genai.Content]
    systemInstruction: genai.Content
    tools: list[genai.Tool]
    toolConfig: genai.ToolConfig
    safetySettings: list[genai.SafetySetting]
    generationConfig: genai.GenerationConfig
    labels: dict[str, str]
    cachedContent: str


class GeminiCounted(GeminiAsked):
    generateContentRequest: GeminiAsked


class GeminiEmbedded(TypedDict):
    model: str
    content: genai.Content
    taskType: str
    title: str
    outputDimensionality: int


class GeminiEmbeddedMany(TypedDict):
    requests: list[GeminiEmbedded]


class Rows(chat.CompletionCreateParamsNonStreaming):
    """Databricks has no client of its own: its documentation's fields beside OpenAI's."""

    dataframe_records: list[dict[str, object]]
    dataframe_split: dict[str, object]
    inputs: dict[str, object]
    instances: list[dict[str, object]]
    custom_inputs: dict[str, object]
    extra_params: dict[str, object]
    databricks_options: dict[str, object]


TYPES: dict[str, Any] = {
    "openai.chat_completions": chat.CompletionCreateParamsNonStreaming,
    "openai.responses": responses.ResponseCreateParamsNonStreaming,
    "openai.input_tokens": InputTokenCountParams,
    "openai.completions": completions.CompletionCreateParamsNonStreaming,
    "openai.embeddings": EmbeddingCreateParams,
    "openai.moderations": ModerationCreateParams,
    "anthropic.messages": MessageCreateParamsNonStreaming,
    "anthropic.message_batches": BatchCreateParams,
    "anthropic.count_tokens": MessageCountTokensParams,
    "gemini.generate_content": GeminiAsked,
    "gemini.stream_generate_content": GeminiAsked,
    "gemini.count_tokens": GeminiCounted,
    "gemini.embed_content": GeminiEmbedded,
    "gemini.batch_embed_contents": GeminiEmbeddedMany,
    "ollama.chat": ollama.ChatRequest,
    "ollama.generate": ollama.GenerateRequest,
    "ollama.embed": ollama.EmbedRequest,
    "ollama.embeddings": ollama.EmbeddingsRequest,
    "databricks.invocations": Rows,
}
MODEL = "recorder-1"
# Where the types say any text and the interface means one of a few words.
WORDS = {"ollama": {"role": "user", "type": "function"}, "gemini": {"role": "user"}}
TURNS = 4


def body(surface: str, turn: int) -> dict[str, Any]:
    """Return a body with everything the surface's types know; `turn` chooses among what excludes one another."""
    return Bodies(turn, {"model": MODEL, **WORDS.get(surface.partition(".")[0], {})}).of(TYPES[surface])
