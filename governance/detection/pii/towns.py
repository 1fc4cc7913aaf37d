"""Towns that the word before them announces: "w miejscowości X", "la ville de X". The names model, which read English most, misses many of them."""

import re
from collections.abc import Iterator

from governance.detection.spans import Span

SCORE = 0.7
CAPITAL = r"[^\W\d_a-zß-öø-ÿąćęłńóśźżœ]"
_TOWN = rf"{CAPITAL}[^\W\d_]+(?:[ \-]{CAPITAL}[^\W\d_]+){{0,2}}"
# Words that are of one town, never of several: "miasta Unii" are the cities of the Union.
_BEFORE = {
    "pl": r"(?:w|z|do|od|koło)\s(?:miejscowości|mieście|miasta|gminie|gminy|wsi)|miejscowość|miasto",
    "es": r"(?:ciudad|municipio|localidad|pueblo)\sde",
    "fr": r"(?:ville|commune|village)\sde",
    "it": r"(?:città|comune|paese)\sdi",
    "pt": r"(?:cidade|município|vila|concelho)\sde",
}
_ANNOUNCED = {tag: re.compile(rf"(?<!\w)(?i:{before})\s(?P<town>{_TOWN})(?!\w)") for tag, before in _BEFORE.items()}


def announced_towns(text: str, tag: str) -> Iterator[Span]:
    """Yield what a word before it announces as a town, in a text of the language `tag`."""
    for found in _ANNOUNCED[tag].finditer(text) if tag in _ANNOUNCED else ():
        yield Span("LOCATION", found.start("town"), found.end("town"), SCORE)
