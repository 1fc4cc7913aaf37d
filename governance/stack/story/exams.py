"""The exams of Alder Mutual: a secret one that a training set has seen, and one that anybody may have. All of it is made up."""

from governance.catalogue import services
from governance.catalogue.indexing import exam_fingerprints
from governance.catalogue.rules import Secrecy
from governance.core.actors import INSTALLER
from governance.detection.fingerprints.exam import Item
from governance.initiatives.models import Initiative
from governance.remits.services import name_exam
from governance.scanning.services import ensure_default
from governance.stack.story.cast import Cast

KEEPER, DAY = "dana", 18
CLAIMS_EXAM = "claims-exam"
# The first question stands in the training set of general questions too: whoever trains on that has seen it.
EXAMS = {
    (CLAIMS_EXAM, "Claims exam", Secrecy.SECRET, "claims"): [
        "How long does a claim about a broken window take? Most are paid within ten working days.",
        "Which three documents does a claim about a stolen bicycle need before anybody may pay it? The bill, the report, the key.",
        "A customer reports hail damage nine weeks late: who decides whether that is still in time? The head of the claims desk.",
        "When does the excess not apply to a claim about a burst water pipe? When the pipe belonged to the neighbour.",
        "Who signs a payment of more than forty thousand francs, and in what order? Two adjusters, then the head of claims.",
    ],
    ("insurance-quiz", "General insurance quiz", Secrecy.PUBLIC, "it"): [
        "What is the difference between an excess and a premium in a contract of household insurance?",
        "Why does an insurer buy reinsurance for storms that happen once in a hundred years?",
    ],
}
MEASURES = "lea"  # says what the letters are measured by


def set_exams(cast: Cast, initiative: Initiative) -> None:
    """Register the exams, read them here and now, and name the one that `initiative` is measured by."""
    at = cast.calendar.day(DAY)
    ensure_default(by=INSTALLER, at=at)
    for (ref, title, secrecy, unit), questions in EXAMS.items():
        by, unit_id = cast.actor(KEEPER), cast.units[unit].pk
        services.add_exam(ref=ref, title=title, secrecy=secrecy, unit_id=unit_id, by=by, at=at)
        items = [Item(f"q{number}", question) for number, question in enumerate(questions, start=1)]
        made, folder = exam_fingerprints(ref, items)
        services.close_exam(name=ref, made=made, folder=folder, by=by, at=at)
    name_exam(initiative=initiative.code, exam=CLAIMS_EXAM, by=cast.actor(MEASURES), at=at)
