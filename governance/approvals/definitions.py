"""What a workflow document means: stages in their order, who sits in them, what nobody can approve. Pure.

`parse_definition` refuses what the schema cannot see: conditions that do not compile, stages that wait for each other,
seats that nobody could fill. See workflows/default.yaml for the document that is shipped.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Any

from governance.approvals.attached import Attached
from governance.approvals.conditions import Condition, parse_condition
from governance.approvals.document import Document, Fault, read_with_lines, shape_faults
from governance.approvals.facts import FACTS
from governance.approvals.rules import Quorum
from governance.approvals.sentences import placeholders
from governance.core.canonical import digest
from governance.core.errors import Invalid
from governance.detection.ways import Way
from governance.organisation.roles import MATRIX, Anyone, Role

# Who can sit in a seat must be able to decide at all.
DECIDERS = MATRIX["approvals:request:decide"]
ASKING_UNIT, WHOLE_ORGANISATION = "asking unit", "whole organisation"


@dataclass(frozen=True, slots=True)
class SlotRule:
    """Who fills a seat: a role on a unit, the steward of each dataset, or one of `people` (logins).

    `on` is the asking unit, the whole organisation, or a unit's short name. `group` is the side it speaks for.
    """

    label: str
    role: Role | None
    on: str
    stewards: bool
    people: tuple[str, ...]
    seats: int
    group: str


@dataclass(frozen=True, slots=True)
class When:
    """One reason to ask a stage. `because` is shown when it holds, `otherwise` when it does not."""

    condition: Condition
    because: str
    otherwise: str


@dataclass(frozen=True, slots=True)
class StageRule:
    """One stage; asked always, or when any of `when` holds. `position` is its depth behind the stages it comes after."""

    name: str
    position: int
    after: tuple[str, ...]
    quorum: Quorum
    needed: int
    blind: bool
    sla_hours: int | None
    reason: str
    otherwise: str
    when: tuple[When, ...]
    slots: tuple[SlotRule, ...]


@dataclass(frozen=True, slots=True)
class Denial:
    """What no person can approve."""

    when: Condition
    code: str
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """Conditions that bind whatever the approvers say; always, or when `when` holds."""

    when: Condition | None
    attached: Attached


@dataclass(frozen=True, slots=True)
class WorkflowDefinition:
    name: str
    denials: tuple[Denial, ...]
    attachments: tuple[Attachment, ...]
    stages: tuple[StageRule, ...]
    digest: str


def parse_definition(document: Mapping[str, Any]) -> WorkflowDefinition:
    """Return the definition that `document` writes down.

    Raises:
        Invalid: names the field at fault; nothing in the document is ever guessed or ignored.
    """
    for fault in shape_faults(document):
        raise fault
    for fault in _meaning_faults(document):
        raise fault
    return _definition(document)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a text comes to: the definition, or everything that is wrong with it."""

    document: dict[str, Any]
    definition: WorkflowDefinition | None
    faults: tuple[Fault, ...]
    too_large: bool = False


def check_text(written: str) -> Checked:
    """Return what `written` comes to. Never raises: a text that is no document is a fault like any other."""
    try:
        document = read_with_lines(written)
    except Invalid as refused:
        return Checked({}, None, (Document({}, {}).fault(refused),), too_large=refused.code == "document_too_long")
    refused_all = list(shape_faults(document.value)) or list(_meaning_faults(document.value))
    if refused_all:
        return Checked(document.value, None, tuple(document.fault(refused) for refused in refused_all))
    return Checked(document.value, _definition(document.value), ())


def _definition(document: Mapping[str, Any]) -> WorkflowDefinition:
    depths = _depths(document["stages"])
    return WorkflowDefinition(
        name=document["name"],
        denials=tuple(
            Denial(parse_condition(each["if"], f"denials[{i}].if"), each["code"], each["reason"], each["remedy"])
            for i, each in enumerate(document.get("denials", []))
        ),
        attachments=tuple(_attachment(each, f"attach[{i}]") for i, each in enumerate(document.get("attach", []))),
        stages=tuple(
            sorted(
                (_stage(each, f"stages[{i}]", depths[each["name"]]) for i, each in enumerate(document["stages"])),
                key=lambda stage: stage.position,
            )
        ),
        digest=digest(document),
    )


def _stage(each: Mapping[str, Any], where: str, position: int) -> StageRule:
    return StageRule(
        name=each["name"],
        position=position,
        after=tuple(each.get("after", ())),
        quorum=Quorum(each.get("quorum", Quorum.ALL)),
        needed=each.get("needed", 1),
        blind=each.get("blind", False),
        sla_hours=each.get("sla_hours"),
        reason=each["reason"],
        otherwise=each.get("otherwise", "There is nobody to ask: it names no dataset."),
        when=tuple(
            When(parse_condition(when["if"], f"{where}.when[{i}].if"), when["because"], when["otherwise"])
            for i, when in enumerate(each.get("when", []))
        ),
        slots=tuple(_slot(slot) for slot in each["slots"]),
    )


def _slot(slot: Mapping[str, Any]) -> SlotRule:
    stewards = "steward_of" in slot
    return SlotRule(
        label=slot["label"],
        role=Role.DATA_STEWARD if stewards else Role(slot["role"]) if "role" in slot else None,
        on=slot.get("on", ASKING_UNIT),
        stewards=stewards,
        people=tuple(slot.get("people", ())),
        seats=slot.get("seats", 1),
        group=slot.get("group", ""),
    )


