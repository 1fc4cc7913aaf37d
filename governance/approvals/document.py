"""Strict reading of a workflow document: nothing is guessed, nothing unknown is ignored. Pure."""

from collections.abc import Mapping
from typing import Any

import yaml

from governance.core.errors import Invalid


def only(document: object, known: set[str], where: str) -> None:
    """Check that `document` is a mapping with no other keys than `known`.

    Raises:
        Invalid: a misspelt key would otherwise quietly drop a condition.
    """
    if not isinstance(document, Mapping):
        raise Invalid("not_a_mapping", f"{where} must be a mapping.", field=where)
    unknown = sorted(str(key) for key in document if key not in known)
    if unknown:
        raise Invalid("unknown_key", f"{where} has unknown keys: {', '.join(unknown)}.", field=f"{where}.{unknown[0]}")


def text(document: Mapping[str, Any], key: str, where: str) -> str:
    value = document.get(key)
    if not isinstance(value, str) or not value.strip():
        raise Invalid("text_missing", f"{where}.{key} must be a text.", field=f"{where}.{key}")
    return value


def whole(document: Mapping[str, Any], key: str, where: str) -> int:
    value = document.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise Invalid("number_missing", f"{where}.{key} must be a whole number, 1 or more.", field=f"{where}.{key}")
    return value


class _Once(yaml.SafeLoader):
    """YAML in which a key may stand once: the second would silently win."""


def _mapping(loader: _Once, node: yaml.MappingNode) -> dict[object, object]:
    keys = [loader.construct_object(key) for key, _ in node.value]
    twice = {str(key) for key in keys if keys.count(key) > 1}
    if twice:
        raise Invalid("key_twice", f"The document says {', '.join(sorted(twice))} twice.", field=min(twice))
    return {loader.construct_object(key): loader.construct_object(value, deep=True) for key, value in node.value}


_Once.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_document(written: str) -> dict[str, Any]:
    """Return the mapping that a YAML or JSON text writes down.

    Raises:
        Invalid: when it is not one, or says a key twice.
    """
    try:
        document = yaml.load(written, Loader=_Once)  # noqa: S506 - a SafeLoader underneath
    except yaml.YAMLError as broken:
        raise Invalid("not_yaml", "The document is not YAML or JSON.", field="document") from broken
    if not isinstance(document, dict):
        raise Invalid("not_a_mapping", "The document must be a mapping.", field="document")
    return document
