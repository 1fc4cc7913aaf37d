"""Dates of birth: a date beside words that say somebody was born then. A date alone is no finding: every log and ticket has one.

Presidio calls it DATE_TIME. Read in English, German, French, Spanish, Italian, Dutch, Portuguese and Polish, in sentences, forms and columns.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from pathlib import Path

from governance.detection.likely import Likely
from governance.detection.spans import Span

from .columns import cells_below

_SCORE = 0.85
_NEAR, _LONGEST = 80, 32  # characters between a date and the words for it, and of a date
# "key: words" a line: months and their short forms, and the small words that may stand between somebody's birth and its date.
_WORDS: dict[str, list[str]] = {}
for _line in (Path(__file__).parent / "birth_words.txt").read_text(encoding="utf-8").splitlines():
    _WORDS.setdefault(_line.partition(": ")[0], []).extend(_line.partition(": ")[2].split())
_MONTH = rf"(?:{'|'.join(sorted(_WORDS['month'], key=lambda word: (-len(word), word)))})\b\.?"
_DAY, _NUMBER, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:1[89]|20)\d\d"
_ANY_YEAR = rf"(?:{_YEAR}|['’]?\d\d)(?!\w)"
_BETWEEN = r"[ \t]?[\-/.,][ \t]?|[ ]"
_ORDINAL, _OF = r"(?:st|nd|rd|th|er|[º°])?", r"[ \t.,\-/]{0,2}(?:(?:of|de|del)[ \t])?"
# As people say and dictate it: "the ninth of May nineteen sixty-two".
_UNITS = "one|two|three|four|five|six|seven|eight|nine"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_NTH = (
    "(?:(?:twenty|thirty)[ \\-])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|tenth|eleventh|twelfth|"
    "thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth"
)
_SAID_YEAR = (
    rf"(?:(?:eighteen|nineteen|twenty)[ \-](?:hundred(?:[ ]and)?[ ])?(?:(?:{_TENS})(?:[ \-](?:{_UNITS}))?|(?:oh|o)[ \-](?:{_UNITS})|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:{_UNITS}))"
    rf"|two[ ]thousand(?:[ ](?:and[ ])?(?:{_UNITS}|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|twenty))?)\b"
)
_SAID_DATE = rf"(?:the[ ])?(?:{_NTH})[ ](?:of[ ])?{_MONTH}(?:,?[ ](?:in[ ])?(?:{_SAID_YEAR}|{_ANY_YEAR}))?|{_MONTH}[ ](?:the[ ])?(?:{_NTH})\b(?:,?[ ](?:{_SAID_YEAR}|{_ANY_YEAR}))?|{_DAY}{_ORDINAL}[ ](?:of[ ])?{_MONTH},?[ ]{_SAID_YEAR}"
_DATE = re.compile(
    rf"(?<![\w.])(?:{_SAID_DATE}|{_YEAR}(?P<y>{_BETWEEN}){_NUMBER}(?P=y){_DAY}(?=T\d|(?!\w))"
    rf"|{_DAY}(?P<d>{_BETWEEN}){_NUMBER}(?P=d){_ANY_YEAR}|{_NUMBER}(?P<m>{_BETWEEN}){_DAY}(?P=m){_ANY_YEAR}"
    rf"|{_DAY}{_ORDINAL}{_OF}{_MONTH}(?:{_OF}{_ANY_YEAR})?"
    rf"|{_MONTH}[ \t\-]{{0,2}}{_DAY}{_ORDINAL}(?!\w)(?:,?[ \t\-]{{1,2}}{_ANY_YEAR})?|{_MONTH}{_OF}{_YEAR}(?!\w))",
    re.IGNORECASE,
)  # fmt: skip
# Each date has one of these. Where none stands, none is looked for: many words for a birth and no date would take long.
_HINT = re.compile(r"\d|first|second|third|th(?!\w)", re.IGNORECASE)
_DD, _MM = r"(?:0[1-9]|[12]\d|3[01])", r"(?:0[1-9]|1[0-2])"
_COMPACT = re.compile(rf"{_YEAR}{_MM}{_DD}(?!\w)|{_DD}{_MM}{_YEAR}(?!\w)")  # only where nothing else can stand
_ONLY_YEAR = re.compile(rf"{_YEAR}(?!\w)")

# What a form, a column or a key is called.
_LABEL = (
    r"date[ \t_\-]{0,3}of[ \t_\-]{0,3}birth|birth[ \t_\-]{0,3}(?:date|day)|d\.o\.b\.?|dob|b-?day|geburts[ \t_\-]{0,3}(?:datum|tag)|geb\.?[ \t_\-]?(?:datum|dat\.)|"
    r"date[ \t_]{0,3}de[ \t_]{0,3}naissance|fecha[ \t_]{0,3}de[ \t_]{0,3}nacimiento|f(?:echa)?\.?[ \t_]{0,3}(?:de[ \t_]{1,3})?nac\b\.?|cumpleaños|data[ \t_]{0,3}di[ \t_]{0,3}nascita|compleanno|geboortedatum|verjaardag|"
    r"data[ \t_]{0,3}de[ \t_]{0,3}nascimento|d(?:t|ata)\.?[ \t_]{0,3}(?:de[ \t_]{1,3})?nasc\b\.?|aniversário|dat[aęy][ \t_]{0,3}urodzenia|urodziny"
)
_YEAR_LABEL = (
    r"year[ \t_\-]{0,3}of[ \t_\-]{0,3}birth|birth[ \t_\-]{0,3}year|yob|geburtsjahr|ann[ée]e[ \t_]{0,3}de[ \t_]{0,3}naissance|año[ \t_]{0,3}de[ \t_]{0,3}nacimiento|anno[ \t_]{0,3}di[ \t_]{0,3}nascita|"
    r"geboortejaar|ano[ \t_]{0,3}de[ \t_]{0,3}nascimento|rok[ \t_]{0,3}urodzenia"
)
_BORN = (
    r"born|geboren|nacid[oa]s?|nació|nací|nat[oaie](?=[ \t]+(?:il|a|ad|in|nel|l)\b)|nacque|né\(e\)|née?(?=[ \t]+(?:le|à|en)\b)|nascid[oa]s?|nasceu|urodzon[yaei]|"
    r"urodził(?:[aoe]?[mś]?|am|em)[ \t]+się"
)
_SAID = re.compile(
    # A label may be the end of a word that has capitals inside: patientDateOfBirth.
    rf"(?:(?<![^\W_])|(?-i:(?<=[a-z])(?=[A-Z])))(?:(?P<label>{_LABEL})|(?P<year>{_YEAR_LABEL})|(?P<born>{_BORN}))(?![^\W\d_])", re.IGNORECASE
)  # fmt: skip
_QUICK = ("birth", "dob", "d.o.b", "bday", "b-day", "yob", "born", "gebo", "gebu", "geb.", "geb_", "naiss", "né", "naci", "nac.", "nasc", "nato ", "nata ", "nati ", "nate ", "nacque", "cumple", "complean", "verjaardag", "anivers", "urodz")  # fmt: skip
# Short signs: the date stands right behind.
_SIGN = re.compile(r"(?<!\w)(?:geb\.|b\.|ur\.|(?<=[(,])[ ]?\*)[ \t]?(?:(?:am|dnia|op)[ \t])?\d", re.IGNORECASE)
_LIKELY = Likely([_SAID, _SIGN])

_IS, _WHOSE, _FORM, _BORN_AT = (frozenset(_WORDS[key]) for key in ("is", "whose", "form", "born"))
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_ENDS = re.compile(r"[.!?;][)\"']*\s|\n\s*\n\s*\n")
_ANSWER = re.compile(
    r"\A[^.;\n]{0,12}\?[\"”]?\s{1,3}(?:[^\W\d_][\w ]{0,20}:\s{0,2})?(?:(?:it['’]s|it is|sure|yes|yeah|um|uh|that['’]s)\b[,.]?\s{0,2}){0,3}",
    re.IGNORECASE,
)
_CALL = re.compile(r"\W{0,6}(?:new )?(?:\w{1,20}\.)?date(?:time)?\(['\"]?", re.IGNORECASE)
_SMALL_GAP = re.compile(r"[\s:=\"'#>|()\-–—.]{0,8}")


def births(text: str) -> Iterator[Span]:
    """Yield the dates of birth."""
    likely = _LIKELY.of(text)
    places: list[tuple[int, int]] = []
    small = text.lower() if _SAID in likely else ""
    if any(sign in small for sign in _QUICK):
        said = list(_SAID.finditer(text))
        hints = [hint.start() for hint in _HINT.finditer(text)] if said else []
        places += [place for words in said if (place := _behind(text, words, hints) or _before(text, words, hints))]
        places += _in_columns(text, [words.span() for words in said if words["label"]])
    signs = _SIGN.finditer(text) if _SIGN in likely else ()
    places += [date.span() for sign in signs if (date := _DATE.match(text, sign.end() - 1))]
    yield from (Span("DATE_TIME", start, end, _SCORE) for start, end in dict.fromkeys(places))


def _is_hinted(hints: Sequence[int], start: int, end: int) -> bool:
    place = bisect_left(hints, start)
    return place < len(hints) and hints[place] < end


def _behind(text: str, said: re.Match[str], hints: Sequence[int]) -> tuple[int, int] | None:
    """Return the place of the date that the words announce."""
    if not _is_hinted(hints, said.end(), said.end() + _NEAR + _LONGEST):
        return None
    if not said["year"]:
        date = _DATE.search(text, said.end(), said.end() + _NEAR + _LONGEST)
        near = date and date.start() <= said.end() + _NEAR
        if date and near and _belongs(text[said.end() : date.start()], born=bool(said["born"])):
            return date.span()
    if said["born"]:
        return None
    gap = _SMALL_GAP.match(text, said.end())
    date = (_ONLY_YEAR if said["year"] else _COMPACT).match(text, gap.end() if gap else said.end())
    return date.span() if date else None


def _belongs(gap: str, *, born: bool) -> bool:
    """Return whether nothing between the words and the date speaks of anything else."""
    if _CALL.fullmatch(gap):
        return True
    gap = _ANSWER.sub("", gap)
    ends = _ENDS.search(gap)
    if born:
        return ends is None and all(word[0].isupper() or word.lower() in _BORN_AT for word in _WORD.findall(gap))
    if ends:
        return ends.group()[0] != "\n" and all(word.lower() in _IS for word in _WORD.findall(gap))
    return _is_of_form(_WORD.findall(gap))


def _is_of_form(words: list[str]) -> bool:
    whose = False
    for word in words:
        small = word.lower().replace("’", "'")
        if small in _FORM | _IS | _WHOSE or small == "s":
            whose = small in _WHOSE or (whose and small == "s")
        elif not (whose and word[0].isupper()):
            return False
    return True


def _before(text: str, said: re.Match[str], hints: Sequence[int]) -> tuple[int, int] | None:
    """Return the place of a date that stands before: "on 14 March 1987 Anna was born", "14 March is my birthday", "14/03/1987 (DOB)"."""
    low = max(0, said.start() - _NEAR)
    if not _is_hinted(hints, low, said.start()):
        return None
    dates = list(_DATE.finditer(text, low, said.start()))
    if not dates or said["year"]:
        return None
    gap = text[dates[-1].end() : said.start()]
    words = _WORD.findall(gap)
    if said["born"]:
        return dates[-1].span() if _belongs(gap, born=True) else None
    is_said = any(word.lower() in _IS for word in words) and _ENDS.search(gap) is None
    in_brackets = gap.strip() == "(" and text[said.end() : said.end() + 1] == ")"
    return dates[-1].span() if in_brackets or (is_said and _is_of_form(words)) else None


def _in_columns(text: str, labels: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the dates in the columns of a table whose heading says what they are."""
    for _, cell in cells_below(text, labels):
        date = _DATE.search(text, *cell) or _COMPACT.search(text, *cell)
        if date and not _WORD.search(text, cell[0], date.start()):
            yield date.span()
