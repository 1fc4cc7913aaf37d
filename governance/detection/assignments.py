"""Values that are secret for the name they are given: `password = "..."`, `api_key: ...`, `SECRET_TOKEN=...`.

What matters is to leave code alone that only speaks of passwords: calls, variables, types, placeholders, form labels.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator

from .spans import Span

_STRONG = r"pass?w(?:or)?d|ps?swo?rd|paswr?d|passphrase|pwd|passcode|secret|(?<![A-Za-z])pass(?![A-Za-z])|(?<=_)pass(?![A-Za-z])"
_WEAK = r"token|api[_\-. ]?key|apikey|access[_\-. ]?key|account[_\-. ]?key|private[_\-. ]?key|secret[_\-. ]?key|shared[_\-. ]?access[_\-. ]?key|client[_\-. ]?key|encryption[_\-. ]?key|auth[_\-. ]?key|signing[_\-. ]?key|credentials?"
_NAME = rf"(?P<name>[A-Za-z0-9_.\-]{{0,40}}?(?:{_STRONG}|{_WEAK})[A-Za-z0-9_\-]{{0,24}})"
_SAYS = r"[\"'`\])]{0,3}[ \t]{0,4}(?:(?::=|=>|!?={1,3}|:(?![:/]))|\bis\b[ \t]*:?|,(?=[ \t]*[\"']))[ \t]{0,4}(?:[A-Za-z]{1,8}[ \t]?\()?"
_VALUE = (
    r"(?:[rbuf]{0,2}(?P<quote>[\"'`])(?P<quoted>[^\"'`\n]{4,200})(?P=quote)|(?P<bare>[^\s\"'`,;<>(){}\[\]|]{6,200}))"
)
_ASSIGNMENT = re.compile(_NAME + _SAYS + _VALUE, re.IGNORECASE)
_KEYWORDS = re.compile(rf"{_STRONG}|token|key|cred", re.IGNORECASE)
_IS_STRONG = re.compile(_STRONG, re.IGNORECASE)
# Names that only speak of a secret: `password_hash_algorithm`, `token_type`, `secret_name`, `passwordless`.
_ABOUT = re.compile(
    r"(?:type|name|field|label|file|path|url|uri|length|len|size|min|max|policy|rule|rules|regex|pattern|format|hint|prompt|placeholder|expir\w*|ttl|"
    r"timeout|count|algorithm|error|message|msg|id|ids|ref|arn|param|header|column|input|form|reset|change|less|manager|version|strength|validator|"
    r"required|enabled|env|var|index|class|usage|limit|location|store|provider|helper|title|text|help|description|public\w*|budget|rotation)s?$",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    r"(?:^|[^a-z])(?:example|sample|dummy|placeholder|redacted|removed|hidden|masked|change[_\-]?(?:me|it|this)|replace[_\-]?(?:me|this)|insert|todo|fixme|null|none|nil|undefined|true|false|"
    r"string|test(?:ing)?|foo|bar|baz|your|enter|some|any|my[_\-]?(?:pass|secret|token|key)\w*)(?:[^a-z]|$)|^[x*.\-_#?0]{3,}$|x{4,}|\*{3,}|\.{3,}|\$\{|\$\(|\{\{|<[a-z]|%\(|^%[sd]|^\$[A-Za-z_]|^@|process\.env|os\.environ|getenv|<[^>]*>|abc123$|1234567",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"^[A-Za-z_][\w]*(?:(?:\.|::|->)[A-Za-z_]\w*)+$|^(?:self|this|os|config|settings|env|args|options|params|request|data|ctx|app|user)[.\[]|[()\[\]{}]|=>|->|::|^&|^/|^\.|^https?:"
)
_WORD = re.compile(r"^[A-Za-z]+(?:[ _\-][A-Za-z]+)*[.!?:]?$")
_NAMES_ITSELF = re.compile(
    rf"^[\W_]*(?:{_STRONG}|{_WEAK})[\W_]*$|^[a-z_\-]*(?:{_STRONG}|{_WEAK})(?:_[a-z_\-]*)?$", re.IGNORECASE
)
_DIGIT, _LETTER, _SIGN = re.compile(r"\d"), re.compile(r"[A-Za-z]"), re.compile(r"[^\w\s.\-]")


def assigned(text: str) -> Iterator[Span]:
    """Yield the values assigned to names that say "secret"."""
    if not _KEYWORDS.search(text):
        return
    for match in _ASSIGNMENT.finditer(text):
        group = "quoted" if match["quoted"] else "bare"
        value = match[group]
        if _plausible(match["name"], value, quoted=group == "quoted"):
            start = match.start(group)
            yield Span(
                "SECRET",
                start,
                start + len(value.rstrip(".")) if group == "bare" else match.end(group),
                0.7,
                "assignment",
            )


def is_placeholder(value: str) -> bool:
    """Return whether `value` only stands for a secret: "changeme", "<token>", "${PASSWORD}", "xxxx", "password"."""
    return bool(_PLACEHOLDER.search(value) or _NAMES_ITSELF.match(value))


def _plausible(name: str, value: str, *, quoted: bool) -> bool:
    if _ABOUT.search(name):
        return False
    if quoted and _is_dense(value):
        return True
    if is_placeholder(value):
        return False
    if _IS_STRONG.search(name):
        return _like_a_password(value, quoted=quoted)
    return _like_a_token(value)


def _is_dense(value: str) -> bool:
    """Nobody writes a template or a call with six kinds of signs and no space; password generators do."""
    return len(value) >= 12 and " " not in value and len(set(_SIGN.findall(value))) >= 6  # noqa: PLR2004 - see above


def _like_a_password(value: str, *, quoted: bool) -> bool:
    if " " in value.strip() or (_CODE.search(value) and not (quoted and _DIGIT.search(value) and _SIGN.search(value))):
        return False
    if quoted:
        return not _WORD.match(value) or value.islower()
    return bool((_DIGIT.search(value) and _LETTER.search(value)) or (_SIGN.search(value) and len(value) >= 8))  # noqa: PLR2004 - a usual least length


def _like_a_token(value: str) -> bool:
    if len(value) < 12 or " " in value or _CODE.search(value) or not (_DIGIT.search(value) and _LETTER.search(value)):  # noqa: PLR2004 - shorter tokens are words
        return False
    return entropy(value) >= 3.0  # noqa: PLR2004 - bits per character; words with a number lie below


def entropy(value: str) -> float:
    """Return the Shannon entropy of the characters of `value`, in bits per character; 0.0 for nothing."""
    counts = Counter(value)
    return -sum(n / len(value) * math.log2(n / len(value)) for n in counts.values())
