"""Which languages a text is written in, besides English: by its letters, or by the small words that no sentence does without.

The names model reads English and, less surely, the languages of PARTLY_READ; in others names are not looked for at all. So a text in one
of them has to be reported, and a policy decides. Code, lists and names have few small words and are in no language.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from .detector import NO_FILES, Budget, Canary
from .spans import LANGUAGE, Span
from .views import Kind

PARTLY_READ = frozenset({"de", "fr", "es", "it", "nl", "pt", "pl"})
_WORDS = Path(__file__).parent / "language_words.txt"
_BLOCK = (
    400  # characters judged at once, on to the end of their line or sentence: a letter quoted in a long text counts
)
_LONGEST_BLOCK = 2000
_END = re.compile(r"\n|[.!?]\s")
_WORD = re.compile(r"(?<!\w)[^\W\d_]+(?:['’][^\W\d_]+)?(?!\w)")
# So many different words speak for a language, as such a part of all; those that only English has are at most half as many.
_LEAST_WORDS, _LEAST_SHARE = 3, 0.22
_FEW_WORDS, _LARGE_SHARE = 2, 0.4  # a single sentence
_LEAST_OF_NAMES = 0.12  # of the words of a sentence whose names are looked up in the lists of a language
# Parts of names: alone they make a list of people, no sentence. Single letters are names in code.
_OF_NAMES = frozenset({"de", "la", "las", "los", "del", "di", "da", "do", "dos", "das", "du", "des", "le", "van", "der", "den", "von", "zu", "al", "el", "een", "ten", "san"})  # fmt: skip
_LEAST_LETTERS, _LEAST_PART = 6, 0.3  # of another script, among all letters
# BCP 47: "und" where several languages are written so.
_SCRIPTS = {
    "ja": "\u3040-\u30ff\uff66-\uff9f", "ko": "\u1100-\u11ff\uac00-\ud7af", "zh": "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0002ffff",
    "und-Cyrl": "\u0400-\u052f", "el": "\u0370-\u03ff\u1f00-\u1fff", "he": "\u0590-\u05ff", "und-Arab": "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff",
    "und-Deva": "\u0900-\u097f", "und-Beng": "\u0980-\u09ff", "pa": "\u0a00-\u0a7f", "gu": "\u0a80-\u0aff", "ta": "\u0b80-\u0bff", "te": "\u0c00-\u0c7f",
    "kn": "\u0c80-\u0cff", "ml": "\u0d00-\u0d7f", "th": "\u0e00-\u0e7f", "hy": "\u0530-\u058f", "ka": "\u10a0-\u10ff", "und-Ethi": "\u1200-\u137f",
    "km": "\u1780-\u17ff", "my": "\u1000-\u109f",
}  # fmt: skip
_OF_SCRIPT = {tag: re.compile(f"[{letters}]") for tag, letters in _SCRIPTS.items()}
# Letters that few others have: they tell languages apart that share their small words.
_LETTERS = {
    "de": "ß", "fr": "êèœ", "es": "ñ¿¡", "pt": "ãõ", "pl": "ąęłśżźćń", "cs": "ěřů", "sk": "ľĺŕ", "hu": "őű", "tr": "ğış", "ro": "țșă", "sv": "äö", "da": "æø", "no": "æø", "fi": "ä",
    "lt": "ėįų", "lv": "āēīūķļņ", "et": "õ", "vi": "ạảấầậắẵếềệịọốồộớờợụứừữỳđ", "hr": "đ",
}  # fmt: skip
_OF_LETTERS = {tag: re.compile(f"[{letters}]") for tag, letters in _LETTERS.items()}
_LETTER = re.compile(r"[^\W\d_]")
# Latin letters as words and formulas have them, full width and styled ones too: what is neither of these nor of a script above is of another.
_LATIN = re.compile("[A-Za-zªºµ\u00c0-\u02af\u1d00-\u1dbf\u1e00-\u1eff\u2071\u207f\u2090-\u209c\u2100-\u214f\u2c60-\u2c7f\ua720-\ua7ff\uab30-\uab6f\ufb00-\ufb06\uff21-\uff3a\uff41-\uff5a\U0001d400-\U0001d7ff]")  # fmt: skip
_OTHER_SCRIPT, _OTHER_LATIN = "und", "und-Latn"
# English has such letters in a few borrowed words. So many different words written small, and such a part of all of them, are another language.
_MARKED_LETTER = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")
_LEAST_MARKED, _LEAST_MARKED_SHARE = 3, 0.15
_KANA = 0.05  # a text with so many of them among its ideographs is Japanese


class Languages:
    name = "languages"
    version = "2"
    views = frozenset({Kind.RAW, Kind.DECODED})
    canaries = (
        Canary("Synthetic canary: das ist ein Satz, der nicht auf Englisch ist und den wir auch so nennen.", LANGUAGE),
    )
    files = NO_FILES

    def find(self, texts: Sequence[str], budget: Budget) -> list[list[Span]]:
        found = []
        for text in texts:
            spans = []
            for span in spans_of(text):
                budget.check()
                spans.append(span)
            found.append(spans)
        return found


def spans_of(text: str) -> Iterator[Span]:
    """Yield the stretches of `text` that are in another language than English; the sub-type is its BCP 47 tag."""
    judged = [(start, end, language_of(text[start:end])) for start, end in _blocks(text)]
    for tag, blocks in groupby(judged, key=lambda block: block[2]):
        stretch = list(blocks)
        if tag:
            yield Span(LANGUAGE, stretch[0][0], stretch[-1][1], 0.8, tag)


def is_partly_read(tag: str) -> bool:
    """Return whether names are looked for in a language, if less surely than in English."""
    return tag in PARTLY_READ


def language_of(text: str) -> str:
    """Return the BCP 47 tag of the language `text` is in; "" for English, for code, and for what is too short to tell."""
    if not text.isascii() and (tag := _by_script(text)):
        return tag
    heard = _heard(text)
    if heard is not None and heard.is_told:
        return heard.tag
    if not text.isascii() and _has_marked_words(text):
        return heard.tag if heard is not None else _OTHER_LATIN
    return ""


def _has_marked_words(text: str) -> bool:
    words = [word for word in _WORD.findall(text) if word[0].islower()]
    marked = [word for word in words if _MARKED_LETTER.search(word)]
    return len(set(marked)) >= _LEAST_MARKED and len(marked) >= _LEAST_MARKED_SHARE * len(words)


def _by_script(text: str) -> str:
    letters = len(_LETTER.findall(text))
    counts = {tag: len(pattern.findall(text)) for tag, pattern in _OF_SCRIPT.items()}
    if counts["ja"] >= _KANA * (counts["zh"] + counts["ja"]):
        counts["ja"], counts["zh"] = counts["ja"] + counts["zh"], 0
    counts[_OTHER_SCRIPT] = letters - len(_LATIN.findall(text)) - sum(counts.values())
    tag = max(counts, key=lambda each: counts[each])
    return tag if counts[tag] >= max(_LEAST_LETTERS, _LEAST_PART * letters) else ""


@dataclass(frozen=True, slots=True)
class _Heard:
    """How much speaks for the likeliest language: its words, those that tell it from names, and the words only English has."""

    tag: str
    count: int
    telling: frozenset[str]
    against: int
    english: frozenset[str]
    words: int

    @property
    def is_told(self) -> bool:
        share = self.count / self.words
        many = len(self.telling) >= _LEAST_WORDS and share >= _LEAST_SHARE
        few = len(self.telling) >= _FEW_WORDS and share >= _LARGE_SHARE and not self.telling <= self.english
        return (many or few) and self.count >= 2 * self.against


def names_language_of(text: str) -> str:
    """Return the language whose lists of names fit `text`, one of PARTLY_READ: as language_of says, or already where a few small words speak for it."""
    heard = _heard(text) if text.isascii() or not _by_script(text) else None
    if heard is None or heard.tag not in PARTLY_READ:
        return ""
    enough = len(heard.telling - heard.english) >= _FEW_WORDS and heard.count > 2 * heard.against
    likely = enough and heard.count >= _LEAST_OF_NAMES * heard.words
    return heard.tag if likely or heard.is_told else ""


def stretches_for_names(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, tag) of the stretches that names_language_of tells."""
    for start, end in _blocks(text):
        if tag := names_language_of(text[start:end]):
            yield start, end, tag


