"""Undo disguises of spelling: look-alike letters, invisible characters, stacked marks, foreign digits, Unicode tags."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from .edits import Edit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Stream-Safe Text Format caps a run of combining marks at 30; without a cap CPython's normalize is quadratic in it.
MARKS_KEPT = 30

_QUOTES = {
    "'": "‘’‚‛′´`‹›",
    '"': "“”„‟″«»",
    "-": "‐‑‒–—―−﹣－",
    " ": "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
}
_CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), *range(127, 160)], " ")
_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
_BACKTICK = ord("`")
ONE_TO_ONE = (
    {ord(odd): plain for plain, odds in _QUOTES.items() for odd in odds if ord(odd) != _BACKTICK}
    | _CONTROLS
    | _SURROGATES
)

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+")
_CONTROL_BYTES = bytes([*range(9), 11, 12, *range(14, 32), 127])
_MARKS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\U000e0100-\U000e01ef"
_RUN = re.compile(r"[^\x09\x0a\x0d\x20-\x7e]+")
_CLUSTER = re.compile(f"[^{_MARKS}][{_MARKS}]*|[{_MARKS}]+")
_MARK = re.compile(f"[{_MARKS}]")
_TAGS = range(0xE0020, 0xE007F)
_LONG, _BLOCK = 2048, 1 << 16  # characters of a text from which on numbers are worth it, and looked at together
_PIECE = 2048  # characters of a run that are folded at once
# Only words are worth remembering; a long run is hostile or a foreign language and would only fill the memory.
_WORD = 64
_TAG_TEXT = 3  # a run this long is hidden text; a shorter one is there to break a word

# Letters of other scripts that are read as ASCII ones. Source: the single-letter part of Unicode's confusables that people use.
_LOOKALIKES = str.maketrans(
    "аАвВсСԁеЕҽғԌһНіІјЈкКӏмМоОрРԛѕЅтТѵѴԝхХуУүҮαΑΒεΕηΗιΙκΚΜνΝοΟρΡτΤυΥχΧΖγոօսԱհցզıɩɡɑʏʀɴʜᴀᴄᴅᴇᴊᴋᴍᴏᴘᴛᴜᴠᴡᴢ",
    "aAbBcCdeEefGhHiIjJkKlmMoOpPqsStTvVwxXyYyYaABeEnHiIkKMvNoOpPtTuYxXZynouUhgqiigayrnhacdejkmoptuvwz",
)


# What folding may change in a word that is printable and in NFKC already. ASCII has its own rules.
_FOLDS = re.compile(
    rf"[\x00-\x7f{_MARKS}\ufffd\d{''.join(map(re.escape, map(chr, ONE_TO_ONE)))}{''.join(map(chr, _LOOKALIKES))}]"
)


def one_to_one(text: str) -> str:
    """Return `text` with quotes, dashes, spaces, controls and lone surrogates made plain, every place unchanged."""
    if _is_plain(text):
        return text
    # What is strange alone: to translate a whole text is to look up every letter of it.
    parts, at = [], 0
    for start, end in _strange(text):
        parts += [text[at:start], text[start:end].translate(ONE_TO_ONE)]
        at = end
    return "".join([*parts, text[at:]])


def _strange(text: str) -> Iterator[tuple[int, int]]:
    """Yield where what is no plain ASCII stands, each run whole: of long texts by their numbers, several times as fast as an expression."""
    if len(text) < _LONG:
        yield from (run.span() for run in _RUN.finditer(text))
        return
    import numpy as np

    start = end = 0
    for low in range(0, len(text), _BLOCK):
        points = np.frombuffer(text[low : low + _BLOCK].encode("utf-32-le", "surrogatepass"), np.uint32)
        strange = np.concatenate(([False], ~_plain_points()[np.minimum(points, 0x7F)], [False]))
        bounds = np.flatnonzero(strange[1:] != strange[:-1]) + low
        for first, after in bounds.reshape(-1, 2).tolist():
            if first > end:
                if end:
                    yield start, end
                start = first
            end = after
    if end:
        yield start, end


@cache
def _plain_points() -> "NDArray[np.bool_]":
    import numpy as np

    return np.array([chr(point) in "\t\n\r" or 0x20 <= point < 0x7F for point in range(0x80)])  # noqa: PLR2004 - what ASCII prints


def _is_plain(text: str) -> bool:
    """Return whether `text` is ASCII without controls: by bytes, ten times as fast as an expression."""
    if not text.isascii():
        return False
    raw = text.encode("ascii")
    return len(raw.translate(None, _CONTROL_BYTES)) == len(raw)


def fold_edits(text: str) -> Iterator[Edit]:
    """Yield the changes that make the disguised parts of `text` plain."""
    if _is_plain(text):
        return
    for start, end in _strange(text):
        if end - start <= _WORD:
            yield from _word_edits(text[start:end], start, text)
            continue
        touches = _touches(text, start, end)
        if end - start <= _PIECE:
            yield from _run_edits(text[start:end], start, touches=touches)
            continue
        # Whoever asks looks at the clock between two edits, so a long run comes in pieces.
        touches = touches or _reads_as_ascii(text[start:end], touches)
        for low, high in _pieces(text, start, end):
            yield from _run_edits(text[low:high], low, touches=touches)


def _word_edits(run: str, start: int, text: str) -> Sequence[Edit]:
    """Return the changes of a short run; most need none, whatever stands beside them."""
    touching, apart = _fold_word(run)
    folded, same_length = touching
    if touching != apart and not _touches(text, start, start + len(run)):
        folded, same_length = apart
    if folded == run:
        return ()
    if same_length:
        return (Edit(start, start + len(run), folded, linear=True),)
    return tuple(_by_cluster(run, start, touches=_touches(text, start, start + len(run))))


def _touches(text: str, start: int, end: int) -> bool:
    return _is_ascii_letter(text[start - 1 : start]) or _is_ascii_letter(text[end : end + 1])


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the parts of a long run; marks stay with their letter."""
    while start < end:
        stop = min(end, start + _PIECE)
        while stop < end and _MARK.match(text, stop):
            stop += 1
        yield start, stop
        start = stop


