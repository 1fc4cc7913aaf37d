"""What is asked of the rights that an initiative has toward a destination, as the approval policy reads it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from governance.core.vocabulary import Classification, Mode, Technique
from governance.initiatives.models import Initiative
from governance.initiatives.selectors import is_contested_now
from governance.remits.facts import Asked, stated_facts
from governance.remits.selectors.exams import evidence_of
from governance.remits.selectors.grants import GrantRow
from governance.remits.selectors.promises import promise_of
from governance.remits.selectors.world import names

# What a mode of using data makes of the model.
TECHNIQUES = {
    Mode.PROMPT: Technique.PROMPT,
    Mode.EVALUATE: Technique.PROMPT,
    Mode.RETRIEVAL: Technique.RETRIEVAL,
    Mode.FINE_TUNE: Technique.FINE_TUNE,
    Mode.TRAIN: Technique.TRAIN,
}


def facts_of_grants(
    initiative: Initiative, destination: str, grants: Sequence[GrantRow], *, at: datetime
) -> Mapping[str, Any]:
    """Return the facts of using `grants` toward the destination with this ref. The initiative comes with its unit."""
    world = names({grant.dataset_ref for grant in grants}, {destination}, initiative.accountable_unit, at=at).world
    modes, promised = {grant.mode for grant in grants}, promise_of(initiative.pk)
    said = Asked(
        ai_act_class=initiative.ai_act_class,
        tier=initiative.tier,
        purposes={grant.purpose for grant in grants},
        modes=modes,
        techniques={TECHNIQUES[mode] for mode in modes},
        # Without a grant nobody knows what the data is, so it counts as the worst.
        least=Classification.PUBLIC if grants else Classification.RESTRICTED,
        contest_open=is_contested_now(initiative.pk),
        exam_evidence=evidence_of(initiative.pk),
        oversight_share=promised.share if promised else 0,
    )
    return stated_facts(said, world=world, datasets=world.datasets.values(), destinations=world.destinations.values())
