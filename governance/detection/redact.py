"""Put something else in the place of findings: by default a stable placeholder, so that a model can still tell one person from another.

A placeholder is `<PERSON_7f3a91c2>`: the type and eight hex digits of an HMAC of the value under the initiative's key. The same
value has the same placeholder in every message of an initiative, and in no other initiative. The other ways are in ways.py.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from governance.core.errors import Invalid

from .document import Document, Segment
from .edits import Edit, applied
from .spans import Finding
from .views import Kind
from .ways import Replacer, Way, least_telling

_PLACEHOLDER = re.compile(r"<(?P<escapes>_*)(?P<name>[A-Z][A-Z0-9_]*_[0-9a-f]{8}(?:[0-9a-f]{8})?)>")
# The beginning of one at the end of a text that goes on. Bounded, so that a row of underscores is not waited on for ever.
_UNFINISHED = re.compile(r"<_{0,40}[A-Z0-9_]{0,64}[0-9a-f]{0,16}\Z")


@dataclass(frozen=True, slots=True)
class Redacted:
    """`originals` maps what may be put back to the value it stands for: keep it sealed, it is the text that must not leave.

    `written` is all that was put in the place of something, `ways` how it was done for each finding.
    """

    document: Document
    originals: Mapping[str, str] = field(repr=False)
    written: frozenset[str]
    ways: Mapping[Finding, Way]


def redact(
    document: Document, findings: Sequence[Finding], *, key: bytes, ways: Mapping[Finding, Way] | None = None
) -> Redacted:
    """Return the document with every finding replaced; scan the result again before it is sent.

    `ways` says how, a finding that it does not name gets a placeholder, and so does one that its way cannot be used for.
    Text that already looks like a placeholder gets an underscore more, so that restoring cannot be tricked.

    Raises:
        Invalid: `not_redactable` when a finding has no place in the document, or two values share a placeholder.
    """
    by_path: dict[str, list[Finding]] = {}
    for finding in findings:
        by_path.setdefault(finding.path, []).append(finding)
    paths = {segment.path for segment in document.segments}
    if not paths.issuperset(by_path):
        raise Invalid("not_redactable", "A finding has no place in this document.")
    replacer, used = Replacer(key), dict(ways or {})
    segments = [Segment(s.path, _redacted(s.text, by_path.get(s.path, []), replacer, used)) for s in document.segments]
    done = {finding: used[finding] for finding in findings}
    return Redacted(Document(tuple(segments)), replacer.originals, frozenset(replacer.written), done)


def _redacted(text: str, findings: Sequence[Finding], replacer: Replacer, ways: dict[Finding, Way]) -> str:
    parts, at = [], 0
    for place in _places(findings):
        if not 0 <= place.start < place.end <= len(text):
            raise Invalid("not_redactable", "A finding has no place in this document.")
        wanted = least_telling(ways.get(finding, Way.PLACEHOLDER) for finding in place.findings)
        written, way = replacer.replaced(place.kind, text[place.start : place.end], wanted, plain=place.is_plain)
        ways.update(dict.fromkeys(place.findings, way))
        parts += [_escaped(text[at : place.start]), written]
        at = place.end
    return "".join([*parts, _escaped(text[at:])])


def _escaped(text: str) -> str:
    return _PLACEHOLDER.sub(r"<_\1\2>", text) if "<" in text else text


@dataclass(slots=True)
class _Place:
    """Where findings overlap there is one place, which has the type of the longest of them."""

    start: int
    end: int
    findings: list[Finding]

    @property
    def kind(self) -> str:
        return max(self.findings, key=lambda finding: finding.end - finding.start).type

    @property
    def is_plain(self) -> bool:
        """Say whether the value stands there as it is, and not inside an encoding or in part."""
        return all(finding.view == Kind.RAW for finding in self.findings)


def _places(findings: Sequence[Finding]) -> list[_Place]:
    places: list[_Place] = []
    for finding in sorted(findings, key=lambda f: (f.start, -f.end, f.type)):
        if places and finding.start < places[-1].end:
            places[-1].end = max(places[-1].end, finding.end)
            places[-1].findings.append(finding)
        else:
            places.append(_Place(finding.start, finding.end, [finding]))
    return places


def restorations(text: str, originals: Mapping[str, str]) -> Iterator[Edit]:
    """Yield what puts known placeholders and stand-ins back and unescapes look-alikes, in order. Unknown placeholders stay.

    A stand-in is put back where it stands as it was sent, sign by sign: what is spelt otherwise may be something else.
    """
    for match in _replacements(originals).finditer(text):
        if match["escapes"]:
            yield Edit(match.start(), match.end(), f"<{match['escapes'][1:]}{match['name']}>")
        elif match[0] in originals:
            yield Edit(match.start(), match.end(), originals[match[0]])


def _replacements(originals: Mapping[str, str]) -> re.Pattern[str]:
    """Return a pattern of all placeholders and of these stand-ins, none of them a piece of a longer word or number."""
    stand_ins = sorted(_stand_ins(originals), key=lambda each: (-len(each), each))
    if not stand_ins:
        return _PLACEHOLDER
    return re.compile(
        rf"{_PLACEHOLDER.pattern}|(?<![0-9A-Za-z])(?:{'|'.join(map(re.escape, stand_ins))})(?![0-9A-Za-z])"
    )


def _stand_ins(originals: Mapping[str, str]) -> list[str]:
    return [each for each in originals if not each.startswith("<")]


def restore(text: str, originals: Mapping[str, str]) -> str:
    """Return `text` with everything of `restorations` done."""
    return applied(text, restorations(text, originals))


def unfinished(text: str) -> int | None:
    """Return where a placeholder may have begun that the end of `text` cuts, None when there is none."""
    found = _UNFINISHED.search(text, max(0, len(text) - 130)) if "<" in text[-130:] else None
    return found.start() if found else None


def begun(text: str, originals: Mapping[str, str]) -> int | None:
    """Return where a stand-in may have begun that the end of `text` cuts, None when there is none."""
    return min((len(text) - cut for each in _stand_ins(originals) if (cut := _cut(text, each))), default=None)


def _cut(text: str, stand_in: str) -> int:
    """Return how many signs of `stand_in`, but not all, the text ends in."""
    longest = min(len(stand_in) - 1, len(text))
    return next((length for length in range(longest, 0, -1) if text.endswith(stand_in[:length])), 0)


def residue(before: Sequence[Finding], after: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings of the second scan whose value should have gone: what the redacted text must be blocked for.

    `before` are the findings that were replaced, `after` those of the redacted document.
    """
    gone = {finding.keyed_digest for finding in before}
    return tuple(finding for finding in after if finding.keyed_digest in gone)
