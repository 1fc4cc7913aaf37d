"""The developers' assistant begins toward one model with most rules only observed; the letters ask for the same, and for too much."""

from governance.approvals.rules import DecisionKind
from governance.approvals.selectors import requests_of
from governance.gateway.services.observations import ask_to_observe
from governance.initiatives.models import Initiative
from governance.stack.story.cast import Cast
from governance.stack.story.deciding import Word, say
from governance.stack.story.destinations import STAND_IN
from governance.stack.story.titles import CODE, LETTERS

WRITER = "quillon"
YES = "Two weeks. Markings in code are mostly copied headers; secrets stay stopped."
FEWER = "Letters are about customers. Ten days, and tell the builders to try it with last year's letters first."
WISHES: list[tuple[str, str, str, int, str, Word]] = [
    (
        CODE,
        WRITER,
        "juno",
        14,
        "How often a marking in an old file header stops what is harmless.",
        ("samir", DecisionKind.APPROVE, YES),
    ),
    (
        LETTERS,
        STAND_IN,
        "lea",
        30,
        "Whether names of garages and streets are taken for customers.",
        ("samir", DecisionKind.REQUEST_CHANGES, FEWER),
    ),
]


def observe_at_first(cast: Cast, initiatives: dict[str, Initiative]) -> None:
    for day, (title, place, login, days, why, word) in enumerate(WISHES, start=18):
        told = {"initiative": initiatives[title].code, "destination": place, "reason": why}
        asked = ask_to_observe(**told, days=days, by=cast.actor(login), at=cast.calendar.day(day))
        request = requests_of("observation", [asked.pk])[asked.pk]
        say(cast, request.id, [word], began=cast.calendar.day(day, hour=5))
