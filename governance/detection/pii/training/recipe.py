"""The texts the names model is trained on: labelled rows given by path, frames filled by Faker, and code and prose about nobody.

An example is `(text, spans, known)`: spans are `(start, end, label)` in code points, `known` the labels that were looked for. Where a
label is not in `known`, "nothing there" says nothing about it.
"""

import gzip
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zlib import crc32

from faker import Faker

LABELS = ("PERSON", "PLACE", "ORG", "PHONE", "ID")
Example = tuple[str, list[tuple[int, int, str]], frozenset[str]]
ALL = frozenset(LABELS)
_HERE = Path(__file__).parent
_OF_TYPE = {"PERSON": "PERSON", "LOCATION": "PLACE", "ADDRESS": "PLACE", "ORGANIZATION": "ORG", "PHONE_NUMBER": "PHONE", "PH_MOBILE_NUMBER": "PHONE", "TR_PHONE_NUMBER": "PHONE"}  # fmt: skip
_NEITHER = {"DATE_TIME", "TITLE", "AGE", "NRP", "URL", "HANDLE", "EMAIL_ADDRESS", "SYSTEM", "PASSWORD", "SECRET"}
_ENGLISH = ("en_US", "en_GB", "en_IN", "en_AU", "en_CA", "en_NZ", "en_IE", "en_PH", "en_NG")
_LATIN = ("de_DE", "fr_FR", "es_ES", "it_IT", "nl_NL", "pt_BR", "pl_PL", "sv_SE", "da_DK", "no_NO", "fi_FI", "cs_CZ", "hu_HU", "ro_RO", "tr_TR", "es_MX", "hr_HR", "pt_PT", "fr_CH", "de_AT", "id_ID", "vi_VN")  # fmt: skip
_LANGUAGES = {"de": ("de_DE", "de_AT"), "fr": ("fr_FR", "fr_CH"), "es": ("es_ES", "es_MX"), "it": ("it_IT",), "nl": ("nl_NL",), "pt": ("pt_BR", "pt_PT"), "pl": ("pl_PL",)}  # fmt: skip
_PRODUCTS = "Jenkins Kafka Kubernetes Salesforce Jira Confluence SharePoint Outlook Snowflake Tableau Grafana Terraform Postgres Excel Windows Docker Airflow Databricks Zendesk Slack Teams Workday SAP Oracle Python Spark Redis Ubuntu Helm Figma Mercury Apollo Phoenix Atlas Titan Gemini Claude Jupyter Hadoop".split()  # noqa: SIM905
_SLOT = re.compile(r"\{(lower_|upper_)?(?:([a-z]{2})_)?(person|first|last|title|city|country|state|street|address_line|address|org|product|date|num|email|phone|iban|card)\}")  # fmt: skip
_OF_SLOT = {"person": "PERSON", "first": "PERSON", "last": "PERSON", "city": "PLACE", "country": "PLACE", "state": "PLACE", "street": "PLACE", "address": "PLACE", "address_line": "PLACE", "org": "ORG", "phone": "PHONE", "iban": "ID", "card": "ID"}  # fmt: skip


_CHOSEN = {"title": ("Mr.", "Mrs.", "Ms.", "Dr.", "Prof.", "Mr", "Ms", "Dr"), "product": _PRODUCTS}
_FAKED = {"first": "first_name", "last": "last_name", "city": "city", "country": "country", "state": "state", "street": "street_address", "address_line": "address", "org": "company", "email": "email", "phone": "phone_number", "iban": "iban", "card": "credit_card_number"}  # fmt: skip


class Makers:
    """One Faker for each locale, made once; `dice` decides everything, so a seed gives the same texts."""

    def __init__(self, seed: int) -> None:
        Faker.seed(seed)
        self.dice = random.Random(seed)
        self._made: dict[str, Faker] = {}

    def of(self, language: str | None = None) -> Any:
        if language in _LANGUAGES:
            locale = self.dice.choice(_LANGUAGES[language])
        else:
            locale = self.dice.choice(_ENGLISH if self.dice.random() < 0.6 else _LATIN)
        if locale not in self._made:
            self._made[locale] = Faker(locale)
        return self._made[locale]

    def value(self, slot: str, language: str | None = None) -> str:
        """Return a value for a slot of a frame, in the manner of one place of the world."""
        fake, dice = self.of(language), self.dice
        match slot:
            case "person":
                return self._person(fake)
            case "address":
                whole = self._said(fake, "address")
                return whole if dice.random() < 0.4 else whole.replace("\n", ", ")
            case "title" | "product":
                return dice.choice(_CHOSEN[slot])
            case "date":
                return str(fake.date(pattern=dice.choice(("%Y-%m-%d", "%d/%m/%Y", "%B %d, %Y", "%d.%m.%Y"))))
            case "num":
                return str(dice.choice((dice.randrange(9), dice.randrange(100), dice.randrange(100_000))))
            case _:
                return self._said(fake, _FAKED[slot]).replace("\n", ", ")

    def _said(self, fake: Any, what: str) -> str:
        # Some places of Faker's world have no states or telephones.
        made = getattr(fake, what, None) or getattr(self._made.setdefault("en_US", Faker("en_US")), what)
        return str(made())

    def _person(self, fake: Any) -> str:
        dice, first, last = self.dice, str(fake.first_name()), str(fake.last_name())
        shape = dice.random()
        if shape < 0.7:
            return f"{first} {last}"
        if shape < 0.78:
            return f"{first} {dice.choice('ABCDEFGHJKLMNPRSTW')}. {last}"
        if shape < 0.84:
            return f"{first[0]}. {last}"
        return f"{first} {fake.first_name()} {last}" if shape < 0.92 else first


