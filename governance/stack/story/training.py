"""What Claims would train a model with: a file of general questions, and one with people in it. All of it is synthetic."""

import json
from collections.abc import Sequence

from governance.core.ids import uuid7
from governance.core.storage import SealedFile
from governance.initiatives.models import Initiative
from governance.stack.story.cast import Cast
from governance.training.services import register_set
from governance.training.vault import vault

UPLOADER = "bea"
UPLOAD_DAY = 20
QUESTIONS = [
    ("How long does a claim about a broken window take?", "Most are paid within ten working days."),
    ("May I send photographs later?", "Yes, within thirty days of the report."),
    ("Who repairs the window?", "A workshop of your choice. Send us its estimate first."),
]
LETTERS = [
    ("Answer Ms Anna Keller, anna.keller@example.com.", "Dear Ms Keller, we pay the invoice in full."),
    ("Tell Mr Jonas Weber, +41 44 668 18 00, where the money goes.", "We pay to CH93 0076 2011 6238 5295 7."),
    ("Ask for the photograph that is missing.", "One photograph of the damage is missing."),
]
SETS = {"Questions about claims, general": QUESTIONS, "Letters of spring": LETTERS}


def bring_training_sets(cast: Cast, initiative: Initiative) -> None:
    """Upload both files for `initiative`. The bulk workers scan them once they run."""
    for hour, (title, talks) in enumerate(SETS.items()):
        by, at = cast.actor(UPLOADER), cast.calendar.day(UPLOAD_DAY, hour=hour)
        register_set(initiative_id=initiative.pk, title=title, file=_sealed(talks), by=by, at=at)


def _sealed(talks: Sequence[tuple[str, str]]) -> SealedFile:
    with vault().writer(f"set-{uuid7()}") as writer:
        for question, answer in talks:
            messages = [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
            writer.write(json.dumps({"messages": messages}).encode() + b"\n")
    return writer.file