def _run_edits(run: str, start: int, *, touches: bool) -> Iterator[Edit]:
    folded, same_length = _fold_run(run, touches=touches)
    if folded == run:
        return
    if same_length:
        yield Edit(start, start + len(run), folded, linear=True)
    else:
        yield from _by_cluster(run, start, touches=touches)


def _is_ascii_letter(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _by_cluster(run: str, start: int, *, touches: bool) -> Iterator[Edit]:
    reads_as_ascii = _reads_as_ascii(run, touches)
    for cluster in _CLUSTER.finditer(run):
        folded = _fold_cluster(cluster.group()[: MARKS_KEPT + 1], reads_as_ascii)
        if folded != cluster.group():
            yield Edit(
                start + cluster.start(),
                start + cluster.end(),
                folded,
                linear=len(folded) == cluster.end() - cluster.start(),
            )


Folded = tuple[str, bool]  # and whether every letter has kept its place


@lru_cache(maxsize=8192)
def _fold_word(run: str) -> tuple[Folded, Folded]:
    """Return what a run folds to beside a letter of ASCII, and apart from any."""
    # Most words of most languages stay as they are: three questions of the interpreter's own, in place of one for each letter.
    if not _FOLDS.search(run) and run.isprintable() and unicodedata.is_normalized("NFKC", run):
        return (run, True), (run, True)
    return _fold_run(run, touches=True), _fold_run(run, touches=False)


def _fold_run(run: str, *, touches: bool) -> Folded:
    if _is_tag_text(run):
        return "".join(chr(ord(tag) - 0xE0000) for tag in run), True
    reads_as_ascii = _reads_as_ascii(run, touches)
    clusters = _CLUSTER.findall(run)
    parts = [_fold_cluster(cluster[: MARKS_KEPT + 1], reads_as_ascii) for cluster in clusters]
    aligned = all(len(part) == len(cluster) for part, cluster in zip(parts, clusters, strict=True))
    return "".join(parts), aligned


def _is_tag_text(run: str) -> bool:
    return len(run) >= _TAG_TEXT and all(ord(character) in _TAGS for character in run)


def _reads_as_ascii(run: str, touches: bool) -> bool:  # noqa: FBT001 - mirrors the cached function
    """A word is a disguise when it mixes scripts, or when every letter of it has an ASCII twin."""
    letters = [letter for letter in run if letter.isalpha()]
    return touches or all(ord(letter) in _LOOKALIKES for letter in letters)


@lru_cache(maxsize=8192)
def _fold_cluster(cluster: str, reads_as_ascii: bool) -> str:  # noqa: FBT001 - part of the cache's key
    plain = unicodedata.normalize("NFKC", cluster)
    if reads_as_ascii:
        plain = plain.translate(_LOOKALIKES)
    return "".join(_plain_character(character) for character in plain)


def _plain_character(character: str) -> str:
    if character.isascii():
        return "" if _CONTROL.match(character) else character
    if _MARK.match(character) or character == "\ufffd" or unicodedata.category(character) in ("Cf", "Cc", "Cs"):
        return ""
    decimal = unicodedata.decimal(character, None)
    return ONE_TO_ONE.get(ord(character), character) if decimal is None else str(decimal)
