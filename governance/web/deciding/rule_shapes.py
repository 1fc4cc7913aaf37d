"""Rules as pages show them: stages in words, and the drawing of their order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from governance.approvals.definitions import ASKING_UNIT, WHOLE_ORGANISATION, SlotRule, StageRule, WorkflowDefinition
from governance.approvals.facts import FACTS, FactKind
from governance.approvals.rules import Quorum
from governance.web.frame import words

WIDTH, HEIGHT, GAP_X, GAP_Y, MARGIN = 168, 58, 20, 40, 4
LONGEST_LABEL = 24


@dataclass(frozen=True, slots=True)
class Box:
    """A stage in the drawing, in its user units. `when` marks one that is asked only sometimes."""

    x: int
    y: int
    name: str
    about: str
    when: bool

    @property
    def middle(self) -> int:
        return self.x + WIDTH // 2


@dataclass(frozen=True, slots=True)
class Line:
    path: str


@dataclass(frozen=True, slots=True)
class Drawing:
    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    box_width: int = WIDTH
    box_height: int = HEIGHT


def drawing_of(definition: WorkflowDefinition) -> Drawing:
    """Return the drawing: a row for each depth, a line from each stage to those that come after it."""
    rows = _rows(definition.stages)
    widest = max(len(row) for row in rows)
    width = 2 * MARGIN + widest * WIDTH + (widest - 1) * GAP_X
    boxes = {
        stage.name: _box(stage, i, len(row), depth, width)
        for depth, row in enumerate(rows)
        for i, stage in enumerate(row)
    }
    lines = [_line(boxes[before], boxes[stage.name]) for stage in definition.stages for before in stage.after]
    height = 2 * MARGIN + len(rows) * HEIGHT + (len(rows) - 1) * GAP_Y
    return Drawing(width, height, tuple(boxes.values()), tuple(lines))


def _rows(stages: Sequence[StageRule]) -> list[list[StageRule]]:
    depths = sorted({stage.position for stage in stages})
    return [[stage for stage in stages if stage.position == depth] for depth in depths]


def _box(stage: StageRule, place: int, beside: int, depth: int, width: int) -> Box:
    taken = beside * WIDTH + (beside - 1) * GAP_X
    x = (width - taken) // 2 + place * (WIDTH + GAP_X)
    about = _short(", ".join(slot.label for slot in stage.slots).replace("{title}", "each dataset"))
    return Box(x, MARGIN + depth * (HEIGHT + GAP_Y), _short(stage.name), about, bool(stage.when))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_LABEL else f"{text[: LONGEST_LABEL - 1].rstrip()}…"


def _line(before: Box, after: Box) -> Line:
    start, end = before.y + HEIGHT, after.y
    bend = start + (end - start) // 2
    return Line(f"M{before.middle} {start}V{bend}H{after.middle}V{end}")


def stage_rows(definition: WorkflowDefinition) -> list[dict[str, Any]]:
    """Return what each stage asks of whom, when, in words."""
    return [
        {
            "name": stage.name,
            "reason": stage.reason,
            "who": [_who(slot) for slot in stage.slots],
            "how_many": _how_many(stage),
            "when": [(filled_later(when.because), when.condition.expression) for when in stage.when],
            "after": words.joined(list(stage.after), "at once"),
            "hours": f"{stage.sla_hours} working hours" if stage.sla_hours else "no limit",
        }
        for stage in definition.stages
    ]


def said_of(definition: WorkflowDefinition) -> dict[str, Any]:
    """Return all that a definition says: the drawing, the stages, and what binds whatever people say, each with when."""
    return {
        "drawing": drawing_of(definition),
        "stages": stage_rows(definition),
        "ties": [
            *(
                ("Nobody can approve", f"{each.reason} {each.remedy}", each.when.expression)
                for each in definition.denials
            ),
            *(
                (
                    "Tied to a yes" if each.when else "Tied to every yes",
                    f"{each.attached.in_words} {filled_later(each.attached.because)}",
                    each.when.expression if each.when else "",
                )
                for each in definition.attachments
            ),
        ],
    }


def filled_later(sentence: str) -> str:
    """Return a sentence whose facts are not known yet; one at its end takes the full stop along."""
    return re.sub(r"\{\w+\}\.?", "…", sentence)


def _who(slot: SlotRule) -> str:
    if slot.people:
        return f"{slot.label}: {', '.join(slot.people)}"
    label = slot.label.replace("{title}", "each dataset")
    places = {ASKING_UNIT: "of the unit that asks, or above it", WHOLE_ORGANISATION: "of the whole organisation"}
    return label if slot.stewards else f"{label} {places.get(slot.on, f'of {slot.on}')}"


def _how_many(stage: StageRule) -> str:
    said = {Quorum.ALL: "all of them", Quorum.ANY: "any one of them", Quorum.AT_LEAST: f"at least {stage.needed}"}
    sides = sorted({slot.group for slot in stage.slots if slot.group})
    parts = [said[stage.quorum], f"one of each side ({', '.join(sides)})" if sides else ""]
    return ", ".join(
        filter(None, [*parts, "nobody sees what another said until all have spoken" if stage.blind else ""])
    )


def fact_rows() -> list[dict[str, Any]]:
    """Return the facts that conditions may name, with their fields, for the help beside the editor."""
    return [
        _fact(name, kind) | {"fields": [_fact(f"d.{key}", each) for key, each in kind.entries.items()]}
        for name, kind in FACTS.items()
        if not name.endswith("_path")
    ]


def _fact(name: str, kind: FactKind) -> dict[str, Any]:
    return {"name": name, "type": str(kind.type), "meaning": kind.meaning, "words": ", ".join(kind.words)}


HELP = (
    ('tier == "high"', "a word is this one"),
    ('classification.at_least("confidential")', "a word stands at this height or above"),
    ('"public_api" in hostings', "a list holds a word"),
    ("size(datasets) == 0", "nothing of that kind is named"),
    ("datasets.exists(d, d.crown_jewel)", "one of them is so"),
    ("destinations.all(d, d.retention_days <= 30)", "all of them are so"),
    ("cost > 10.0 && !contest_open", "and; not; a number with decimals"),
    ('tier == "low" || sandbox', "or"),
)
