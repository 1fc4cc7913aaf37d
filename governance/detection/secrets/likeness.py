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
    r"string|test(?:ing)?|foo|bar|baz|your|enter|some|any|my[_\-](?:pass|secret|token|key)\w*)(?:[^a-z]|$)|^[x*.\-_#?0]{3,}$|x{4,}|\*{3,}|#{4,}|\.{3,}|\$\{|\$\(|\{\{|<[a-z]|%\(|^%[sd]|^%\w+%$|^\$[A-Za-z_]|^@|process\.env|os\.environ|getenv|<[^>]*>|abc123$|1234567",
    re.IGNORECASE,
)
_NAMES_ITSELF = re.compile(
    rf"^[\W_]*(?:{STRONG}|{WEAK})[\W_]*$|^(?:[a-z]+[_\-])*(?:{STRONG}|{WEAK})(?:_[a-z_\-]*)?$", re.IGNORECASE
)
_CODE = re.compile(
    r"^[A-Za-z_]\w*(?:(?:\.|::|->)[A-Za-z_]\w*)+$|^(?:self|this|os|config|settings|env|args|options|params|request|data|ctx|app|user)[.\[]|[()\[\]{}]|=>|->|::|^&|^/|^\.|^https?:"
)
_EXAMPLE = re.compile(
    r"(?:user(?:name)?|pass(?:w(?:or)?d)?|pwd|secret|tiger|pw|p|guest|sekrit|foo|bar|hunter2|challengepassword)\d?\Z",
    re.IGNORECASE,
)
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
    return bool(_PLACEHOLDER.search(value) or _NAMES_ITSELF.match(value))


def is_example(value: str) -> bool:
    """Return whether `value` is what manuals put where a password goes: "secret", "tiger", "pass1"."""
    return bool(_EXAMPLE.match(value))


def is_code(value: str) -> bool:
    """Return whether `value` is an expression, a path or an address rather than a literal."""
    return bool(_CODE.search(value))


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
