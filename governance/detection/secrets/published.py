"""Formats that vendors publish, by Betterleaks, which runs in this process and validates nothing against any service.

Its rules are read from the library itself, so that they are always those of the version installed. Their expressions, loosened,
nominate the few lines that it then reads; over whole texts it is a hundred times slower. Where it reports a key only beside its
other half (a secret with its client id), we report it alone: half a pair is a leak too.
"""

import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any

from governance.core.errors import Unavailable
from governance.detection.spans import Span

from .likeness import entropy, is_code, is_example, is_expression, is_identifier, is_placeholder
from .nomination import Rule, Test

_HEAD = b'title = "betterleaks config"'
_LARGEST_CONFIG, _FEWEST_RULES = 1 << 20, 300
_ENTROPY = re.compile(r"entropy\(finding\[\"secret\"\]\) <=? (\d(?:\.\d+)?)")
# With this a rule's filter begins that refuses a value for its entropy, whatever else it says.
_AT_LEAST = re.compile(rf"^filter = '{{3}}\s+(?://[^\n]*\s+)*{_ENTROPY.pattern}\s*(?:\|\||'{{3}})", re.MULTILINE)
_REFUSES_WORDS, _WORD = 'matchesAny(finding["secret"], [`^[a-zA-Z_.-]+$`])\n|| ', re.compile(r"[a-zA-Z_.\-]+\Z")
# Its generic rules look at the six lines around; what a rule needs beyond that fits as well.
_LINES, _REACH = 8, 4096
_SCORES = {"high": 1.0, "medium": 0.85, "low": 0.6}
_SWITCHES = re.compile(r"(gitleaks|betterleaks)(:)(allow)", re.IGNORECASE)
# The other half of a pair: only the secret one of the two is ours to report.
_SECRET_HALF = re.compile(r"secret|token|passphrase|key(?!-id)", re.IGNORECASE)
_PUBLIC_HALF = re.compile(r"public|-id(?:$|\.)|name|host|url", re.IGNORECASE)
_ALONE_TOO = frozenset({"aws-secret-access-key", "alibaba-sts-security-token", "polymarket-api-secret"})
# Halves that without the other look like too much else.
_NEVER_ALONE = frozenset({"artifactory-reference-token", "alibaba-secret-key", "ovh-application-secret"})
_SHORTEST_QUOTED = 8  # with a mark: a shorter value may well be one that ends so
_EVERYWHERE = 8  # a shorter value is looked for where it was found, not in the whole text


@dataclass(frozen=True, slots=True)
class Published:
    """A rule of the library. `paired` says that it is reported only beside its other half, `other_half` that it never is itself.

    A value below `least_entropy` (bits per character) it refuses whatever else it says, and one of letters alone when it `refuses_words`.
    """

    id: str
    expression: str
    paired: bool
    other_half: bool
    entropy: float
    least_entropy: float
    refuses_words: bool


def read_rules() -> list[Published]:
    """Return the rules of the installed library.

    Raises:
        Unavailable: `secret_rules_missing`, when the library holds them in another form than the version we know.
    """
    import betterleaks

    rules: list[Published] = []
    for library in Path(betterleaks.__file__).parent.glob("libbetterleaks.*"):
        raw = library.read_bytes()
        start = raw.find(_HEAD)
        rules = [_rule(part) for part in _parts(raw[start : start + _LARGEST_CONFIG])] if start >= 0 else []
    if len(rules) < _FEWEST_RULES:
        raise Unavailable("secret_rules_missing", "The rules of Betterleaks are not where this version keeps them.")
    return [rule for rule in rules if rule.expression]


def _parts(raw: bytes) -> list[str]:
    return [part.split("\n# ──", 1)[0] for part in raw.decode("utf-8", "ignore").split("[[rules]]\n")[1:]]


def _rule(part: str) -> Published:
    expression = re.search(r"^regex = (?:'''(.*?)'''|\"([^\"\n]*)\")", part, re.MULTILINE | re.DOTALL)
    name = re.search(r'^id = "([^"\n]+)"', part, re.MULTILINE)
    said, least = _ENTROPY.search(part), _AT_LEAST.search(part)
    ident = name[1] if name else ""
    return Published(
        id=ident,
        expression=(expression[1] or expression[2] or "") if expression else "",
        paired=("\ncomponents = " in part or ident in _ALONE_TOO) and ident not in _NEVER_ALONE,
        other_half="\nskipReport = true" in part,
        entropy=float(said[1]) if said else 3.0,
        least_entropy=float(least[1]) if least else 0.0,
        refuses_words=_REFUSES_WORDS in part,
    )


def published_rules() -> list[Rule]:
    import betterleaks

    judge = partial(_judge, betterleaks.scan_string)
    rules = read_rules()
    together = [Rule(rule.expression, judge, _lines_around, _exact(rule)) for rule in rules if not rule.other_half]
    alone = [Rule(rule.expression, partial(_alone, rule, _compiled(rule))) for rule in rules if rule.paired]
    return [*together, *alone]


def _exact(rule: Published) -> Test | None:
    """Return whether a value that the rule may report stands somewhere; None where only Go understands its expression."""
    try:
        return partial(_has_value, rule, _compiled(rule))
    except re.error:
        return None


