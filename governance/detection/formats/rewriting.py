"""Put other texts in the place of those of a JSON value, by the paths that `jsonl.segments_of` gives them."""

from collections.abc import Mapping
from typing import Any

from governance.core.errors import Invalid
from governance.detection.formats.jsonl import key_path, path_of


def rewritten(value: Any, texts: Mapping[str, str], path: str = "") -> Any:
    """Return `value` with the text at each path replaced by `texts[path]` where it is given; the rest stays as it is.

    A number whose digits were scanned as text becomes a string when it is replaced.

    Raises:
        Invalid: `not_redactable`, when two keys of an object would become one.
    """
    if isinstance(value, dict):
        return _object(value, texts, path)
    if isinstance(value, list):
        return [rewritten(inner, texts, f"{path}[{index}]") for index, inner in enumerate(value)]
    return texts.get(path, value)


def _object(value: dict[str, Any], texts: Mapping[str, str], path: str) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for index, (key, inner) in enumerate(value.items()):
        name = texts.get(key_path(path, index), key)
        if name in result:
            raise Invalid("not_redactable", "Two keys of an object would become one.")
        result[name] = rewritten(inner, texts, path_of(path, key, index))
    return result
