"""Undo escapes: percent, HTML entities, those of JSON, C and JavaScript, quoted-printable."""

import html
import re
from collections.abc import Iterator

from .edits import Edit

# Signs are in Hyperscan's words: most texts show none, and are then not read again.
ESCAPE_SIGNS = (
    r"%[0-9A-Fa-f]{2}",
    r"&(?:#[0-9xX]|[A-Za-z]{2,8};)",
    r"\\(?:u[0-9A-Fa-f{]|x[0-9A-Fa-f]|[0-3][0-7]{2})",
    r"(?:=[0-9A-F]{2}){2}|\w=(?:40|2E|3D)\w|[^\s=]=\r?\n[^\s]",
)
BACKSLASH_SIGNS = (r"\\(?:[nrtbf][^\"'`%)]|[\"'/])",)
_ESCAPE = re.compile(
    r"%(?:25){0,16}(?:00|09|0[AaDd]|[2-7][0-9A-Fa-f])|(?:%(?:25){0,16}[89A-Fa-f][0-9A-Fa-f])+"
    r"|&(?:amp;){0,16}(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});"
    r"|\\{1,4}(?:u[dD][89abAB][0-9A-Fa-f]{2}\\{1,4}u[dD][c-fC-F][0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|u\{[0-9A-Fa-f]{1,6}\}|x[0-9A-Fa-f]{2}|[0-3][0-7]{2})"
    r"|(?<=\w)=(?:40|2E|3D)(?=\w)|(?:=[0-9A-F]{2}){2,}|(?<=[^\s=])=\r?\n(?=\S)|\\{1,8}(?:[nrtbf](?=[^\"'`%)])|[\"'/])"
)
_BACKSLASHED = re.compile(r"\\{1,8}(?:[nrtbf](?=[^\"'`%)])|[\"'/])")
# "%2541" is "%41" escaped again, "&amp;#65;" likewise: however often it was done, it is undone at once.
_PERCENTS, _AMPERSANDS = re.compile(r"%(?:25)*(?=[0-9A-Fa-f]{2})"), re.compile(r"^&(?:amp;)*")
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", "b": " ", "f": " "}
_LAST_CODE_POINT = 0x10FFFF


def unescape_edits(text: str, low: int, high: int) -> Iterator[Edit]:
    """Yield one change per escape; a run of UTF-8 percent bytes is one change."""
    for match in _ESCAPE.finditer(text, low, high):
        escape = match.group()
        plain = _unescaped(escape)
        if plain is not None:
            yield Edit(match.start(), match.end(), plain, linear=len(plain) == len(escape))


def backslash_edits(text: str, low: int, high: int) -> Iterator[Edit]:
    """Yield a change per escape that stands before a quote or a word; text of JSON in JSON is full of these."""
    for match in _BACKSLASHED.finditer(text, low, high):
        yield Edit(match.start(), match.end(), _padded(match.group()), linear=True)


def _unescaped(escape: str) -> str | None:
    match escape[0]:
        case "&":
            plain = html.unescape("&" + _AMPERSANDS.sub("", escape))
            return plain if plain != escape else None
        case "%":
            return utf8(bytes.fromhex(_PERCENTS.sub("", escape)))
        case "=":
            return utf8(bytes.fromhex(escape.replace("=", ""))) if escape[1] not in "\r\n" else ""
    return _after_backslash(escape)


def _after_backslash(escape: str) -> str | None:
    code = escape.lstrip("\\")
    if code.startswith("u{"):
        number = int(code[2:-1], 16)
        return chr(number) if number <= _LAST_CODE_POINT else None
    if code.startswith("u"):
        return bytes.fromhex(code.replace("\\", "").replace("u", "")).decode("utf-16-be", "replace")
    if code.startswith("x"):
        return chr(bytes.fromhex(code[1:])[0])
    if code[:1].isdigit():
        return chr(int(code, 8))
    return _padded(escape)


def _padded(escape: str) -> str:
    """Keep the length, so that places stay what they are."""
    return _SIMPLE.get(escape[-1], escape[-1]).rjust(len(escape))


def utf8(packed: bytes) -> str | None:
    try:
        return packed.decode("utf-8")
    except UnicodeDecodeError:
        return None
