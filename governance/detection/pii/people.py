"""People in German, French, Spanish, Italian, Dutch, Portuguese and Polish text, by titles, lists of names and how capitals are used there.

The names model is sure of English. Here a row of words with capitals is somebody when a title or a phrase announces it, or when the lists know
part of it. Streets, authorities and companies are written the same way; words of their own tell them apart.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from governance.detection.languages import stretches_for_names
from governance.detection.spans import Span

from .lists import Lists, lists_of
from .organisations import is_company
from .readings import in_address, is_town
from .towns import CAPITAL, announced_towns

SURE, LIKELY = 0.7, 0.5
_SURE_INSIDE, _SURE_AT_START = 0.5, 0.8  # of the model, where one word that no list knows is to be a person
_NAME = rf"{CAPITAL}(?:\.(?!\w)|[^\W\d_]+(?:['’\-][^\W\d_]+)*(?:\.(?:ra|na|ssa|ª))?\.?|['’][^\W\d_]+\.?)"
_PARTICLE = (
    r"(?:van|von|de|den|der|del|della|di|da|do|dos|das|du|des|la|las|le|los|lo|ten|ter|te|zu|dal|['’]t)[ ]|d['’]"
)
_RUN = re.compile(rf"(?<![\w.@/\-]){_NAME}(?:[ ](?:{_PARTICLE}){{0,3}}{_NAME})*(?![\w@/])")
_WORD = re.compile(r"\S+")
_STARTS = re.compile(r"(?:^|[.!?:\n…>•*|»\"“„(\-–—¿¡])\s*\Z")
_IN_PLACE = re.compile(
    r"(?<!\w)(?:en|in|w|we|te|naar|uit|nach|aus|à|em|no|na|do|bei|miejscowości|mieście|miasta|ciudad de|città di|stad|ville de|stadt|cidade de|comune di)\s\Z",
    re.IGNORECASE,
)
# "la oficina de ...", "abita a ...": small words that stand before people as well.
_OF_PLACE = re.compile(
    r"\b(?:(?:ofici\w+|sed[ei]|delegaci\w+|sucursal|tienda|aeropuerto|provincia|regi\w+|centro|alcald\w+|norte|sur|cerca|filial\w*|uffici\w+|negozi\w+|aeroporto|nord|sud|vicino|sindaco|escritório|loja|câmara|vestiging|kantoor|gemeente|burgemeester|oddzia\w+|biur\w+|gmin\w+|okolic\w+)\s(?:de|di|da|do|van|w|in)"
    r"|(?:v[iao]\w{0,5}|viaj\w+|mud\w+|lleg\w+|vuel\w+|abit\w+|trasfer\w+|arriv\w+|nat[oaie]|andar\w*|mor[ao]\w*|cheg\w+|nascid\w+|nacid\w+)\s(?:\w+\s){0,2}a)\s\Z",
    re.IGNORECASE,
)
_PLACES_OF_ONE_WORD = frozenset({"es", "it", "nl", "pl", "pt"})
_LAST_WORD = re.compile(r"(\S+)\s{1,3}\Z")
_ARTICLE = re.compile(r"\A(?:l|dell|all|d)['’]")
_LOOKS_BACK, _MOST_NAMES = 32, 5
_LONGEST_REST = 80  # characters of a name behind what the model saw of it
_SHORT = 2  # letters of a title that is another word unless a full stop stands behind it
_SHORT_TITLES = frozenset({"dr", "mw"})
# Names have cases in Polish: the ending of one, and what the name itself ends in.
_CASES = (("owi", ""), ("iem", ""), ("em", ""), ("ie", "a"), ("ie", ""), ("ą", "a"), ("ę", "a"), ("y", "a"), ("i", "a"), ("o", "a"), ("a", ""), ("u", ""))  # fmt: skip
_POLISH_FAMILY = re.compile(r"(?:[sc]k|dzk)(?:i|a|iego|iemu|im|iej|ą|ich)\Z|wicz(?:a|owi|em|u|e|ów)?\Z|(?:czy|nia|cza|sza)k(?:a|owi|iem|u)?\Z")  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    form: str  # as written
    small: str  # in small letters, without a full stop

    @property
    def capital(self) -> bool:
        return self.form[0].isupper()


def with_lists(text: str, spans: Sequence[Span]) -> list[Span]:
    """Return what the model saw in a text, mended by the lists where the text is in one of the languages that have some."""
    stretches = list(stretches_for_names(text))
    listed = [
        replace(span, start=start + span.start, end=start + span.end)
        for start, end, tag in stretches
        for span in people(text[start:end], tag)
    ]
    starts = [start for start, _, _ in stretches]
    sure = _Row([span for span in listed if span.score >= SURE])
    kept: list[Span] = []
    for span in spans:
        at = bisect_right(starts, span.start) - 1
        inside = at >= 0 and span.start < stretches[at][1]
        kept += _mended(text, span, lists_of(stretches[at][2]), sure) if inside else [span]
    places = _Row([span for span in kept if span.type == "LOCATION"])
    towns = [town for stretch in stretches for town in _towns(text, *stretch)]
    kept += (town for town in towns if not places.touching(town) and not sure.touching(town))
    return [*kept, *(span for span in listed if span.score >= SURE or not places.touching(span))]


def _towns(text: str, start: int, end: int, tag: str) -> Iterator[Span]:
    """Yield the towns that are announced in a stretch. A given name alone is somebody who is there."""
    for span in announced_towns(text[start:end], tag):
        town = replace(span, start=start + span.start, end=start + span.end)
        if not _is_given(text[town.start : town.end].lower(), lists_of(tag)):
            yield town


class _Row:
    """Spans in order, to ask which of them touch another."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = sorted(spans, key=lambda span: (span.start, span.end))
        self._starts = [span.start for span in self._spans]
        self._longest = max((span.end - span.start for span in self._spans), default=0)

    def touching(self, span: Span) -> list[Span]:
        low = bisect_left(self._starts, span.start - self._longest)
        high = bisect_left(self._starts, span.end)
        return [other for other in self._spans[low:high] if span.start < other.end]


