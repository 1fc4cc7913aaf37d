"""Strict reading of a workflow document (YAML or JSON): nothing is guessed, nothing unknown is ignored. Pure.

Its shape is workflows/schema.json (JSON Schema 2020-12), which editors can use too. Every fault names line and field.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from governance.core.errors import Invalid

FOLDER = Path(__file__).parent / "workflows"
LONGEST_DOCUMENT, MOST_LINES, DEEPEST, MOST_FAULTS = 64_000, 2_000, 12, 20
UNWRITABLE = re.compile("[\x00\ud800-\udfff]")  # neither JSON nor Postgres can hold these

Steps = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at one place. `line` counts from 1; 0 when the document has no lines of its own."""

    line: int
    field: str
    said: str


@dataclass(frozen=True, slots=True)
class Document:
    """What a text writes down, and on which line each field of it begins."""

    value: dict[str, Any]
    lines: Mapping[str, int]

    def fault(self, refused: Invalid) -> Fault:
        """Return `refused` with its line: that of its field, or of the nearest field around it."""
        field = refused.field
        while field and field not in self.lines:
            field = re.sub(r"(\.[^.\[]*|\[\d+\]|^[^.\[]*)$", "", field)
        return Fault(self.lines.get(field, 1), refused.field, " ".join(filter(None, (refused.reason, refused.remedy))))


def field_of(steps: Steps) -> str:
    """Return the name of a place: stages[0].slots[1].role."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).lstrip(".")


def read_document(written: str) -> dict[str, Any]:
    """Return the mapping that a YAML or JSON text writes down.

    Raises:
        Invalid: when it is not one, is too large, says a key twice, or refers to itself.
    """
    return read_with_lines(written).value


def read_with_lines(written: str) -> Document:
    """Return the mapping that a YAML or JSON text writes down, with the line of every field.

    Raises:
        Invalid: as `read_document`.
    """
    lines = written.count("\n") + 1
    if len(written) > LONGEST_DOCUMENT or lines > MOST_LINES:
        raise Invalid(
            "document_too_long",
            f"The document has {lines:,} lines and {len(written):,} characters; "
            f"{MOST_LINES:,} lines and {LONGEST_DOCUMENT:,} characters are the most.",
            field="document",
            remedy="Join stages that ask the same people, or shorten their sentences.",
        )
    try:
        node = _Plain(written).get_single_node()
        found: dict[str, int] = {}
        value = _built(node, (), found)
    except yaml.MarkedYAMLError as broken:
        raise Invalid("not_yaml", f"The document is not YAML or JSON{_said(broken)}.", field="document") from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise Invalid("not_yaml", "The document is not YAML or JSON.", field="document") from None
    if not isinstance(value, dict):
        raise Invalid("not_a_mapping", "The document must be a mapping.", field="document")
    return Document(value, found)


def _said(broken: yaml.MarkedYAMLError) -> str:
    mark = broken.problem_mark
    return f": line {mark.line + 1}, {broken.problem}" if mark else ""


class _Plain(yaml.SafeLoader):
    """YAML without references: one that names itself a thousand times would fill the memory."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event: Any = self.peek_event()  # type: ignore[no-untyped-call]  # the stubs leave it out
            said = f"Line {event.start_mark.line + 1}: write it out; references (*) are not taken."
            raise Invalid("reference", said, field="document")
        self.depth += 1
        if self.depth > DEEPEST:
            raise Invalid("too_deep", f"The document is nested deeper than {DEEPEST} levels.", field="document")
        node: yaml.Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return node