def _heard(text: str) -> _Heard | None:
    words = _WORD.findall(text.lower()) if text.isascii() else [word.lower() for word in _WORD.findall(text)]
    known = _languages_of_words()
    told = _telling_words().intersection(words)
    if len(told) < _FEW_WORDS or (text.isascii() and _is_plainly_english(words)):
        return None
    each = Counter(tag for word in told for tag in known[word] if tag != "en")
    if max(each.values(), default=0) < _FEW_WORDS:
        return None
    hits: dict[str, list[str]] = {}
    for word in words:
        for tag in known.get(word, ()):
            hits.setdefault(tag, []).append(word)
    english = hits.pop("en", [])
    best = max(hits, key=lambda tag: (len(hits[tag]) + _letters_for(tag, text), tag), default="")
    if not best:
        return None
    telling = _telling_words().intersection(hits[best])
    against = sum(best not in known[word] for word in english)
    return _Heard(best, len(hits[best]), telling, against, frozenset(english), len(words))


def _is_plainly_english(words: Sequence[str]) -> bool:
    """Return whether so many words are English alone that no other language can have twice as many, as it must. Most text is."""
    english, foreign = _words_of_english_alone(), _words_of_others()
    return sum(map(foreign.__contains__, words)) < 2 * sum(map(english.__contains__, words))


@cache
def _words_of_english_alone() -> frozenset[str]:
    return frozenset(word for word, tags in _languages_of_words().items() if tags == ("en",))


@cache
def _words_of_others() -> frozenset[str]:
    return frozenset(word for word, tags in _languages_of_words().items() if tags != ("en",))


@cache
def _telling_words() -> frozenset[str]:
    """Return the words of other languages than English that are no letters and no parts of names: a language is told by two of them at least."""
    known = _languages_of_words().items()
    return (
        frozenset(word for word, tags in known if tags != ("en",) and (len(word) > 1 or not word.isascii())) - _OF_NAMES
    )


def _letters_for(tag: str, text: str) -> int:
    return len(_OF_LETTERS[tag].findall(text)) if tag in _OF_LETTERS and not text.isascii() else 0


@cache
def _languages_of_words() -> Mapping[str, tuple[str, ...]]:
    known: dict[str, tuple[str, ...]] = {}
    for line in _WORDS.read_text(encoding="utf-8").splitlines():
        tag, *words = line.split()
        for word in dict.fromkeys(words):
            known[word] = (*known.get(word, ()), tag)
    return known


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    while at < len(text):
        end = _END.search(text, min(len(text), at + _BLOCK), at + _LONGEST_BLOCK)
        stop = end.end() if end else min(len(text), at + _LONGEST_BLOCK)
        yield at, stop
        at = stop


def load(options: Mapping[str, Any], *, key: bytes, models: Path | None) -> Languages:  # noqa: ARG001 - one signature for all detectors
    """Return the detector. It has no options."""
    return Languages()