def _attachment(each: Mapping[str, Any], where: str) -> Attachment:
    attached = Attached(
        because=each["because"],
        redact=tuple(sorted(set(each.get("redact", ())))),
        human_oversight=each.get("human_oversight", ""),
        longest_days=each.get("longest_days"),
        way=Way(each["way"]) if "way" in each else None,
    )
    return Attachment(parse_condition(each["if"], f"{where}.if") if "if" in each else None, attached)


def _depths(stages: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Return the depth of each stage, 1 for those that begin at once."""
    before = {stage["name"]: stage.get("after", []) for stage in stages}
    depths: dict[str, int] = {}
    for name in TopologicalSorter(before).static_order():
        depths[name] = 1 + max((depths[earlier] for earlier in before[name]), default=0)
    return depths


def _meaning_faults(document: Mapping[str, Any]) -> Iterator[Invalid]:
    """Yield what is wrong with a document of the right shape."""
    for where, expression in _conditions(document):
        try:
            parse_condition(expression, where)
        except Invalid as refused:
            yield refused
    for where, sentence in _sentences(document):
        if unknown := sorted(placeholders(sentence) - FACTS.keys()):
            yield Invalid("fact_unknown", f"{where} fills in {{{unknown[0]}}}, which is no fact.", field=where)
    for i, stage in enumerate(document["stages"]):
        yield from _stage_faults(stage, f"stages[{i}]")
    yield from _order_faults(document["stages"])


def _conditions(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for part in ("denials", "attach"):
        for i, each in enumerate(document.get(part, [])):
            if "if" in each:
                yield f"{part}[{i}].if", each["if"]
    for i, stage in enumerate(document["stages"]):
        for j, when in enumerate(stage.get("when", [])):
            yield f"stages[{i}].when[{j}].if", when["if"]


def _sentences(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for i, stage in enumerate(document["stages"]):
        for key in ("reason", "otherwise"):
            yield f"stages[{i}].{key}", stage.get(key, "")
        for j, when in enumerate(stage.get("when", [])):
            for key in ("because", "otherwise"):
                yield f"stages[{i}].when[{j}].{key}", when[key]
        for j, slot in enumerate(stage["slots"]):
            if "steward_of" not in slot:
                yield f"stages[{i}].slots[{j}].label", slot["label"]


def _stage_faults(stage: Mapping[str, Any], where: str) -> Iterator[Invalid]:
    for i, slot in enumerate(stage["slots"]):
        yield from _slot_faults(slot, f"{where}.slots[{i}]")
    seats = sum(slot.get("seats", 1) for slot in stage["slots"])
    counted = not any("steward_of" in slot for slot in stage["slots"])
    at_least = stage.get("quorum") == Quorum.AT_LEAST
    if at_least != ("needed" in stage):
        yield Invalid(
            "needed_unclear", f'{where}: "needed" and the quorum at_least go together.', field=f"{where}.quorum"
        )
    elif at_least and counted and stage["needed"] > seats:
        said = f"{where} needs {stage['needed']} approvals and has {seats} seats, so it could never end."
        yield Invalid("quorum_too_high", said, field=f"{where}.needed")
    if stage.get("blind") and stage.get("quorum", Quorum.ALL) != Quorum.ALL:
        yield Invalid(
            "blind_needs_all",
            f"{where}: a blind review waits for all its seats.",
            field=f"{where}.blind",
            remedy="Leave the quorum out.",
        )
    if stage.get("blind") and counted and seats == 1:
        yield Invalid("blind_needs_two", f"{where}: a blind review needs two seats.", field=f"{where}.blind")


def _slot_faults(slot: Mapping[str, Any], where: str) -> Iterator[Invalid]:
    ways = [key for key in ("steward_of", "role", "people") if key in slot]
    if len(ways) != 1:
        yield Invalid("relation_unclear", f"{where} must say exactly one of steward_of, role or people.", field=where)
    if "role" in slot and slot["role"] not in set(Role):
        yield Invalid("role_unknown", f"{where}.role is no role of this organisation.", field=f"{where}.role")
    elif "role" in slot and not isinstance(DECIDERS, Anyone) and Role(slot["role"]) not in DECIDERS:
        said = f"{where}.role: a {slot['role'].replace('_', ' ')} cannot decide requests."
        yield Invalid("role_cannot_decide", said, field=f"{where}.role")
    if "on" in slot and "role" not in slot:
        yield Invalid("on_without_role", f'{where}: "on" goes with a role.', field=f"{where}.on")
    if "steward_of" in slot and slot.get("seats", 1) > 1:
        yield Invalid("seats_of_stewards", f"{where}: each steward has one seat.", field=f"{where}.seats")
    if "steward_of" in slot and (unknown := sorted(placeholders(slot["label"]) - {"title"})):
        yield Invalid(
            "fact_unknown", f"{where}.label knows {{title}} only, not {{{unknown[0]}}}.", field=f"{where}.label"
        )


def _order_faults(stages: Sequence[Mapping[str, Any]]) -> Iterator[Invalid]:
    names = [stage["name"] for stage in stages]
    for i, stage in enumerate(stages):
        if names.index(stage["name"]) != i:
            yield Invalid("stage_twice", f"Two stages are called {stage['name']}.", field=f"stages[{i}].name")
        for j, earlier in enumerate(stage.get("after", [])):
            if earlier not in names:
                yield Invalid("stage_unknown", f"There is no stage {earlier}.", field=f"stages[{i}].after[{j}]")
    try:
        TopologicalSorter({stage["name"]: stage.get("after", []) for stage in stages}).prepare()
    except CycleError as loop:
        circle = loop.args[1]
        yield Invalid(
            "stages_in_a_circle",
            f"These stages wait for each other: {' waits for '.join(circle)}.",
            field=f"stages[{names.index(circle[0])}].after" if circle[0] in names else "stages",
            remedy='Take one of them out of "after".',
        )
