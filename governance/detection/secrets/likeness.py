"""What a value looks like: a secret, something that only stands for one, a piece of code, a word."""

import math
import re
from collections import Counter

STRONG = (
    r"pass?w(?:or)?d|ps?swo?rd|paswr?d|passphrase|pwd|passcode|passwort|kennwort|contrase[nñ]a|secret"
    r"|(?<![A-Za-z])pass(?![A-Za-z])|(?<=_)pass(?![A-Za-z])|(?<=[a-z])Pass(?![A-Za-z])"
)
WEAK = (
    r"token|api[_\-. ]?key|access[_\-. ]?key|account[_\-. ]?key|service[_\-. ]?key|priv(?:ate)?[_\-. ]?key|secret[_\-. ]?key"
    r"|shared[_\-. ]?access[_\-. ]?key|client[_\-. ]?key|encryption[_\-. ]?key|auth[_\-. ]?key|signing[_\-. ]?key"
    r"|d(?:ata)?b(?:ase)?[_\-. ]?key|master[_\-. ]?key|credentials?"
)
_PLACEHOLDER = re.compile(
    r"(?:^|[^a-z])(?:example|sample|dummy|placeholder|redacted|removed|hidden|masked|change[_\-]?(?:me|it|this)|replace[_\-]?(?:me|this)|insert|todo|fixme|null|none|nil|undefined|true|false|"
    r"string|test(?:ing)?|foo|bar|baz|your|enter|some|any|my[_\-](?:pass|secret|token|key)\w*)(?:[^a-z]|$)|^[x*.\-_#?0]{3,}$|x{4,}|\*{3,}|#{4,}|\.{3,}|\$\{|\$\(|\{\{|<[a-z]|%\(|^%[sd]|^%\w+%$|^\$[A-Za-z_]|^@|process\.env|os\.environ|getenv|<[^>]*>|abc123$|1234567|(?:example){2}",
    re.IGNORECASE,
)
_NAMES_ITSELF = re.compile(
    rf"^[\W_]*(?:{STRONG}|{WEAK})(?:\\\\(?:n|0|x00))?[\W_]*$|^_?(?:[a-z][a-z0-9]*[_\-])*(?:{STRONG}|{WEAK})(?:_[a-z_\-]*(?:\d{{1,2}}_[a-z]+)?)?$",
    re.IGNORECASE,
)
# Published in the standards themselves: RFC 5849, RFC 6749, RFC 6750.
_OF_STANDARDS = frozenset({
    "czZCaGRSa3F0MzpnWDFmQmF0M2JW", "2YotnFZFEjr1zCsicMWpAA", "tGzv3JOkF0XG5Qx2TlKWIA", "mF_9.B5f-4.1JqM", "SlAV32hkKG", "SplxlOBeZQQYbYS6WxSbIA", "gX1fBat3bV", "7Fjfp0ZBr1KtDRbnfVdmIw",
    "dpf43f3p2l4k3l03", "hh5s93j4hdidpola", "kkk9d7dh3k39sjv7", "pfkkdhi9sl3r4s00", "hdhd0244k9j7ao03", "nnch734d00sl2jdk", "0685bd9184jfhq22", "h480djs93hd8", "kd94hf93k423kf44",
    "j49sk3j29djd", "dh893hdasih9", "A3ddj3w",
})  # fmt: skip
# Character classes and groups of a regular expression.
_EXPRESSION = re.compile(
    r"\[\^?(?:[\\\-\w!]*)(?:a-z|A-Z|0-9|\\[wsdxW])|\(\?(?:[:=!P<]|[a-z]+\))|\\s[*+]|\.\*\??[)$]|\]\+"
)
_CODE = re.compile(
    r"^[A-Za-z_]\w*(?:(?:\.|::|->)[A-Za-z_]\w*)+$|^(?:self|this|os|config|settings|env|args|options|params|request|data|ctx|app|user)[.\[]|[()\[\]{}]|=>|->|::|^&|^/|^\.|^https?:"
)
_EXAMPLE = re.compile(
    r"(?:user(?:name)?|pass(?:w(?:or)?d)?|pwd|secret|tiger|pw|p|guest|sekrit|foo|bar|hunter2|challengepassword|postgres)\d?\Z",
    re.IGNORECASE,
)
_CONSTANT = re.compile(r"[A-Z]+(?:_[A-Z]+)+\Z")
_ESCAPED = re.compile(r"(?:\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2})+\Z")
# Words and small numbers in a row: `getUser2Token`, `retry-count-10`, `Ed25519PrivateKey`. Atomic: nothing is tried twice.
_IDENTIFIER = re.compile(
    r"(?>[_\-./:]*(?>[A-Z]?[a-z]{2,}|[A-Z][a-z](?=\d\d)|[A-Z]{2,}(?![a-z])|[A-Z](?=[A-Z][a-z])|\d{1,5}(?!\d)))++_*\Z"
)
_SAYS_WORDS = re.compile(r"[a-z_\-]")
_SIGN = re.compile(r"[^\w\s.\-]")
_PAIRS = {")": "(", "]": "[", "}": "{"}
_DENSE_LENGTH, _DENSE_SIGNS = 12, 6


def is_placeholder(value: str) -> bool:
    """Return whether `value` only stands for a secret: "changeme", "<token>", "${PASSWORD}", "xxxx", "password"."""
    return bool(
        _PLACEHOLDER.search(value) or _NAMES_ITSELF.match(value) or _ESCAPED.match(value) or value in _OF_STANDARDS
    )


def is_expression(value: str) -> bool:
    """Return whether `value` is a regular expression, by its classes of characters and its groups."""
    return bool(_EXPRESSION.search(value))


def is_example(value: str) -> bool:
    """Return whether `value` is what manuals put where a password goes: "secret", "tiger", "pass1", "SAS_KEY"."""
    return bool(_EXAMPLE.match(value) or _CONSTANT.match(value))


def is_code(value: str) -> bool:
    """Return whether `value` is an expression, a path or an address rather than a literal."""
    return bool(_CODE.search(value) or (value[:1] == "_" and is_identifier(value)))


def is_identifier(value: str) -> bool:
    """Return whether `value` is words and short numbers written together, as a name in code is."""
    return bool(_IDENTIFIER.match(value) and _SAYS_WORDS.search(value))


def is_dense(value: str) -> bool:
    """Return whether `value` has so many kinds of signs that only a password generator writes it."""
    return len(value) >= _DENSE_LENGTH and " " not in value and len(set(_SIGN.findall(value))) >= _DENSE_SIGNS


def misnested(value: str) -> bool:
    """Return whether brackets close that were not the last to open: no language writes that outside of a literal."""
    opened: list[str] = []
    for sign in value:
        if sign in "([{":
            opened.append(sign)
        elif sign in _PAIRS and (not opened or opened.pop() != _PAIRS[sign]):
            return True
    return False


def entropy(value: str) -> float:
    """Return the Shannon entropy of the characters of `value`, in bits per character; 0.0 for nothing."""
    counts = Counter(value)
    return -sum(n / len(value) * math.log2(n / len(value)) for n in counts.values())
