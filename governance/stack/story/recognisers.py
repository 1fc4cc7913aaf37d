"""What Alder Mutual looks for on its own: the numbers of its cases, and names of projects that nobody outside knows. Made up."""

from governance.core.actors import INSTALLER
from governance.detection.recognisers import Recogniser
from governance.scanning.services import add_recogniser, ensure_default
from governance.stack.story.cast import Cast

ANALYST, DAY = "nora", 17
OWN = {
    "Numbers of claims": Recogniser(
        id="claim-numbers",
        type="CLAIM_NUMBER",
        score=0.8,
        deny=(),
        patterns=(r"CL-\d{6}",),
        context=("claim", "case"),
        example="Claim CL-204417 is closed.",
    ),
    "Names of projects": Recogniser(
        id="project-names",
        type="PROJECT_NAME",
        score=0.9,
        deny=("Blue Heron", "Kestrel Nine"),
        patterns=(),
        context=(),
        example="Blue Heron starts in May.",
    ),
}


MARKINGS = {
    "Board papers": Recogniser.marking("board-papers", "restricted", ["FOR THE BOARD ONLY"]),
    "Token in the merger plan": Recogniser.marking("merger-plan", "canary", ["HRN-7731-QUAY"]),
}


def look_for_our_own(cast: Cast) -> None:
    at = cast.calendar.day(DAY)
    ensure_default(by=INSTALLER, at=at)
    for title, recogniser in (OWN | MARKINGS).items():
        add_recogniser(definition=recogniser, title=title, by=cast.actor(ANALYST), at=at)