def labelled_rows(rows: list[dict[str, Any]]) -> list[Example]:
    """Return rows of `{text, spans, eval_types}` as examples."""
    return [_labelled(row) for row in rows]


def _labelled(row: dict[str, Any]) -> Example:
    spans = [(s["start"], s["end"], _OF_TYPE.get(s["type"], "ID")) for s in row["spans"] if s["type"] not in _NEITHER]
    looked_for = row["eval_types"]
    known = ALL if "*" in looked_for else frozenset(_OF_TYPE.get(kind, "ID") for kind in looked_for)
    return row["text"], spans, known


def read_rows(path: Path) -> list[dict[str, Any]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def is_left_out(row: dict[str, Any]) -> bool:
    """Return whether a row is of the fifth, by its id, that is kept to measure on; identifiers alone teach nothing about names either."""
    return row["source"] == "presidio_unit_tests" or crc32(str(row["id"]).encode()) % 5 == 0


def filled(frame: str, makers: Makers) -> Example:
    """Return a frame with its slots filled, and where the values are."""
    text, spans, at = "", [], 0
    for match in _SLOT.finditer(frame):
        text += frame[at : match.start()]
        case, language, slot = match.groups()
        value = makers.value(slot, language)
        value = value.lower() if case == "lower_" else value.upper() if case == "upper_" else value
        if slot in _OF_SLOT:
            spans.append((len(text), len(text) + len(value), _OF_SLOT[slot]))
        text += value
        at = match.end()
    return text + frame[at:], spans, ALL


def frames(makers: Makers, count: int, *, name: str = "frames.txt") -> Iterator[Example]:
    """Yield `count` filled frames; some lines are joined, as paragraphs of one text."""
    lines = [line.replace("\\n", "\n") for line in (_HERE / name).read_text(encoding="utf-8").splitlines() if line]
    for _ in range(count):
        some = makers.dice.sample(lines, makers.dice.choice((1, 1, 1, 2, 3)))
        yield filled(makers.dice.choice(("\n", "\n\n", " ")).join(some), makers)


_SOMEBODY = re.compile(r"author|copyright|contribut|thanks|written|maintain|licen[sc]e|©|credit|@\w+\.\w|by [A-Z]|Dr\.|Mr|Inc|University|[A-Z]\w+ [A-Z]\. [A-Z]", re.IGNORECASE)  # fmt: skip


def about_nobody(folder: Path, makers: Makers, count: int) -> Iterator[Example]:
    """Yield blocks of code, docstrings and package descriptions under `folder` that name nobody as far as words can tell."""
    files = sorted([*folder.glob("*/*.py"), *folder.glob("*/*/*.py"), *folder.glob("*.dist-info/METADATA")])
    done = 0
    while done < count:
        path = makers.dice.choice(files)
        text = path.read_text(encoding="utf-8", errors="replace")
        start = text.find("\n", makers.dice.randrange(max(1, len(text)))) + 1
        block = "".join(
            line for line in text[start : start + 360].splitlines(keepends=True)[:-1] if not _SOMEBODY.search(line)
        )
        if len(block) > 80:
            done += 1
            yield block, [], frozenset({"PERSON", "PHONE"}) if path.name == "METADATA" else ALL


def anything(code: Path, makers: Makers, count: int) -> Iterator[Example]:
    """Yield blocks of code and package descriptions, whoever they name."""
    described = sorted(code.glob("*.dist-info/METADATA"))
    files = [*sorted([*code.glob("*/*.py"), *code.glob("*/*/*.py")]), *described]
    for _ in range(count):
        path = makers.dice.choice(described if makers.dice.random() < 0.5 else files)
        text = path.read_text(encoding="utf-8", errors="replace")
        start = text.find("\n", makers.dice.randrange(max(1, len(text)))) + 1
        yield text[start : start + 500], [], frozenset()


def varied(example: Example, makers: Makers) -> Example:
    """Return the example with other people and towns in it, or in another case: a model must not learn names by heart."""
    text, spans, known = example
    dice = makers.dice
    if spans and dice.random() < 0.5:
        text, spans = _other_names(text, spans, makers)
    shape = dice.random()
    if shape < 0.08 and len(text.lower()) == len(text):
        text = text.lower()
    elif shape < 0.11 and len(text.upper()) == len(text):
        text = text.upper()
    return text, spans, known


def _other_names(
    text: str, spans: list[tuple[int, int, str]], makers: Makers
) -> tuple[str, list[tuple[int, int, str]]]:
    made, moved, at = "", [], 0
    for start, end, label in sorted(spans):
        if start < at:
            continue
        made += text[at:start]
        value = _other(text[start:end], label, makers)
        moved.append((len(made), len(made) + len(value), label))
        made += value
        at = end
    return made + text[at:], moved


def _other(value: str, label: str, makers: Makers) -> str:
    if makers.dice.random() < 0.3 or not value[:1].isupper() or any(sign.isdigit() for sign in value):
        return value
    words = len(value.split())
    if label == "PERSON":
        return makers.value("first" if words == 1 else "person")
    return makers.value("city") if label == "PLACE" and words < 3 else value
