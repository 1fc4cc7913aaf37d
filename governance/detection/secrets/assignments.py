"""Values that are secret for the name they are given: `password = "..."`, `api_key: ...`, `SECRET_TOKEN=...`.

What matters is to leave code alone that only speaks of passwords: calls, variables, types, placeholders, form labels.
"""

import re
import string
from collections.abc import Iterator

from governance.detection.spans import Span

from .likeness import STRONG, WEAK, entropy, is_code, is_dense, is_expression, is_identifier, is_placeholder, misnested
from .nomination import Rule, around

_NAME = rf"(?P<name>[A-Za-z0-9_.\-]{{0,40}}?(?:{STRONG}|{WEAK})[A-Za-z0-9_\-]{{0,24}})"
_TYPE = r"(?:[ \t]{0,4}:[ \t]{0,4}|[ \t]{1,4})[A-Za-z_][\w.<>]{1,24}(?:\[\])?(?=[ \t]{0,4}=)"
_SAYS = (
    r"(?:\\?[\"'`]|[\])])*(?:\[\])?" + rf"(?:{_TYPE})?[ \t]{{0,20}}"
    r"(?P<says>[:.?+|]{0,3}={1,3}>?|!={1,2}|:(?![:/=])|\bis\b(?:[ \t]*:)?|,(?=[ \t]*\\?[\"'`]))[ \t]{0,20}(?:\r?\n[ \t]{0,40}(?=\\?[\"'`]))?"
    r"(?:(?:new[ \t]+)?(?P<call>[A-Za-z_.]{1,20})[ \t]?\([ \t]?)?"
)
_VALUE = (
    r"(?:(?:[rbufL@$]{0,2})(?P<quote>\\?[\"'`])(?P<quoted>(?:(?!(?P=quote))[^\n]){4,200})(?P=quote)"
    r"|(?P<bare>[^\s\"'`,;<>(){}\[\]|&\\]{6,200})(?P<after>[^\s,;]?)|(?P<dense>\S{12,120}))"
)
_SAYS_SECRET = re.compile(f"{STRONG}|{WEAK}", re.IGNORECASE)
# One of these stands in each of those words, which are then looked for around it alone: several times as fast as trying every word at every letter.
STEMS = ("pas", "psw", "pssw", "pwd", "kennwort", "contrase", "secret", "token", "key", "credential")
_STEMS_OF_SETTINGS = ("pas", "pwd", "secret")
_LONGEST_WORD = 20
_KEY, _PARTS_KEY = "key", "_-. "
_BEFORE_KEY = (
    "api", "access", "account", "service", "priv", "private", "secret", "client", "encryption", "auth", "signing", "db", "dbase", "datab",
    "database", "master",
)  # fmt: skip
_LONGEST_BEFORE, _OF_A_NAME = 40, string.ascii_letters + string.digits + "_.-"
# `#define API_TOKEN "..."` of C, `%define token ...` of RPM.
_DEFINED = re.compile(
    rf"^[ \t]*[#%](?:define|global)[ \t]+(?P<name>\w{{0,40}}?(?:{STRONG}|{WEAK})\w{{0,24}})[ \t]+\(?(?:[L@]?\"(?P<quoted>[^\"\n]{{6,200}})\"|(?P<bare>[^\s\"()]{{12,200}}))",
    re.IGNORECASE | re.MULTILINE,
)
_COMPARES = re.compile(r"[!=]=")
_ASSIGNMENT = re.compile(_NAME + _SAYS + _VALUE, re.IGNORECASE)
_DENSE = re.compile(r"[^\s]{12,120}")
_REVERSED = re.compile(
    rf"(?P<quote>[\"'`])(?P<quoted>(?:(?!(?P=quote))[^\n]){{6,200}})(?P=quote)[ \t]*[!=]={{1,2}}[ \t]*(?P<name>[\w.$>\-]{{0,40}}?(?:{STRONG}|{WEAK})\w{{0,24}})",
    re.IGNORECASE,
)
# A line of a file of settings that holds nothing else: even a word is a password there.
_SETTING = re.compile(
    r"^[ \t]*(?:export[ \t]+|set[ \t]+|-[ \t]+)?(?P<name>[A-Z][A-Z0-9_]*(?:PASS(?:W(?:OR)?D)?|PWD|SECRET)|(?:[A-Z][A-Za-z]*)?(?:Password|Passwd|Pwd))=(?P<bare>[^\s\"'#;,(){}<>$%&|]{4,100})[ \t]*\r?$",
    re.MULTILINE,
)
_CONNECTION = re.compile(
    r"\b(?:password|pwd)[ \t]?=[ \t]?(?P<bare>[^\s;\"'<>{}$%*]{3,100})(?=;|[\"'\s]|$)", re.IGNORECASE
)
_CONNECTED = re.compile(
    r"\b(?:server|data source|host|user id|uid|user|username|database|initial catalog|port|dsn|driver|provider|accountendpoint)[ \t]?=[^;\n]{1,80};", re.IGNORECASE
)  # fmt: skip
# What is handed to these is the name of a thing, an encoding, an expression: not the value.
_TAKES_NO_VALUE = re.compile(r"(?:^|[._])(?:get|getenv|getattr|pop|encode|decode|compile|search|match|find|startswith|endswith|OID|Field|Column|gettext|format|join|split|replace|strip|items?|keys?|_)$", re.IGNORECASE)  # fmt: skip
_LITERAL_WORDS = frozenset({"password", "secret", "passwd", "pass", "pwd", "example", "postgres", "admin", "root", "test", "guest", "user"})  # fmt: skip
_IS_STRONG = re.compile(STRONG, re.IGNORECASE)
# Names that only speak of a secret: `password_hash_algorithm`, `token_type`, `secret_name`, `passwordless`.
_ABOUT = re.compile(
    r"(?:type|name|field|label|file|path|url|uri|length|len|size|min|max|policy|rule|rules|regex|pattern|format|hint|prompt|placeholder|expir\w*|ttl|"
    r"timeout|count|algorithm|error|message|msg|id|ids|ref|arn|param|header|column|input|form|reset|change|less|manager|version|strength|signature|explanation|validator|"
    r"prefix|suffix|separator|delimiter|challenge|scheme|realm|args?|argument|required|enabled|env|var|index|class|usage|limit|location|store|provider|helper|title|text|help|description|public\w*|budget|rotation)s?$",
    re.IGNORECASE,
)
_ABOUT_TOKENS = re.compile(r"(?:max|min|num|stop|eos|bos|pad|unk|total|prompt|completion|input|output|csrf|page|next|continuation|cancel\w*|sync|ether)[_\-]?tokens?$", re.IGNORECASE)  # fmt: skip
_WORD = re.compile(r"^[A-Za-z]+(?:[ _\-][A-Za-z]+)*[.!?:]?$")
_DIGIT, _LETTER, _SIGN = re.compile(r"\d"), re.compile(r"[A-Za-z]"), re.compile(r"[^\w\s.\-]")
_HEXADECIMAL = re.compile(r"[0-9a-fA-F]{20,}\Z")


