"""What two initiatives share, in words, and each of them beside the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from governance.core.vocabulary import Purpose, Technique
from governance.initiatives.rules import InitiativeState
from governance.initiatives.rules.overlaps import Described, marked
from governance.initiatives.selectors.overlaps import OverlapSide
from governance.remits.selectors import SimilarRow
from governance.web.frame import words
from governance.web.frame.sayings import Said

VERY, QUITE = 0.6, 0.45
Marked = Sequence[tuple[str, bool]]  # each text with whether both share it


@dataclass(frozen=True, slots=True)
class ShownSide:
    """One of two as the page shows it: its purpose in pieces, and what it uses by kind."""

    side: OverlapSide
    said: Said | None
    pieces: Marked
    uses: Sequence[tuple[str, Marked]]
    url: str


@dataclass(frozen=True, slots=True)
class ShownSimilar:
    """What already does something near what the reader writes down. `url` is "" where they may not look."""

    side: OverlapSide
    alike: str
    reasons: Sequence[str]
    url: str


def alike(score: float) -> str:
    """Return how alike two initiatives are, in words."""
    if score >= VERY:
        return "very alike"
    return "alike" if score >= QUITE else "somewhat alike"


def reasons(signals: Mapping[str, Sequence[str]]) -> list[str]:
    """Return what two initiatives share as sentences, the weightiest first."""
    purposes = [words.word(Purpose, each) for each in signals.get("purposes", ())]
    techniques = [words.word(Technique, each).lower() for each in signals.get("techniques", ())]
    said = [
        ("Both speak of", list(signals.get("words", ()))),
        ("Both mostly", purposes),
        ("Both use", list(signals.get("datasets", ()))),
        ("Both send to", list(signals.get("destinations", ()))),
        ("Both work by", techniques),
    ]
    return [f"{begin} {words.joined(shared)}." for begin, shared in said if shared]


def shown_side(side: OverlapSide, here: Described | None, there: Described | None) -> ShownSide:
    return ShownSide(
        side=side,
        said=words.state(InitiativeState, side.state) if side.state else None,
        pieces=marked(side.purpose_text, there.terms.keys() if there else set()),
        uses=_uses(here, there or Described({})) if here else (),
        url=reverse("initiative", args=[side.code]) if side.code else "",
    )


def _uses(here: Described, there: Described) -> list[tuple[str, Marked]]:
    return [
        ("Mostly", [(words.word(Purpose, each), each in there.purposes) for each in sorted(here.purposes)]),
        ("Data", [(title, ref in there.datasets) for ref, title in sorted(here.datasets.items())]),
        ("Sent to", [(title, ref in there.destinations) for ref, title in sorted(here.destinations.items())]),
        ("Works by", [(words.word(Technique, each), each in there.techniques) for each in sorted(here.techniques)]),
    ]


def shown_similar(row: SimilarRow) -> ShownSimilar:
    url = reverse("initiative", args=[row.side.code]) if row.side.code else ""
    return ShownSimilar(row.side, alike(row.resemblance.score), reasons(row.resemblance.signals()), url)
