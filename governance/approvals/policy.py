"""Who must decide: a workflow document and the facts of a request in, stages with their reasons out. Pure.

A document is data: {"name", "orders", "denials", "stages"}. See workflows/default.yaml for the one that is shipped.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from governance.approvals.conditions import Condition, Facts, Orders, fact_of, parse_condition
from governance.approvals.document import only, text, whole
from governance.approvals.rules import Quorum, needed_of
from governance.core.canonical import digest
from governance.core.errors import Invalid
from governance.core.verdict import Denied
from governance.organisation.roles import Role


@dataclass(frozen=True, slots=True)
class SlotRule:
    """Who fills a seat: `role` on the unit that the fact `unit` names, once or for each entry of the fact `for_each`."""

    role: Role
    label: str
    unit: str
    for_each: str | None


@dataclass(frozen=True, slots=True)
class StageRule:
    name: str
    position: int
    quorum: Quorum
    needed: int
    reason: str
    otherwise: str
    when: Condition | None
    slots: tuple[SlotRule, ...]
    sla_hours: int | None


@dataclass(frozen=True, slots=True)
class Denial:
    """What no person can approve."""

    when: Condition
    code: str
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class WorkflowDefinition:
    name: str
    orders: Orders
    denials: tuple[Denial, ...]
    stages: tuple[StageRule, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class SlotPlan:
    label: str
    role: Role
    unit_path: str


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
    sla_hours: int | None  # working hours from its opening; None: nobody is hurried


@dataclass(frozen=True, slots=True)
class Route:
    stages: tuple[StagePlan, ...]

    @property
    def asked(self) -> tuple[StagePlan, ...]:
        return tuple(stage for stage in self.stages if not stage.skipped)


def parse_definition(document: Mapping[str, Any]) -> WorkflowDefinition:
    """Return the definition that `document` writes down.

    Raises:
        Invalid: names the field at fault; nothing in the document is ever guessed or ignored.
    """
    only(document, {"name", "orders", "denials", "stages"}, "workflow")
    stages = tuple(_stage(stage, i) for i, stage in enumerate(document.get("stages", [])))
    if not stages:
        raise Invalid("workflow_without_stage", "A workflow needs at least one stage.", field="stages")
    return WorkflowDefinition(
        name=text(document, "name", "workflow"),
        orders={fact: tuple(values) for fact, values in document.get("orders", {}).items()},
        denials=tuple(_denial(denial, i) for i, denial in enumerate(document.get("denials", []))),
        stages=tuple(sorted(stages, key=lambda stage: stage.position)),
        digest=digest(document),
    )


def route(definition: WorkflowDefinition, facts: Facts) -> Route | Denied:
    """Return the stages that `facts` call for, each with its reason, or why nobody can approve this.

    A route in which nobody is asked is denied: only an approved pattern decides without a person.

    Raises:
        Invalid: when a condition asks for a fact that the subject does not state. An unknown fact skips nothing.
    """
    for denial in definition.denials:
        if denial.when.ask(facts, definition.orders).holds:
            return Denied(denial.code, denial.reason, denial.remedy)
    planned = Route(tuple(_plan(stage, facts, definition.orders) for stage in definition.stages))
    if not planned.asked:
        return Denied(
            "nobody_asked",
            "The workflow asks nobody about this request, so it cannot be approved.",
            "A policy admin adds a stage that applies.",
        )
    return planned


def _plan(stage: StageRule, facts: Facts, orders: Orders) -> StagePlan:
    answer = stage.when.ask(facts, orders) if stage.when else None
    slots = tuple(slot for rule in stage.slots for slot in _slots(rule, facts))
    skipped = not slots or (answer is not None and not answer.holds)
    why = answer.reasons if answer else ()
    reason = " ".join(why) or (stage.otherwise if skipped else stage.reason)
    return StagePlan(
        position=stage.position,
        name=stage.name,
        reason=_fill(reason, facts),
        quorum=stage.quorum,
        needed=needed_of(stage.quorum, stage.needed, max(1, len(slots))),
        slots=() if skipped else slots,
        skipped=skipped,
        sla_hours=stage.sla_hours,
    )


def _slots(rule: SlotRule, facts: Facts) -> list[SlotPlan]:
    if rule.for_each is None:
        return [SlotPlan(_fill(rule.label, facts), rule.role, str(fact_of(facts, rule.unit)))]
    # One person answers once for all that belongs to one unit: two seats for the same people could never both be filled.
    titles: dict[str, list[str]] = {}
    for entry in fact_of(facts, rule.for_each):
        titles.setdefault(str(fact_of(entry, rule.unit)), []).append(str(fact_of(entry, "title")))
    return [
        SlotPlan(_fill(rule.label, {"title": " and ".join(sorted(named))}), rule.role, path)
        for path, named in sorted(titles.items(), key=lambda item: sorted(item[1]))
    ]


def _fill(template: str, facts: Facts) -> str:
    return re.sub(r"\{(\w+)\}", lambda match: str(fact_of(facts, match[1])), template)


def _stage(document: Mapping[str, Any], index: int) -> StageRule:
    where = f"stages[{index}]"
    only(document, {"name", "position", "quorum", "needed", "reason", "otherwise", "when", "slots", "sla_hours"}, where)
    slots = tuple(_slot(slot, f"{where}.slots[{i}]") for i, slot in enumerate(document.get("slots", [])))
    if not slots:
        raise Invalid("stage_without_slot", f"{where} asks nobody.", field=f"{where}.slots")
    quorum = text(document, "quorum", where)
    if quorum not in set(Quorum):
        raise Invalid("quorum_unknown", f"{where}.quorum must be any, all or at_least.", field=f"{where}.quorum")
    return StageRule(
        name=text(document, "name", where),
        position=whole(document, "position", where),
        quorum=Quorum(quorum),
        needed=whole(document, "needed", where) if quorum == Quorum.AT_LEAST else 1,
        reason=text(document, "reason", where),
        otherwise=text(document, "otherwise", where),
        when=parse_condition(document["when"], f"{where}.when") if "when" in document else None,
        slots=slots,
        sla_hours=whole(document, "sla_hours", where) if "sla_hours" in document else None,
    )


def _slot(document: Mapping[str, Any], where: str) -> SlotRule:
    only(document, {"role", "label", "unit", "for_each"}, where)
    role = text(document, "role", where)
    if role not in set(Role):
        raise Invalid("role_unknown", f"{where}.role is no role of this organisation.", field=f"{where}.role")
    return SlotRule(
        role=Role(role),
        label=text(document, "label", where),
        unit=text(document, "unit", where),
        for_each=text(document, "for_each", where) if "for_each" in document else None,
    )


def _denial(document: Mapping[str, Any], index: int) -> Denial:
    where = f"denials[{index}]"
    only(document, {"when", "code", "reason", "remedy"}, where)
    return Denial(
        when=parse_condition(document.get("when"), f"{where}.when"),
        code=text(document, "code", where),
        reason=text(document, "reason", where),
        remedy=text(document, "remedy", where),
    )