def _has_value(rule: Published, pattern: re.Pattern[str], text: str, low: int, high: int) -> bool:
    found = pattern.finditer(text, low, high)
    return any(_passes(rule, value) for match in found for value in [*filter(None, match.groups())] or [match.group()])


def _passes(rule: Published, value: str) -> bool:
    if rule.refuses_words and _WORD.match(value):
        return False
    # Go counts other letters by their bytes.
    return not value.isascii() or entropy(value) >= rule.least_entropy


def _compiled(rule: Published) -> re.Pattern[str]:
    """Go lets a switch stand inside an expression, Python only at its beginning."""
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # about signs that a later Python may read otherwise; the lock names the one we run
        return re.compile(rule.expression.replace("(?i)", ""), re.IGNORECASE if "(?i)" in rule.expression else 0)


def _alone(rule: Published, pattern: re.Pattern[str], text: str, low: int, high: int) -> Iterator[Span]:
    for match in pattern.finditer(text, low, high):
        group = 1 if pattern.groups else 0
        value = match[group]
        if value and entropy(value) > rule.entropy and not (is_placeholder(value) or is_identifier(value)):
            yield Span("SECRET", match.start(group), match.end(group), 0.9, rule.id)


def _judge(scan: Any, text: str, low: int, high: int) -> Iterator[Span]:
    part = text[low:high]
    # Go reads a C string, which a NUL would end, and skips lines that ask it to.
    findings = scan(_SWITCHES.sub(r"\1-\3", part).replace("\x00", " "))
    lines = [0, *accumulate(map(len, part.split("\n")), lambda at, length: at + length + 1)] if findings else []
    for finding in findings:
        if _is_believed(finding):
            score = _SCORES.get(finding.confidence, 0.6)
            for start, end in _places(part, lines, finding.raw):
                yield Span("SECRET", *_bare(text, low + start, low + end), score, finding.rule_id)


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the place without the quotation mark behind it, and without the same one before: some rules take them along."""
    if end - start < _SHORTEST_QUOTED or text[end - 1] not in "\"'`":
        return start, end
    return start + (text[start] == text[end - 1]), end - 1


def _is_believed(finding: Any) -> bool:
    """Its generic rules take arguments, annotations and examples for passwords; those for one vendor are right."""
    if finding.rule_id.startswith("curl-"):
        return not is_placeholder(finding.match.value.strip("'\"").rpartition(":")[2])
    if not finding.rule_id.startswith("generic-"):
        return True
    value, full = finding.match.value, finding.match.full
    if is_placeholder(value) or is_example(value) or is_expression(value):
        return False
    before = full[: full.find(value)][-1:]
    return before in ("'", '"', "`", "/", ":") or not (is_code(value) or is_identifier(value) or value.isdigit())


def _lines_around(text: str, end: int) -> tuple[int, int]:
    """Return whole lines, _LINES of them on either side, as far as they lie within _REACH."""
    least, most = max(0, end - _REACH), min(len(text), end + _REACH)
    low, high = end, min(most, end + 64)
    for _ in range(_LINES):
        low = text.rfind("\n", least, low)
        if low < 0:
            break
    for _ in range(_LINES):
        high = text.find("\n", high + 1, most)
        if high < 0:
            break
    return (least if low < 0 else low + 1), (most if high < 0 else high)


def _places(text: str, lines: Sequence[int], found: dict[str, Any]) -> Iterator[tuple[int, int]]:
    """Yield the place of the value and of its other half; the whole lines when it was decoded on the way and does not stand there.

    `lines` are the places at which the lines begin. What the same value does elsewhere is not looked for here.
    """
    for each in (found, *_other_halves(found.get("component_sets"))):
        location, value = each.get("location") or {}, each["match"]["value"]
        first, last = max(1, location.get("start_line", 1)), max(1, location.get("end_line", 1))
        low, high = lines[min(first, len(lines) - 1) - 1], min(len(text), lines[min(last, len(lines) - 1)])
        # Columns count bytes.
        ahead = max(0, location.get("start_column", 1) - 1) if text.isascii() else 0
        at = text.find(value, low + ahead, high)
        if value and at >= 0:
            yield at, at + len(value)
        elif low < high:
            yield low, high


def places_of(value: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield where `value` stands in `text` as a word of its own."""
    at = text.find(value)
    while at >= 0:
        end = at + len(value)
        joined_before = value[0].isalnum() and text[max(0, at - 1) : at].isalnum()
        joined_after = value[-1].isalnum() and text[end : end + 1].isalnum()
        # A long value is no accident inside another word: an escape's letter may touch it.
        if len(value) >= _EVERYWHERE or not (joined_before or joined_after):
            yield at, end
        at = text.find(value, end)


def _other_halves(sets: Any) -> Iterator[dict[str, Any]]:
    for group in sets or ():
        for component in group.get("components", ()):
            ident = component.get("rule_id") or ""
            value = (component.get("match") or {}).get("value")
            if value and _SECRET_HALF.search(ident) and not _PUBLIC_HALF.search(ident):
                yield component
