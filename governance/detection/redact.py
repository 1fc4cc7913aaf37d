"""Put stable placeholders in the place of findings, so that a model can still tell one person from another.

A placeholder is `<PERSON_7f3a91c2>`: the type and eight hex digits of an HMAC of the value under the initiative's key. The same
value has the same placeholder in every message of an initiative, and in no other initiative.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from governance.core.errors import Invalid

from .document import Document, Segment
from .edits import Edit, applied
from .spans import Finding, keyed_digest

_PLACEHOLDER = re.compile(r"<(_*)([A-Z][A-Z0-9_]*_[0-9a-f]{8}(?:[0-9a-f]{8})?)>")
# The beginning of one at the end of a text that goes on. Bounded, so that a row of underscores is not waited on for ever.
_UNFINISHED = re.compile(r"<_{0,40}[A-Z0-9_]{0,64}[0-9a-f]{0,16}\Z")
_DIGITS = (8, 16)  # the longer one only beside another value whose first eight are the same


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
        parts += [_escaped(text[at:start]), _placeholder(kind, text[start:end], key, originals)]
        at = end
    return "".join([*parts, _escaped(text[at:])])


def _placeholder(kind: str, value: str, key: bytes, originals: dict[str, str]) -> str:
    digest = keyed_digest(value, key=key)
    for digits in _DIGITS:
        placeholder = f"<{kind}_{digest[:digits]}>"
        held = originals.setdefault(placeholder, value)
        if held == value or keyed_digest(held, key=key) == digest:
            return placeholder
    raise Invalid("not_redactable", "Two values would get the same placeholder.")


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


def restorations(text: str, originals: Mapping[str, str]) -> Iterator[Edit]:
    """Yield what puts known placeholders back and unescapes look-alikes, in order. Unknown placeholders stay."""
    for match in _PLACEHOLDER.finditer(text) if "<" in text else ():
        if match[1]:
            yield Edit(match.start(), match.end(), f"<{match[1][1:]}{match[2]}>")
        elif match[0] in originals:
            yield Edit(match.start(), match.end(), originals[match[0]])


def restore(text: str, originals: Mapping[str, str]) -> str:
    """Return `text` with everything of `restorations` done."""
    return applied(text, restorations(text, originals))


def unfinished(text: str) -> int | None:
    """Return where a placeholder may have begun that the end of `text` cuts, None when there is none."""
    found = _UNFINISHED.search(text, max(0, len(text) - 130)) if "<" in text[-130:] else None
    return found.start() if found else None


def residue(before: Sequence[Finding], after: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings of the second scan whose value should have gone: what the redacted text must be blocked for.

    `before` are the findings that were replaced, `after` those of the redacted document.
    """
    gone = {finding.keyed_digest for finding in before}
    return tuple(finding for finding in after if finding.keyed_digest in gone)
