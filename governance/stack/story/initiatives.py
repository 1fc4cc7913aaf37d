"""What Alder Mutual does with models, and the three units that each say two of these things are theirs."""

from typing import Any

from governance.initiatives import services
from governance.initiatives.models import Initiative
from governance.initiatives.rules import AiActClass, Basis, Tier
from governance.stack.story.cast import Cast
from governance.stack.story.titles import BROCHURES, CALLS, CHECKLISTS, CODE, GUIDE, LETTERS, MEDICAL, PRICING, REPLIES

INITIATIVES: dict[str, tuple[str, str, int, dict[str, Any]]] = {  # who proposes, for which unit, on which day
    LETTERS: (
        "lea",
        "claims",
        3,
        {
            "purpose_text": "Draft answers to letters about claims. A clerk reads, corrects and signs every one.",
            "tier": Tier.MEDIUM,
            "ai_act_class": AiActClass.LIMITED,
            "human_oversight": "A clerk signs each letter.",
            "accuracy_need": "Amounts and dates must be right; style may need a hand.",
        },
    ),
    REPLIES: (
        "priya",
        "digital",
        5,
        {
            "purpose_text": "Draft replies to what customers write in the portal, claims among them.",
            "tier": Tier.MEDIUM,
            "ai_act_class": AiActClass.LIMITED,
            "human_oversight": "An agent sends each reply.",
        },
    ),
    CODE: (
        "tomas",
        "it",
        3,
        {"purpose_text": "Explain errors, write tests and review our internal tools.", "tier": Tier.LOW},
    ),
    CALLS: (
        "sofia",
        "sales",
        8,
        {
            "purpose_text": "Summarise calls so that the next agent knows what was said.",
            "tier": Tier.MEDIUM,
            "human_oversight": "Agents correct the summary before they close the call.",
        },
    ),
    MEDICAL: (
        "lea",
        "claims",
        10,
        {
            "purpose_text": "Sort doctors' reports by what they are about, so that the right specialist reads them first.",
            "tier": Tier.HIGH,
            "ai_act_class": AiActClass.HIGH,
            "human_oversight": "Two specialists look at every sorted report; nothing is decided by the model.",
            "accuracy_need": "A wrong pile may cost a week; no report may be lost.",
        },
    ),
    BROCHURES: (
        "sofia",
        "sales",
        6,
        {"purpose_text": "Translate public brochures into French and Italian.", "tier": Tier.LOW},
    ),
    PRICING: (
        "priya",
        "digital",
        9,
        {
            "purpose_text": "Let an outside model look for faults in the code that makes our prices.",
            "tier": Tier.HIGH,
            "human_oversight": "Two engineers judge every finding.",
        },
    ),
    GUIDE: (
        "lea",
        "claims",
        18,
        {"purpose_text": "Answer handlers' questions about the handling guide, with the paragraph.", "tier": Tier.LOW},
    ),
    CHECKLISTS: (
        "hugo",
        "claims",
        18,
        {"purpose_text": "Turn a chapter of the handling guide into a list to tick off at a site.", "tier": Tier.LOW},
    ),
}

BUILDERS = {LETTERS: ["bea"], REPLIES: ["milo"], CODE: ["juno", "milo"], CALLS: ["juno"]}

CLAIMS = [  # initiative, who speaks, for which unit, on what ground, what shows it, on which day
    (LETTERS, "hugo", "claims", Basis.DATA, "The letters and their archive are ours; our clerks sign them.", 4),
    (LETTERS, "priya", "digital", Basis.BUILD, "The portal that would send them is built and paid for by us.", 7),
    (LETTERS, "tomas", "it", Basis.RUN, "IT runs every model in production (board decision 2024-09).", 8),
    (REPLIES, "priya", "digital", Basis.BUDGET, "Cost centre 7310, approved for this year.", 6),
    (REPLIES, "hugo", "claims", Basis.REGULATORY, "What we tell claimants is under our licence.", 11),
    (REPLIES, "tomas", "it", Basis.RUN, "IT runs every model in production (board decision 2024-09).", 11),
]


def start_initiatives(cast: Cast) -> dict[str, Initiative]:
    """Propose every initiative, add its builders, and let the units claim; return the initiatives by title."""
    made = {
        title: services.propose_initiative(
            title=title, unit_id=cast.units[unit].pk, by=cast.actor(login), at=cast.calendar.day(day), **facts
        )
        for title, (login, unit, day, facts) in INITIATIVES.items()
    }
    for title, logins in BUILDERS.items():
        proposer, _, day, _ = INITIATIVES[title]
        for login in logins:
            services.add_member(
                initiative_id=made[title].pk,
                person_id=cast.people[login].pk,
                by=cast.actor(proposer),
                at=cast.calendar.day(day, hour=1),
            )
    for title, login, unit, basis, evidence, day in CLAIMS:
        services.assert_claim(
            initiative_id=made[title].pk,
            unit_id=cast.units[unit].pk,
            basis=basis,
            evidence=evidence,
            head_id=cast.people[login].pk,
            by=cast.actor(login),
            at=cast.calendar.day(day, hour=2),
        )
    return made
