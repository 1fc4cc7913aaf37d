"""Tokens in the formats of their vendors, where the value is random enough to be one and no example of a manual."""

import re
from collections.abc import Iterator
from functools import partial

from governance.detection.spans import Span

from .likeness import entropy, is_identifier, is_placeholder
from .nomination import Rule, around
from .vendor_formats import LOOSE, MARKED

_LEAST_ENTROPY, _LOOSE_ENTROPY = 2.8, 3.5
_REPEATED = re.compile(r"(.)\1{7,}")
_DIGIT = re.compile(r"\d")


# Tokens that can be longer than others, in code points; what is nominated may end anywhere inside of one.
_LONG = frozenset({"json-web-token", "amazon-bedrock-key", "dropbox-token", "github-app-token"})
_REACH, _LONG_REACH = around(1100, 1100), around(8100, 4100)


def _marked(subtype: str, pattern: re.Pattern[str], text: str, low: int, high: int) -> Iterator[Span]:
    for match in pattern.finditer(text, low, high):
        value = match.group()
        if not is_placeholder(value) and entropy(value) >= _LEAST_ENTROPY:
            yield Span("SECRET", match.start(), match.end(), 0.8, subtype)


def _loosely_marked(subtype: str, pattern: re.Pattern[str], text: str, low: int, high: int) -> Iterator[Span]:
    for span in _marked(subtype, pattern, text, low, high):
        if _is_random(text[span.start : span.end]):
            yield span


def _is_random(value: str) -> bool:
    return bool(
        entropy(value) >= _LOOSE_ENTROPY
        and _DIGIT.search(value)
        and not is_identifier(value)
        and not _REPEATED.search(value)
    )


# Where nothing in a format is fixed, Hyperscan is asked for less: the ends of a word cost a third of what all other rules do.
_NOMINATED_BY = {"azure-devops-token": r"[a-z2-7]{52}"}
VENDOR_RULES = tuple(
    Rule(
        _NOMINATED_BY.get(subtype, expression),
        partial(judge, subtype, re.compile(expression)),
        _LONG_REACH if subtype in _LONG else _REACH,
    )
    for judge, formats in ((_marked, MARKED), (_loosely_marked, LOOSE))
    for subtype, expression in formats
)
