"""What an approver may narrow of a remit that is being decided, as the form that asks for it shows it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from governance.approvals.models import Request
from governance.core.canonical import digest
from governance.core.errors import NotFound
from governance.core.vocabulary import Mode
from governance.remits.body import MODES_OF, Conditions, parse_body
from governance.remits.changes import conditions_in_words
from governance.remits.models import Remit
from governance.remits.selectors.world import named_in


@dataclass(frozen=True, slots=True)
class SuggestibleGrant:
    """One right asked for. `number` names it in a suggestion: see remits.suggested."""

    number: int
    dataset: str
    destination: str
    destination_ref: str
    mode: Mode
    ends: date
    conditions: Conditions
    conditions_in_words: str


@dataclass(frozen=True, slots=True)
class Suggestible:
    """`destinations` are those the request names, by ref, and `modes` those of its technique: a right may turn to another."""

    digest: str
    ends: date
    human_oversight: str
    destinations: dict[str, str]
    modes: tuple[Mode, ...]
    grants: tuple[SuggestibleGrant, ...]


def suggestible(request_id: UUID, *, at: datetime) -> Suggestible:
    """Return what can be suggested to a request; whoever asks may read it.

    Raises:
        NotFound: when there is none, or it asks for something else than a remit.
    """
    subject = Request.objects.filter(pk=request_id, subject_kind="remit").values_list("subject_id", flat=True).first()
    if subject is None:
        raise NotFound("request_not_found", "There is no such request.")
    remit = Remit.objects.select_related("initiative__accountable_unit").get(pk=subject)
    body = parse_body(remit.body)
    titles = named_in(body, remit.initiative.accountable_unit, at=at).titles
    grants = sorted(body.grants, key=lambda grant: grant.key)
    return Suggestible(
        digest=digest(body.to_json()),
        ends=body.ends,
        human_oversight=body.human_oversight,
        destinations={grant.destination: titles[grant.destination] for grant in grants},
        modes=tuple(sorted(MODES_OF[body.technique])),
        grants=tuple(
            SuggestibleGrant(
                number=number,
                dataset=titles[grant.dataset],
                destination=titles[grant.destination],
                destination_ref=grant.destination,
                mode=grant.mode,
                ends=grant.ends,
                conditions=grant.conditions,
                conditions_in_words=conditions_in_words(grant.conditions),
            )
            for number, grant in enumerate(grants, 1)
        ),
    )