def assigned(text: str, low: int, high: int) -> Iterator[Span]:
    """Yield the values in text[low:high] that are assigned to names which say "secret"."""
    for match in _assignments(text, low, high):
        group = _group_of(match)
        if group and not _is_argument(match, group) and _plausible(match["name"], match[group], group, match["says"]):
            end = match.start(group) + len(match[group].rstrip(".")) if group == "bare" else match.end(group)
            yield Span("SECRET", match.start(group), end, 0.7, "assignment")
        else:
            yield from _dense_behind(text, match, high)
    for match in _REVERSED.finditer(text, low, high) if _COMPARES.search(text, low, high) else ():
        if _plausible(match["name"], match["quoted"], "quoted", "=="):
            yield Span("SECRET", *match.span("quoted"), 0.7, "assignment")
    yield from _settings(text, low, high)


def defined(text: str, low: int, high: int) -> Iterator[Span]:
    """Yield the values that a preprocessor is told to put for names which say "secret"."""
    for match in _DEFINED.finditer(text, low, high):
        group = "quoted" if match["quoted"] else "bare"
        if _plausible(match["name"], match[group], group, "="):
            yield Span("SECRET", *match.span(group), 0.7, "assignment")


def _assignments(text: str, low: int, high: int) -> Iterator[re.Match[str]]:
    """Yield the assignments, from left to right: the words are looked for first, for they are rarer than what may stand before them."""
    done = low
    for word in words_that_say_secret(text, low, high):
        if word < done:
            continue
        least = max(done, word - _LONGEST_BEFORE)
        start = least + len(text[least:word].rstrip(_OF_A_NAME))
        match = _ASSIGNMENT.match(text, start, high)
        if match:
            yield match
            done = match.end()