_SCALARS = {f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp")}


def _built(node: yaml.Node | None, steps: Steps, lines: dict[str, int]) -> Any:
    """Return the JSON value of `node`. A date stays the text that was written: JSON has no dates."""
    if node is None:
        return None
    line = node.start_mark.line + 1
    lines.setdefault(field_of(steps), line)
    if isinstance(node, yaml.MappingNode) and node.tag == "tag:yaml.org,2002:map":
        return _mapping(node, steps, lines)
    if isinstance(node, yaml.SequenceNode) and node.tag == "tag:yaml.org,2002:seq":
        return [_built(each, (*steps, i), lines) for i, each in enumerate(node.value)]
    if not isinstance(node, yaml.ScalarNode) or node.tag not in _SCALARS:
        raise Invalid(
            "not_yaml", f"Line {line}: the tag {node.tag:.60} is not taken.", field=field_of(steps) or "document"
        )
    if UNWRITABLE.search(node.value):
        raise Invalid("not_unicode", f"Line {line}: a character that no text may hold.", field=field_of(steps))
    return node.value if node.tag.endswith((":timestamp", ":str")) else _scalar(node)


def _scalar(node: yaml.ScalarNode) -> Any:
    value = yaml.constructor.SafeConstructor().construct_object(node)
    if isinstance(value, float):
        raise Invalid("not_whole", f"Line {node.start_mark.line + 1}: write a whole number.", field="document")
    return value


def _mapping(node: yaml.MappingNode, steps: Steps, lines: dict[str, int]) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key, line = key_node.value, key_node.start_mark.line + 1
        if not isinstance(key, str) or UNWRITABLE.search(key):
            raise Invalid(
                "key_not_a_word", f"Line {line}: a key must be a plain word.", field=field_of(steps) or "document"
            )
        place = (*steps, key)
        if key in value:
            raise Invalid("key_twice", f"Line {line}: the document says {key:.80} twice.", field=field_of(place))
        lines[field_of(place)] = line
        value[key] = _built(value_node, place, lines)
    return value


def written(document: Mapping[str, Any]) -> str:
    """Return a document as YAML text, its keys in their own order."""
    return str(yaml.safe_dump(dict(document), sort_keys=False, allow_unicode=True, width=110))


@cache
def _schema() -> Any:
    import jsonschema

    return jsonschema.Draft202012Validator(schema())


@cache
def schema() -> dict[str, Any]:
    """Return the JSON Schema of workflow documents."""
    read: dict[str, Any] = json.loads((FOLDER / "schema.json").read_text(encoding="utf-8"))
    return read


def shape_faults(value: object) -> Iterator[Invalid]:
    """Yield what is wrong with the shape of a document, in its own order, at most MOST_FAULTS of it."""
    errors = sorted(_schema().iter_errors(value), key=lambda error: [str(step) for step in error.absolute_path])
    for error in errors[:MOST_FAULTS]:
        yield _in_words(error)


def _in_words(error: Any) -> Invalid:
    place = field_of(tuple(error.absolute_path))
    if error.validator == "additionalProperties":
        unknown = next(key for key in error.instance if key not in error.schema["properties"])
        known = f"Known are: {', '.join(error.schema['properties'])}."
        hint = error.schema.get("x-unknown", {}).get(unknown, known)
        said = f"{place or 'The workflow'} has an unknown key: {unknown:.80}."
        return Invalid("unknown_key", said, field=f"{place}.{unknown}".lstrip("."), remedy=hint)
    if error.validator == "required":
        lacking = next(key for key in error.validator_value if key not in error.instance)
        return Invalid("missing", f"{place or 'The workflow'} lacks {lacking}.", field=f"{place}.{lacking}".lstrip("."))
    said = _SAID.get(error.validator, lambda _: "is not of a known form")(error)
    return Invalid(f"bad_{error.validator}".lower(), f"{place or 'The workflow'} {said}.", field=place)


_TYPES = {
    "string": "a text",
    "integer": "a whole number",
    "array": "a list",
    "object": "a mapping",
    "boolean": "true or false",
}
_SAID: Mapping[str, Callable[[Any], str]] = {
    "enum": lambda error: f"must be one of: {', '.join(error.validator_value)}",
    "type": lambda error: f"must be {_TYPES[error.validator_value]}",
    "minItems": lambda _: "is empty",
    "pattern": lambda error: (
        "is empty" if error.validator_value == r"\S" else "must be a type of finding such as PERSON"
    ),
    "minimum": lambda error: f"must be a whole number of at least {error.validator_value}",
    "maximum": lambda error: f"must be a whole number of at most {error.validator_value}",
    "maxItems": lambda error: f"has more than {error.validator_value} entries",
    "maxLength": lambda error: f"has more than {error.validator_value} characters",
    "minProperties": lambda error: error.schema["x-said"],
}