def _mended(text: str, span: Span, lists: Lists, sure: _Row) -> list[Span]:
    """Return a person without the small words beside the name, or nothing for a single word that no list knows; a place without the people in it."""
    if span.type == "LOCATION" and not any(map(str.isdigit, text[span.start : span.end])):
        people = sure.touching(span)
        if not people:
            return [_full_name(text, span, lists) or span]
        return list(_between(text, span, people))
    words = [_word(found) for found in _WORD.finditer(text, span.start, span.end)]
    capitals = [word for word in words if word.capital]
    if span.type != "PERSON" or not capitals:
        return [span]
    span = replace(span, start=capitals[0].start, end=capitals[-1].end if capitals[-1] != words[-1] else span.end)
    known = len(capitals) > 1 or _is_given(capitals[0].small, lists) or _is_family(capitals[0].small, lists)
    if known or _follows_title(text, span.start, lists):
        return [span]
    least = _SURE_AT_START if _begins(text, capitals[0]) else _SURE_INSIDE
    return [span] if span.score >= least and capitals[0].small not in lists.titles else []


def _full_name(text: str, span: Span, lists: Lists) -> Span | None:
    """Return the person where two words or more that begin with what the model took for a place are somebody.

    No word before them speaks of a place, and none of them is of one. In the languages whose towns have one name mostly and whose nouns are
    small; the model reads unknown names there as places.
    """
    if lists.tag not in _PLACES_OF_ONE_WORD:
        return None
    # A row of capitals may be as long as the text: only so much of it can be a name.
    row = _RUN.match(text, span.start, span.end + _LONGEST_REST)
    if row is None or not span.end <= row.end() < span.end + _LONGEST_REST:
        return None
    words = row.group().split()
    if not 1 < sum(word[0].isupper() for word in words) <= _MOST_NAMES:
        return None
    low = max(0, span.start - _LOOKS_BACK)
    of_place = (
        any(word.rstrip(".").lower() in lists.others or is_town(word) for word in words)
        or _IN_PLACE.search(text, low, span.start)
        or _OF_PLACE.search(text, low, span.start)
    )
    other = of_place or is_company(text, *row.span()) or in_address(text, *row.span())
    return None if other else replace(span, type="PERSON", end=row.end())


def _between(text: str, span: Span, people: Sequence[Span]) -> Iterator[Span]:
    """Yield the rows of capitals of a place that are none of the people the model took in with it."""
    for run in _RUN.finditer(text, span.start, span.end):
        if not any(run.start() < other.end and other.start < run.end() for other in people):
            yield replace(span, start=run.start(), end=run.end())


def people(text: str, tag: str) -> Iterator[Span]:
    """Yield the people named in a text of the language `tag`, one of lists.FOREIGN."""
    lists = lists_of(tag)
    for run in _RUN.finditer(text):
        words = [_word(found) for found in _WORD.finditer(text, *run.span())]
        somebody = _somebody(text, words, lists)
        if somebody is None or is_company(text, somebody.start, somebody.end):
            continue
        if not in_address(text, somebody.start, somebody.end):
            yield somebody


def _word(found: re.Match[str]) -> _Word:
    return _Word(found.start(), found.end(), found.group(), found.group().rstrip(".").lower())