def words_that_say_secret(text: str, low: int, high: int) -> Iterator[int]:
    """Yield where words that say "secret" begin in text[low:high], from left to right and none inside another."""
    near = text[low:high].lower()
    if not near.isascii():  # letters that Python takes for others when case is ignored have no stem
        yield from (word.start() for word in _SAYS_SECRET.finditer(text, low, high))
        return
    done = low
    for at in sorted(low + place for stem in STEMS for place in _places(stem, near)):
        if at < done:
            continue
        end = min(high, at + _LONGEST_WORD)
        if near.startswith(_KEY, at - low):
            word = _SAYS_SECRET.search(text, max(done, at - _LONGEST_WORD), end) if _is_led(near, at - low) else None
        else:
            word = _SAYS_SECRET.match(text, at, end)  # it begins the word
        if word and word.start() <= at:
            yield word.start()
            done = word.end()


def _is_led(text: str, at: int) -> bool:
    """Return whether a word stands before the key at that place which says that it is a secret one, with a sign between them or none."""
    before = text[max(0, at - _LONGEST_WORD) : at]
    return before.endswith(_BEFORE_KEY) or (before[-1:] in _PARTS_KEY and before[:-1].endswith(_BEFORE_KEY))


def _places(stem: str, text: str) -> Iterator[int]:
    at = text.find(stem)
    while at >= 0:
        yield at
        at = text.find(stem, at + 1)


def _is_argument(match: re.Match[str], group: str) -> bool:
    """Return whether the value is handed to a function that takes no secret, or is compared in a line that goes on as a block."""
    call = match["call"]
    if call and (group == "bare" or _TAKES_NO_VALUE.search(call)):
        return True
    return group == "bare" and match["bare"].endswith(":") and match["says"] in ("is", "==", "!=", "===", "!==")


def _group_of(match: re.Match[str]) -> str:
    if match["quoted"]:
        return "quoted"
    # A value that ends at a bracket or a quote is a call, an index or the inside of something larger.
    return "bare" if match["bare"] and match["after"] in ("", "&", "\\", "|", '"', "'", "`", "<", "}", ")", "]") else ""


def _dense_behind(text: str, match: re.Match[str], high: int) -> Iterator[Span]:
    """Yield a value without quotes that no language could mean otherwise: full of signs, with brackets that do not nest."""
    start = max(match.start(group) for group in ("bare", "dense", "quoted"))
    if match["says"] in (",", "is") or not _IS_STRONG.search(match["name"]):
        return
    value = _DENSE.match(text, start, high)
    if value and is_dense(value.group()) and misnested(value.group()):
        yield Span("SECRET", value.start(), value.end(), 0.6, "assignment")


def _settings(text: str, low: int, high: int) -> Iterator[Span]:
    near = text[low:high].lower()
    if near.isascii() and not ("=" in near and any(stem in near for stem in _STEMS_OF_SETTINGS)):
        return
    for match in _SETTING.finditer(text, low, high):
        value = match["bare"]
        if value.lower() not in _LITERAL_WORDS and not is_placeholder(value.replace("_", "")) and not is_code(value):
            yield Span("SECRET", *match.span("bare"), 0.6, "setting")
    for match in _CONNECTION.finditer(text, low, high):
        around_it = text[max(low, match.start() - 200) : match.end() + 200].split("\n")
        line = next((line for line in around_it if match.group() in line), "")
        if len(_CONNECTED.findall(line)) >= 2 and not is_placeholder(match["bare"].strip("_")) | is_code(match["bare"]):  # noqa: PLR2004 - one alone is any setting
            yield Span("SECRET", *match.span("bare"), 0.7, "connection-string")


