"""Secrets that people tell each other: "the password for the test machine is ...", "log in as admin / ...", a passphrase of words.

A sentence may say anything of a password; what is told must look like one and like no word, measure or method.
"""

import re
from collections.abc import Iterator

from governance.detection.spans import Span

from .likeness import is_code, is_placeholder
from .nomination import Rule, around

_I = re.IGNORECASE
# In the languages that the names model reads, and their neighbours; as people shorten it.
_LABELS = (
    "pass ?word|pass ?code|passwd|pwd|pw|passwort|kennwort|mot de passe|mdp|contrase(?:ñ|n)a|clave|senha|palavra-passe|wachtwoord|has[łl]o|parola|"
    "heslo|lösenord|passord|adgangskode|salasana|пароль|şifre|parool"
)
_FOR = r"(?:[ \t]+(?:for|of|to|on|at|in|pour|du|für|von|zum|para|del?|da|do|per|voor|van|do|dla|för|til)[ \t]+[^\n.:;=?!\"]{1,60}?)?"
_IS = r"(?:[ \t]+(?:is|was|ist|war|lautet|est|es|è|is nu|to|är|er|on)(?:[ \t]*:|[ \t]+now)?[ \t]+|[ \t]*[:=][ \t]*)"
_VALUE = r"[\"'`]?(?P<value>[^\s\"'`<>(){}\[\],;|]{6,64})"
_TOLD = re.compile(rf"(?<![\w\-])(?:{_LABELS}){_FOR}{_IS}{_VALUE}", _I)
_PAIR = re.compile(
    r"\b(?:log(?:ged)?[ \-]?(?:in|on)|sign[ \-]?in|credentials?|creds|account|user(?:name)?s?)\b(?:[ \t]+(?:as|with|are|is|to|[a-z]{2,12})){0,4}[ \t]*:?[ \t]+[\"'`]?[\w.@\\\-]{2,40}[\"'`]?(?:[ \t]+[/|][ \t]+|[:/])"
    + _VALUE,
    _I,
)
_WORDS = re.compile(
    r"\b(?:pass ?phrase|(?:seed|recovery|secret)[ _](?:phrase|words)|mnemonic)\b(?:[ \t]+(?:is|was)[ \t]+|[\"']?[ \t]*[:=][ \t]*)[\"'`]?(?P<value>[a-z]{3,10}(?:[ \-][a-z]{3,10}){3,23}(?:[ \-]?\d{1,4})?)(?![\w\-])",
    _I,
)
# Words that only sentences have: a list of words drawn by dice has none of them.
_SENTENCE = re.compile(
    r"\b(?:the|for|and|not|must|should|with|your|when|that|this|are|was|has|have|from|any|all|can|will|may|only|use|used|required|optional|per|into|than|set|see|which|you|our|its|before|after)\b",
    _I,
)
_METHOD = re.compile(
    r"sha-?\d|md5|base-?64|oauth|utf-?\d|aes-?\d|bcrypt|argon|pbkdf|encod|hash|encrypt|based|char|digit|letter|long|expire|@[\w\-]+\.[a-z]{2,}$|^\d[\d.,:/\-]*\w{0,3}$|\.(?:txt|md|py|js|json|ya?ml|pdf|docx?|xlsx?|kdbx)$",
    _I,
)
_SPOILS = ".,;:!?"
_DIGIT, _SMALL, _CAPITAL, _SIGN = (
    re.compile(r"\d"),
    re.compile(r"[a-zß-ÿ]"),
    re.compile(r"[A-Z]"),
    re.compile(r"[^\w\s.,:/\-]"),
)


def told(text: str, low: int, high: int) -> Iterator[Span]:
    """Yield the passwords in text[low:high] that a sentence or a label gives away."""
    for pattern in (_TOLD, _PAIR):
        for match in pattern.finditer(text, low, high):
            value = match["value"].rstrip(_SPOILS) if match["value"][-1] != "!" else match["value"]
            if _like_a_chosen_password(value):
                yield Span("SECRET", match.start("value"), match.start("value") + len(value), 0.7, "spoken-password")


def told_in_words(text: str, low: int, high: int) -> Iterator[Span]:
    """Yield passphrases of words: four or more in a row that make no sentence."""
    for match in _WORDS.finditer(text, low, high):
        if not _SENTENCE.search(match["value"]) and not is_placeholder(match["value"]):
            yield Span("SECRET", *match.span("value"), 0.7, "passphrase")


def _like_a_chosen_password(value: str) -> bool:
    """Three kinds of characters of four, a digit or a sign among them: what rules for passwords ask of people."""
    kinds = [bool(kind.search(value)) for kind in (_DIGIT, _SIGN, _CAPITAL, _SMALL)]
    return sum(kinds) >= 3 and any(kinds[:2]) and not (_METHOD.search(value) or is_placeholder(value) or is_code(value))  # noqa: PLR2004 - kinds of characters


SAID_RULES = (
    Rule(
        r"(?i)(?:pass ?word|pass ?code|passwd|pwd|\bpw|passwort|kennwort|mot de passe|\bmdp|contrase|clave|senha|palavra-passe|wachtwoord|has..?o|parola|heslo|l..?senord|passord|adgangskode|salasana|ароль|ifre|parool)[^\n]{0,100}[ \t:=][\"'`]?[^\s]{6}",
        told,
        around(220, 160),
    ),
    Rule(
        r"(?i)(?:log(?:ged)?[ \-]?(?:in|on)|sign[ \-]?in|credentials?|creds|account|username?s?)[^\n]{1,120}[:/|][ \t]{0,4}[^\s]{6}",
        told,
        around(220, 160),
    ),
    Rule(
        r"(?i)(?:pass ?phrase|(?:seed|recovery|secret)[ _](?:phrase|words)|mnemonic)[\"' \t:=]{1,8}",
        told_in_words,
        around(60, 320),
    ),
)
