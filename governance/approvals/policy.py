"""Who must decide: a workflow and the facts of a request in, stages with their reasons out. Pure."""

from dataclasses import dataclass
from functools import lru_cache

from governance.approvals.attached import Attached
from governance.approvals.conditions import Facts, Stated, fact_of
from governance.approvals.definitions import (
    ASKING_UNIT,
    WHOLE_ORGANISATION,
    SlotRule,
    StageRule,
    WorkflowDefinition,
)
from governance.approvals.rules import Quorum, needed_of
from governance.approvals.sentences import filled
from governance.core.errors import Invalid
from governance.core.verdict import Denied
from governance.organisation.roles import Role


@dataclass(frozen=True, slots=True)
class SlotPlan:
    """A seat: somebody with `role` on the unit at `unit_path` or above it, or one of `people` (logins).

    `unit_ref` names the unit by its short name instead, when the workflow does; then `unit_path` is that of the asker.
    """

    label: str
    role: Role | None
    unit_path: str
    unit_ref: str = ""
    people: tuple[str, ...] = ()
    group: str = ""

    @property
    def who(self) -> tuple[str, ...]:
        """Return what decides who can fill it: two seats with equal `who` ask the same people."""
        return (self.role or "", self.unit_ref or self.unit_path, *self.people)


@dataclass(frozen=True, slots=True)
class StagePlan:
    """One stage of a route. `reason` says why it is asked or, when `skipped`, why not."""

    position: int
    name: str
    reason: str
    quorum: Quorum
    needed: int
    slots: tuple[SlotPlan, ...]
    skipped: bool
    sla_hours: int | None = None  # working hours from its opening; None: nobody is hurried
    after: tuple[str, ...] = ()
    blind: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """The stages of a request, and what is attached to its approval whatever the approvers say."""

    stages: tuple[StagePlan, ...]
    attached: tuple[Attached, ...] = ()

    @property
    def asked(self) -> tuple[StagePlan, ...]:
        return tuple(stage for stage in self.stages if not stage.skipped)


def route(definition: WorkflowDefinition, facts: Facts) -> Route | Denied:
    """Return the stages that `facts` call for, each with its reason, or why nobody can approve this.

    A route in which nobody is asked is denied: only an approved pattern decides without a person.

    Raises:
        Invalid: when a condition asks for a fact that the subject does not state. An unknown fact skips nothing.
    """
    stated = Stated(facts)
    for denial in definition.denials:
        if denial.when.holds(stated):
            return Denied(denial.code, denial.reason, denial.remedy)
    planned = Route(
        stages=tuple(_plan(stage, stated) for stage in definition.stages),
        attached=tuple(
            each.attached for each in definition.attachments if each.when is None or each.when.holds(stated)
        ),
    )
    if not planned.asked:
        return Denied(
            "nobody_asked",
            "The workflow asks nobody about this request, so it cannot be approved.",
            "A policy admin adds a stage that applies.",
        )
    return planned


def _plan(stage: StageRule, stated: Stated) -> StagePlan:
    asked, why = _asked(stage, stated)
    slots = tuple(slot for rule in stage.slots for slot in _slots(rule, stated.facts)) if asked else ()
    skipped = not slots
    reason = " ".join(why) or (stage.otherwise if skipped else stage.reason)
    return StagePlan(
        position=stage.position,
        name=stage.name,
        reason=filled(stage.otherwise if asked and skipped else reason, stated.facts),
        quorum=stage.quorum,
        needed=_needed(stage, slots),
        slots=slots,
        skipped=skipped,
        sla_hours=stage.sla_hours,
        after=stage.after,
        blind=stage.blind,
    )


def _asked(stage: StageRule, stated: Stated) -> tuple[bool, list[str]]:
    """Return whether the stage is asked, and the sentences that say why: of all that hold, or of all that do not."""
    if not stage.when:
        return True, []
    answers = [(when, when.condition.holds(stated)) for when in stage.when]
    asked = any(holds for _, holds in answers)
    return asked, [when.because if holds else when.otherwise for when, holds in answers if holds is asked]


def _needed(stage: StageRule, slots: tuple[SlotPlan, ...]) -> int:
    """Return how many approvals it takes: what the quorum says, and one of each side."""
    groups = {slot.group for slot in slots if slot.group}
    return max(needed_of(stage.quorum, stage.needed, max(1, len(slots))), len(groups))


def _slots(rule: SlotRule, facts: Facts) -> list[SlotPlan]:
    if rule.stewards:
        return _stewards(rule, facts)
    label, path = filled(rule.label, facts), str(fact_of(facts, "unit_path"))
    named = rule.on not in {ASKING_UNIT, WHOLE_ORGANISATION}
    plan = SlotPlan(
        label=label,
        role=rule.role,
        unit_path=_root_of(path) if rule.on == WHOLE_ORGANISATION else path,
        unit_ref=rule.on if named else "",
        people=rule.people,
        group=rule.group,
    )
    return [plan] if rule.seats == 1 else [_numbered(plan, n, rule.seats) for n in range(1, rule.seats + 1)]


def _numbered(plan: SlotPlan, number: int, of: int) -> SlotPlan:
    label = f"{plan.label} ({number} of {of})"
    return SlotPlan(label, plan.role, plan.unit_path, plan.unit_ref, plan.people, plan.group)


def _stewards(rule: SlotRule, facts: Facts) -> list[SlotPlan]:
    # One person answers once for all that belongs to one unit: two seats for the same people could never both be filled.
    titles: dict[str, list[str]] = {}
    for entry in fact_of(facts, "datasets"):
        titles.setdefault(str(fact_of(entry, "steward_path")), []).append(str(fact_of(entry, "title")))
    return [
        SlotPlan(filled(rule.label, {"title": " and ".join(sorted(named))}), rule.role, path, group=rule.group)
        for path, named in sorted(titles.items(), key=lambda item: sorted(item[1]))
    ]


@lru_cache(maxsize=64)
def _root_of(path: str) -> str:
    root = path.strip("/").split("/", 1)[0]
    if not root:
        raise Invalid("unit_unknown", "The request does not say which unit asks.", field="unit_path")
    return f"/{root}/"
