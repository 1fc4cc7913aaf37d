"""What Alder Mutual decided once, so that it need not be decided again: the sandbox, and public material."""

from datetime import datetime, timedelta
from typing import Any

from governance.approvals.selectors import request_of
from governance.core.vocabulary import Classification, Mode, Purpose, Technique
from governance.destinations.selectors import destination_row
from governance.initiatives.rules import AiActClass, Tier
from governance.remits.services import propose_pattern
from governance.stack.story.cast import Cast
from governance.stack.story.deciding import say, yes
from governance.stack.story.destinations import STAND_IN
from governance.stack.story.organisation import ROOT

YEAR = timedelta(days=365)


def approve_patterns(cast: Cast) -> None:
    at = cast.calendar.day(2, hour=2)
    sandbox = _body(at, purposes=list(Purpose), datasets=["product-brochures", "synthetic-claims-letters"]) | {
        "ruleset": "strict",
        "calls_per_day": 50,
        "longest_days": 14,
    }
    public = _body(at, purposes=[Purpose.TRANSLATE, Purpose.SUMMARISE], datasets=["product-brochures", "tariff-tables"])
    _approve(cast, "Sandbox", sandbox, ["stefan", "yara", "ines", "samir"], rate=0, sandbox=True)
    _approve(cast, "Public material", public, ["yara", "ines", "samir"], rate=1)


def _body(at: datetime, *, purposes: list[Purpose], datasets: list[str]) -> dict[str, Any]:
    terms = destination_row(STAND_IN, at=at).terms
    return {
        "purposes": purposes,
        "units": [],
        "techniques": [Technique.PROMPT],
        "modes": [Mode.PROMPT],
        "tier": Tier.LOW,
        "ai_act_class": AiActClass.MINIMAL,
        "datasets": datasets,
        "highest_classification": Classification.PUBLIC,
        "synthetic": True,
        "destinations": [{"destination": STAND_IN, "terms": terms.digest if terms else ""}],
        "redact": [],
        "calls_per_day": None,
        "ruleset": "standard",
        "longest_days": 365,
    }


def _approve(
    cast: Cast, name: str, body: dict[str, Any], deciders: list[str], *, rate: float, sandbox: bool = False
) -> None:
    at = cast.calendar.day(2, hour=2)
    pattern = propose_pattern(
        name=name,
        body=body,
        owner_unit_id=cast.units[ROOT].pk,
        ends_at=at + YEAR,
        sampling_rate=rate,
        sandbox=sandbox,
        by=cast.actor("paul"),
        at=at,
    )
    asked = request_of("pattern", pattern.pk)
    if asked is not None:
        # One voice each: the steward of two datasets speaks once for each of them.
        say(cast, asked.id, yes(*deciders), began=cast.calendar.day(2, hour=6))