def _plausible(name: str, value: str, group: str, says: str) -> bool:
    if _ABOUT.search(name) or _ABOUT_TOKENS.search(name) or is_expression(value):
        return False
    quoted = group == "quoted"
    if quoted and is_dense(value):
        return True
    # "guest" is the password that message brokers are shipped with, and nobody's.
    if is_placeholder(value) or value.lower() == "guest":
        return False
    if says == ",":
        return _is_beyond_doubt(value)
    if _IS_STRONG.search(name):
        return _like_a_password(value, quoted=quoted, said=says.startswith("is"))
    return _like_a_token(value)


def _is_beyond_doubt(value: str) -> bool:
    """In a list the next item is seldom the value of the one before."""
    return bool(" " not in value and len(value) >= 8 and _DIGIT.search(value) and _LETTER.search(value) and not is_identifier(value) and not is_code(value))  # noqa: PLR2004 - a usual least length  # fmt: skip


def _like_a_password(value: str, *, quoted: bool, said: bool) -> bool:
    if " " in value.strip() or (is_code(value) and not (quoted and _DIGIT.search(value) and _SIGN.search(value))):
        return False
    if quoted:
        return value[0] not in "#.%" and (not _WORD.match(value) or value.islower())
    if said and is_identifier(value):
        return False
    return bool((_DIGIT.search(value) and _LETTER.search(value)) or (_SIGN.search(value) and len(value) >= 8))  # noqa: PLR2004 - a usual least length


def _like_a_token(value: str) -> bool:
    if len(value) < 12 or " " in value or not _DIGIT.search(value):  # noqa: PLR2004 - shorter tokens are words
        return False
    if value.isdigit():
        return len(value) >= 16 and len(set(value)) >= 6  # noqa: PLR2004 - shorter ones count or tell the time
    if _HEXADECIMAL.match(value):
        return len(set(value)) >= 8  # noqa: PLR2004 - fewer digits are a pattern
    if is_identifier(value) or (is_code(value) and not _is_dotted_token(value)) or not _LETTER.search(value):
        return False
    return entropy(value) >= 3.0  # noqa: PLR2004 - bits per character; words with a number lie below


def _is_dotted_token(value: str) -> bool:
    parts = value.split(".")
    return all(part.isalnum() for part in parts) and sum(bool(_DIGIT.search(part)) for part in parts) == len(parts)


_NOMINATED_NAME = (
    r"(?:pass?w(?:or)?d|ps?swo?rd|paswr?d|passphrase|pwd|passcode|passwort|kennwort|contrase|secret|pass|token|(?:api|access|account|service|priv(?:ate)?"
    r"|client|encryption|auth|signing|d(?:ata)?b(?:ase)?|master)[_\-. ]?key|credentials?)"
)
_NOMINATED_VALUE = r"\s{0,40}\S"
ASSIGNMENT_RULES = (
    Rule(
        rf"(?i){_NOMINATED_NAME}[\w\-]{{0,24}}[\\\"'`\])\[]{{0,6}}(?:[ \t:]{{1,8}}[\w.<>\[\]]{{1,24}})?[ \t]{{0,20}}(?:[:.?+|]{{0,3}}=|!=|:|\bis\b){_NOMINATED_VALUE}",
        assigned,
        around(200, 320),
    ),
    Rule(
        rf"(?i){_NOMINATED_NAME}[\w\-]{{0,24}}\\?[\"'`][ \t]{{0,20}},[ \t]{{0,20}}\\?[\"'`]", assigned, around(200, 320)
    ),
    Rule(
        rf"(?i)[\"'`][ \t]{{0,4}}[!=]={{1,2}}[ \t]{{0,4}}[\w.$>\-]{{0,40}}{_NOMINATED_NAME}", assigned, around(320, 100)
    ),
    Rule(rf"(?i)[#%](?:define|global)[ \t]{{1,20}}\w{{0,40}}{_NOMINATED_NAME}", defined, around(200, 320)),
)
