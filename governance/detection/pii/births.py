"""Dates of birth: a date beside words that say somebody was born then. A date alone is no finding: every log and ticket has one.

Presidio calls it DATE_TIME. Read in English, German, French, Spanish, Italian, Dutch, Portuguese and Polish, in sentences, forms and columns.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from governance.detection.likely import Likely
from governance.detection.spans import Span

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
_DATE = re.compile(
    rf"(?<![\w.])(?:{_YEAR}(?P<y>{_BETWEEN}){_NUMBER}(?P=y){_DAY}(?=T\d|(?!\w))"
    rf"|{_DAY}(?P<d>{_BETWEEN}){_NUMBER}(?P=d){_ANY_YEAR}|{_NUMBER}(?P<m>{_BETWEEN}){_DAY}(?P=m){_ANY_YEAR}"
    rf"|{_DAY}{_ORDINAL}{_OF}{_MONTH}(?:{_OF}{_ANY_YEAR})?"
    rf"|{_MONTH}[ \t\-]{{0,2}}{_DAY}{_ORDINAL}(?!\w)(?:,?[ \t\-]{{1,2}}{_ANY_YEAR})?|{_MONTH}{_OF}{_YEAR}(?!\w))",
    re.IGNORECASE,
)  # fmt: skip
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
_SEPARATORS, _LONGEST_HEADING, _LONGEST_ROW = "\t|;,", 2000, 4000
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_ENDS = re.compile(r"[.!?;][)\"']*\s|\n\s*\n\s*\n")
_CALL = re.compile(r"\W{0,6}(?:new )?(?:\w{1,20}\.)?date(?:time)?\(['\"]?", re.IGNORECASE)
_SMALL_GAP = re.compile(r"[\s:=\"'#>|()\-–—.]{0,8}")


def births(text: str) -> Iterator[Span]:
    """Yield the dates of birth."""
    likely = _LIKELY.of(text)
    places: list[tuple[int, int]] = []
    small = text.lower() if _SAID in likely else ""
    if any(sign in small for sign in _QUICK):
        said = list(_SAID.finditer(text))
        places += [place for words in said if (place := _behind(text, words) or _before(text, words))]
        places += _in_columns(text, [words.span() for words in said if words["label"]])
    signs = _SIGN.finditer(text) if _SIGN in likely else ()
    places += [date.span() for sign in signs if (date := _DATE.match(text, sign.end() - 1))]
    yield from (Span("DATE_TIME", start, end, _SCORE) for start, end in dict.fromkeys(places))


def _behind(text: str, said: re.Match[str]) -> tuple[int, int] | None:
    """Return the place of the date that the words announce."""
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


def _before(text: str, said: re.Match[str]) -> tuple[int, int] | None:
    """Return the place of a date that stands before: "on 14 March 1987 Anna was born", "14 March is my birthday", "14/03/1987 (DOB)"."""
    low = max(0, said.start() - _NEAR)
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
    """Yield the dates in the columns of a table whose heading says what they are: CSV, tabs, Markdown."""
    done = 0
    for start, end in labels:
        heading = text.rfind("\n", 0, start) + 1, text.find("\n", end)
        if start < done or heading[1] < 0 or heading[1] - heading[0] > _LONGEST_HEADING:
            continue
        separator = next((each for each in _SEPARATORS if each in text[slice(*heading)]), "")
        if not separator or any(map(str.isdigit, text[slice(*heading)])):
            continue
        cells = _cells(text, *heading, separator)
        column = next(number for number, (_, stop) in enumerate(cells) if start < stop or number == len(cells) - 1)
        done = heading[1] + 1
        while (row := _row(text, done, separator, len(cells))) is not None:
            date = _DATE.search(text, *row[column]) or _COMPACT.search(text, *row[column])
            if date and not _WORD.search(text, row[column][0], date.start()):
                yield date.span()
            done = row[-1][1] + 1


def _row(text: str, at: int, separator: str, cells: int) -> list[tuple[int, int]] | None:
    """Return the cells of the line at `at`; None when it is no row of the table."""
    end = text.find("\n", at)
    row = _cells(text, at, end if end >= 0 else len(text), separator) if at < len(text) else []
    return row if len(row) == cells else None


def _cells(text: str, start: int, end: int, separator: str) -> list[tuple[int, int]]:
    """Return the places of the cells of a line; a separator in quotation marks is none."""
    found, quoted = [], False
    for place in range(start, min(end, start + _LONGEST_ROW)):
        if text[place] == '"':
            quoted = not quoted
        elif text[place] == separator and not quoted:
            found.append((start, place))
            start = place + 1
    return [*found, (start, end)]
