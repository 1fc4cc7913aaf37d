"""Sentences of a workflow with facts in braces: "The data is {classification}." Pure."""

import re
from collections.abc import Mapping
from typing import Any

from governance.core.errors import Invalid

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def placeholders(sentence: str) -> set[str]:
    return set(_PLACEHOLDER.findall(sentence))


def filled(sentence: str, facts: Mapping[str, Any]) -> str:
    """Return `sentence` with its facts filled in, a list as its words.

    Raises:
        Invalid: when a fact it names is not stated.
    """
    return _PLACEHOLDER.sub(lambda found: _said(facts, found[1]), sentence)


def _said(facts: Mapping[str, Any], name: str) -> str:
    if name not in facts:
        raise Invalid("fact_missing", f'The workflow asks for "{name}", which the request does not state.', field=name)
    value = facts[name]
    return ", ".join(str(each) for each in value) if isinstance(value, list) else str(value)
