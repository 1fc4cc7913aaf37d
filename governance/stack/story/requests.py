"""What was asked at Alder Mutual: approved, rejected, sent back, decided by a pattern, or still waiting."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from governance.approvals.rules import DecisionKind
from governance.approvals.services import comment
from governance.approvals.suggesting import Suggested
from governance.catalogue.rules import BUILT_IN_REF
from governance.core.vocabulary import Mode, Purpose, Technique
from governance.destinations.selectors import destination_row
from governance.initiatives.models import Initiative
from governance.remits.runs import RunCaps
from governance.remits.services import Outcome, save_draft, start_draft, submit
from governance.remits.tools import ToolClass, ToolRule
from governance.stack.story.cast import Cast
from governance.stack.story.deciding import Word, say, yes
from governance.stack.story.destinations import STAND_IN
from governance.stack.story.initiatives import INITIATIVES
from governance.stack.story.titles import BROCHURES, CALLS, CHECKLISTS, CODE, GUIDE, LETTERS, MEDICAL, PRICING, REPLIES

LASTS = timedelta(days=180)
PEOPLE_TYPES = ["EMAIL_ADDRESS", "IBAN_CODE", "PERSON", "PHONE_NUMBER"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of the story: for which data toward which destination, on which day, and what people said."""

    initiative: str
    day: int
    purpose: Purpose
    wants: list[tuple[str, str]]  # dataset, destination
    words: list[Word] = field(default_factory=list)
    technique: Technique = Technique.PROMPT
    mode: Mode = Mode.PROMPT
    redact: list[str] = field(default_factory=list)
    tools: tuple[ToolRule, ...] = ()
    runs: RunCaps | None = None
    remark: tuple[str, str] | None = None  # who, what
    oversight: dict[str, Any] | None = None  # the figures it promises
    written: Mapping[str, Suggested] = field(default_factory=dict)  # who writes the change they ask for


REQUESTS = [
    Asked(
        CODE,
        5,
        Purpose.WRITE_CODE,
        [(BUILT_IN_REF, place) for place in (STAND_IN, "quillon", "lakehouse", "datacentre")],
        words=yes("dana", "ines", "samir"),
        redact=PEOPLE_TYPES,
        tools=(ToolRule("run_tests"), ToolRule("push_branch", ToolClass.CONFIRM)),
        runs=RunCaps(depth=2, fan_out=4, calls=60, spend=2_000_000),
    ),
    Asked(
        LETTERS,
        6,
        Purpose.ANSWER_CUSTOMERS,
        [(BUILT_IN_REF, STAND_IN), ("claims-correspondence", STAND_IN)],
        words=yes("stefan", "dana", "ines", "samir"),
        redact=PEOPLE_TYPES,
        oversight={"share": 100, "least_seconds": 20, "reviewers": "the clerk who signs the letter"},
    ),
    Asked(BROCHURES, 8, Purpose.TRANSLATE, [("product-brochures", STAND_IN)]),
    Asked(
        PRICING,
        11,
        Purpose.ANALYSE,
        [("pricing-engine-source", "northwind-eu")],
        words=[
            ("ines", DecisionKind.REJECT, "The code that makes our prices does not leave us. Ask for the data centre."),
        ],
    ),
    Asked(
        MEDICAL,
        12,
        Purpose.CLASSIFY,
        [("medical-assessments", "datacentre")],
        words=[
            ("stefan", DecisionKind.REQUEST_CHANGES, "Say who the second specialist is, and who steps in for them.")
        ],
        written={
            "stefan": Suggested(
                {
                    "human_oversight": "Two claims specialists read every output; the medical desk steps in for either.",
                    "grants": [{"number": 1, "redact": ["PERSON"]}],
                },
                counts=True,
            )
        },
    ),
    Asked(
        REPLIES,
        15,
        Purpose.ANSWER_CUSTOMERS,
        [(BUILT_IN_REF, STAND_IN), ("call-transcripts", "northwind-eu")],
        words=yes("dana"),
        redact=PEOPLE_TYPES,
        tools=(ToolRule("look_up_contract"), ToolRule("send_reply", ToolClass.CONFIRM)),
        remark=("ines", "Which of the two portals would send the replies?"),
    ),
    Asked(
        CALLS,
        19,
        Purpose.SUMMARISE,
        [("call-transcripts", "lakehouse")],
        technique=Technique.RETRIEVAL,
        mode=Mode.RETRIEVAL,
    ),
    Asked(GUIDE, 19, Purpose.ASSIST_STAFF, [("claims-handling-guidelines", "datacentre")]),
    Asked(CHECKLISTS, 19, Purpose.ASSIST_STAFF, [("claims-handling-guidelines", "datacentre")]),
]


def ask_and_decide(cast: Cast, initiatives: dict[str, Initiative]) -> dict[str, Outcome]:
    """Submit every request and let people say what they said; return the outcomes by initiative."""
    outcomes = {}
    for asked in REQUESTS:
        outcome = _ask(cast, asked, initiatives[asked.initiative])
        outcomes[asked.initiative] = outcome
        if outcome.request_id is None:
            continue
        if asked.remark:
            login, text = asked.remark
            at = cast.calendar.day(asked.day, hour=5)
            comment(request_id=outcome.request_id, text=text, by=cast.actor(login), at=at)
        began = cast.calendar.day(asked.day + 1, hour=3)
        say(cast, outcome.request_id, asked.words, began=began, written=asked.written)
    return outcomes


def _ask(cast: Cast, asked: Asked, initiative: Initiative) -> Outcome:
    by, at = cast.actor(INITIATIVES[asked.initiative][0]), cast.calendar.day(asked.day, hour=1)
    draft = start_draft(initiative_id=initiative.pk, by=by, at=at)
    answers = {
        **draft.body,
        "purpose": asked.purpose,
        "technique": asked.technique,
        **({"oversight": asked.oversight} if asked.oversight else {}),
        "grants": [_grant(asked, dataset, destination, at) for dataset, destination in asked.wants],
        **({"runs": asked.runs.to_json()} if asked.runs else {}),
        **({"tools": [rule.to_json() for rule in asked.tools]} if asked.tools else {}),
    }
    saved = save_draft(remit_id=draft.pk, body=answers, revision=draft.revision, by=by, at=at)
    return submit(remit_id=saved.pk, revision=saved.revision, by=by, at=at)


def _grant(asked: Asked, dataset: str, destination: str, at: datetime) -> dict[str, Any]:
    terms = destination_row(destination, at=at).terms
    return {
        "dataset": dataset,
        "purpose": asked.purpose,
        "mode": asked.mode,
        "destination": destination,
        "terms": terms.digest if terms else "",
        "conditions": {"redact": asked.redact},
        "ends": (at + LASTS).date().isoformat(),
    }
