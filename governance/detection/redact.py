"""Put stable placeholders in the place of findings, so that a model can still tell one person from another.

A placeholder is `<PERSON_7f3a91c2>`: the type and eight hex digits of an HMAC of the value under the initiative's key. The same
value has the same placeholder in every message of an initiative, and in no other initiative.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from governance.core.errors import Invalid

from .document import Document, Segment
from .spans import Finding, keyed_digest

_PLACEHOLDER = re.compile(r"<(_*)([A-Z][A-Z0-9_]*_[0-9a-f]{8})>")
_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Redacted:
    """`originals` maps placeholders to the values they stand for: keep it sealed, it is the text that must not leave."""

    document: Document
    originals: dict[str, str] = field(repr=False)


def redact(document: Document, findings: Sequence[Finding], *, key: bytes) -> Redacted:
    """Return the document with every finding replaced; scan the result again before it is sent.

    Text that already looks like a placeholder gets an underscore more, so that restoring cannot be tricked.

    Raises:
        Invalid: `not_redactable` when a finding has no place in the document, or two values share a placeholder.
    """
    places: dict[str, list[Finding]] = {}
    for finding in findings:
        places.setdefault(finding.path, []).append(finding)
    paths = {segment.path for segment in document.segments}
    if not paths.issuperset(places):
        raise Invalid("not_redactable", "A finding has no place in this document.")
    originals: dict[str, str] = {}
    segments = [Segment(s.path, _redacted(s.text, places.get(s.path, []), key, originals)) for s in document.segments]
    return Redacted(Document(tuple(segments)), originals)


def _redacted(text: str, findings: Sequence[Finding], key: bytes, originals: dict[str, str]) -> str:
    parts, at = [], 0
    for start, end, kind in _merged(findings):
        if not 0 <= start < end <= len(text):
            raise Invalid("not_redactable", "A finding has no place in this document.")
        placeholder = f"<{kind}_{keyed_digest(text[start:end], key=key)[:_DIGITS]}>"
        if originals.setdefault(placeholder, text[start:end]) != text[start:end] and not _same(
            originals[placeholder], text[start:end], key
        ):
            raise Invalid("not_redactable", "Two values would get the same placeholder.")
        parts += [_escaped(text[at:start]), placeholder]
        at = end
    return "".join([*parts, _escaped(text[at:])])


def _same(one: str, other: str, key: bytes) -> bool:
    return keyed_digest(one, key=key) == keyed_digest(other, key=key)


def _escaped(text: str) -> str:
    return _PLACEHOLDER.sub(r"<_\1\2>", text) if "<" in text else text


def _merged(findings: Sequence[Finding]) -> list[tuple[int, int, str]]:
    """Return places that do not overlap; what overlaps becomes one place with the type of its longest finding."""
    merged: list[tuple[int, int, str, int]] = []
    for finding in sorted(findings, key=lambda f: (f.start, -f.end, f.type)):
        length = finding.end - finding.start
        if merged and finding.start < merged[-1][1]:
            start, end, kind, longest = merged.pop()
            merged.append(
                (start, max(end, finding.end), finding.type if length > longest else kind, max(length, longest))
            )
        else:
            merged.append((finding.start, finding.end, finding.type, length))
    return [(start, end, kind) for start, end, kind, _ in merged]


def restore(text: str, originals: dict[str, str]) -> str:
    """Return `text` with known placeholders put back and escaped look-alikes unescaped. Unknown placeholders stay."""

    def original(match: re.Match[str]) -> str:
        if match[1]:
            return f"<{match[1][1:]}{match[2]}>"
        return originals.get(match[0], match[0])

    return _PLACEHOLDER.sub(original, text)


def residue(before: Sequence[Finding], after: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings of the second scan whose value should have gone: what the redacted text must be blocked for.

    `before` are the findings that were replaced, `after` those of the redacted document.
    """
    gone = {finding.keyed_digest for finding in before}
    return tuple(finding for finding in after if finding.keyed_digest in gone)