def _somebody(text: str, words: Sequence[_Word], lists: Lists) -> Span | None:
    """Return who is named by a row of words with capitals and the particles between them; None when nobody is."""
    first, said = _announced(text, words, lists)
    if not said and _begins(text, words[first]) and not _is_given(words[first].small, lists):
        # A word that begins a sentence has its capital from there.
        first = next((place for place in range(first + 1, len(words)) if words[place].capital), len(words))
    names = _up_to_others(words[first:], lists)
    capitals = [place for place, word in enumerate(names) if word.capital][:_MOST_NAMES]
    if not capitals:
        return None
    kept = names[: capitals[-1] + 1]
    score = _judged(text, kept, said, lists)
    if score is None:
        return None
    begin = next(place for place, word in enumerate(kept) if said or score[1] <= place)
    end = kept[-1].end - (kept[-1].form.endswith(".") and len(kept[-1].small) > 1)
    return Span("PERSON", kept[begin].start, end, score[0])


def _announced(text: str, words: Sequence[_Word], lists: Lists) -> tuple[int, str]:
    """Return which word the name may begin with, and what announces it: "title", "phrase" or nothing."""
    said = (
        "title"
        if _follows_title(text, words[0].start, lists)
        else "phrase"
        if _follows_phrase(text, words[0].start, lists)
        else ""
    )
    first = 0
    for place, word in enumerate(words[:-1]):
        if _is_title(word.form, lists):
            first, said = place + 1, "title"
        elif place == first and _follows_phrase(text, words[place + 1].start, lists):
            first, said = place + 1, said or "phrase"
    return first, said


def _is_title(form: str, lists: Lists) -> bool:
    small = _ARTICLE.sub("", form.rstrip(".").lower())
    short = len(small) <= _SHORT and small not in _SHORT_TITLES and not form.endswith(".")
    shouted = len(small) > 1 and form.isupper() and not form.endswith(".")  # ING is a bank
    return small in lists.titles and not short and not shouted


def _follows_title(text: str, at: int, lists: Lists) -> bool:
    last = _LAST_WORD.search(text, max(0, at - _LOOKS_BACK), at)
    return last is not None and _is_title(last[1], lists)


def _follows_phrase(text: str, at: int, lists: Lists) -> bool:
    return lists.before.search(text, max(0, at - _LOOKS_BACK), at) is not None


def _begins(text: str, word: _Word) -> bool:
    return _STARTS.search(text, max(0, word.start - 3), word.start) is not None or word.start == 0


def _up_to_others(words: Sequence[_Word], lists: Lists) -> Sequence[_Word]:
    """Return the words before the first that speaks of a street, an office or a product; none when that is the first."""
    for place, word in enumerate(words):
        surname = (
            place > 0
            and place == len(words) - 1
            and word.small in lists.family
            and words[place - 1].small in lists.given
        )
        if word.capital and word.small in lists.others and not surname:
            return words[:place] if place > 1 else words[:0]
    return words


def _judged(text: str, words: Sequence[_Word], said: str, lists: Lists) -> tuple[float, int] | None:
    """Return how sure it is that the words name somebody, and which of them is the first of the name."""
    capitals = [place for place, word in enumerate(words) if word.capital]
    given = next((place for place in capitals if _is_given(words[place].small, lists)), None)
    family = [place for place in capitals if _is_family(words[place].small, lists)]
    if said == "title":
        return SURE, 0
    if given is not None and given != capitals[-1]:
        return SURE, 0 if capitals.index(given) and capitals[0] in family else given
    if given is not None and len(capitals) > 1 and family and family[0] < given:
        return LIKELY, family[0]
    if len(capitals) > 1:
        initial = len(words[0].small) == 1
        known = (family and family[-1] > capitals[0] and lists.tag != "de" and not _in_place(text, words[0])) or initial
        return (LIKELY, 0) if said or known else None
    single = given is not None and (said or (words[0].small in lists.own and not _in_place(text, words[0])))
    return (LIKELY, 0) if single else None


def _in_place(text: str, word: _Word) -> bool:
    return _begins(text, word) or _IN_PLACE.search(text, max(0, word.start - _LOOKS_BACK), word.start) is not None


def _is_given(small: str, lists: Lists) -> bool:
    return any(part in lists.given for part in _forms(small, lists))


def _is_family(small: str, lists: Lists) -> bool:
    polish = lists.tag == "pl" and _POLISH_FAMILY.search(small) is not None
    return polish or any(part in lists.family for part in _forms(small, lists))


def _forms(small: str, lists: Lists) -> Iterator[str]:
    """Yield the forms under which a name may be listed: itself, its first part, in Polish what it is a case of."""
    yield small
    if "-" in small:
        yield small.partition("-")[0]
    if lists.tag == "pl":
        for ending, instead in _CASES:
            if small.endswith(ending) and len(small) > len(ending) + 1:
                stem = small.removesuffix(ending) + instead
                yield stem
                if not instead:  # Marka, Pawła: a vowel is left out before the ending
                    yield f"{stem[:-1]}e{stem[-1]}"
