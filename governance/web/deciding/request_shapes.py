"""A request as the components show it: what differs, and the way to the decision."""

from collections.abc import Sequence
from dataclasses import dataclass

from governance.approvals.rules import LIVE_STAGE, OPEN_REQUEST, REVISABLE, DecisionKind, RequestState, StageState
from governance.approvals.rules import DiffRow as FoundRow
from governance.approvals.selectors import RequestPage
from governance.approvals.selectors.page import DecisionRow
from governance.approvals.selectors.stages import SlotRow, StageRow
from governance.core.vocabulary import Hosting, Technique, WeightsOwner
from governance.remits.selectors import OptionRow, OptionStage
from governance.web.deciding.timing import said_at, timing_of
from governance.web.frame import words
from governance.web.frame.shapes import DiffRow, Part, RouteStage, Tone
from governance.web.frame.times import hours

MOST_NAMED = 4
UNDER_WAY = OPEN_REQUEST - REVISABLE  # the deciders owe the next step
UNFINISHED = LIVE_STAGE | {StageState.WAITING}
# What a request or a decision may have replaced before a prompt is sent.
REDACTABLE = ("PERSON", "EMAIL_ADDRESS", "PHONE_NUMBER", "IBAN_CODE", "CREDIT_CARD", "LOCATION")
# Fields of a remit that the facts beside a first version say already.
IN_FACTS = frozenset(
    {
        "Title",
        "Purpose in words",
        "Unit",
        "Technique",
        "Accuracy need",
        "Human oversight",
        "Oversight in figures",
        "Risk tier",
        "AI Act class",
    }
)
OF_THE_WHOLE = IN_FACTS | {"Purpose", "Ends"}


def diff_rows(found: Sequence[FoundRow], *, beside: frozenset[str] = frozenset()) -> list[DiffRow]:
    """Return the rows that differ: rights first, then what is said of the whole, at last what has no weight.

    `beside` are fields left out because the facts beside the difference say the same.
    """
    shown = [row for row in found if row.field not in beside]
    return [_diff_row(row) for row in sorted(shown, key=lambda row: (not row.material, row.field in OF_THE_WHOLE))]


def _diff_row(row: FoundRow) -> DiffRow:
    note = "" if row.material else "of no weight for the decision"
    before = (Part(words.plain(row.before), change="was"),) if row.before else ()
    after = (Part(words.plain(row.after), note, change="now"),) if row.after else ()
    return DiffRow(row.field, before, after)


def route_of(found: RequestPage) -> list[RouteStage]:
    """Return who decides, in order; above them the asker, while it is them who owe the next step."""
    spoken = [decision for decision in found.decisions if decision.current]
    stages = [_stage(stage, spoken, found.state) for stage in found.stages]
    return [_answer(found), *stages] if found.state in REVISABLE else stages


def _answer(found: RequestPage) -> RouteStage:
    """Return the step of the asker, who sends a new version or lets the request lapse."""
    lapses = f" Without one the request lapses {said_at(found.answer_due_at)}." if found.answer_due_at else ""
    overtaken = found.state is RequestState.STALE
    why = "What it names has changed since it was sent." if overtaken else "Changes were asked for."
    mine = found.may_send_again
    return RouteStage(
        title="Your answer" if mine else f"The answer of {found.requester}",
        why=f"{why} A new version goes on from here.{lapses}",
        tone="accent" if mine else "wait",
        label="Yours" if mine else "Now",
        current=True,
    )


def _stage(stage: StageRow, spoken: Sequence[DecisionRow], state: RequestState) -> RouteStage:
    tone, label = _label(stage, state, spoken)
    told = (_who(stage), _usually(stage), stage.remedy) if state in UNDER_WAY else (_who(stage),)
    return RouteStage(
        title=_title(stage),
        why=" ".join(part for part in (stage.reason, *told) if part),
        tone=tone,
        label=label,
        timing=timing_of(stage),
        current=stage.asked,
        said=_said(stage, spoken),
    )


def _title(stage: StageRow) -> str:
    labels = list(dict.fromkeys(slot.label for slot in stage.slots))
    return words.sentence(words.joined(labels, stage.name)) if len(labels) <= MOST_NAMED else stage.name


def _label(stage: StageRow, state: RequestState, spoken: Sequence[DecisionRow]) -> tuple[Tone, str]:
    if stage.mine:
        return "accent", "Yours"
    if stage.state in UNFINISHED and state not in UNDER_WAY:
        return _stopped(stage, state, spoken)
    said = words.state(StageState, stage.state)
    return said.tone, said.text


def _stopped(stage: StageRow, state: RequestState, spoken: Sequence[DecisionRow]) -> tuple[Tone, str]:
    """Return how a stage is said that was not finished when the request came back to its asker, or ended."""
    if state not in REVISABLE:
        return "quiet", "Not asked any more"
    seats = {slot.label for slot in stage.slots}
    wished = any(each.kind == DecisionKind.REQUEST_CHANGES and each.role in seats for each in spoken)
    return ("wait", "Asked for changes") if wished else ("quiet", "After that")


def _who(stage: StageRow) -> str:
    done = list(dict.fromkeys(_decided(slot) for slot in stage.slots if slot.decided_by))
    free = [slot for slot in stage.slots if not slot.decided_by]
    told = f"Decided by {words.joined(done)}." if done else ""
    if not free or not stage.asked:
        return told
    people = sorted({name for slot in free for name in slot.candidates})
    if not people:
        return f"{told} Nobody who was asked can decide any more.".strip()
    shown = people[:MOST_NAMED] + ([f"{len(people) - MOST_NAMED} more"] if len(people) > MOST_NAMED else [])
    deputies = sorted({name for slot in free for name in slot.deputies})
    away = f" Away for now: {words.joined(deputies[:MOST_NAMED])}." if deputies else ""
    return f"{told} Can decide: {words.joined(shown)}.{away}".strip()


def _decided(slot: SlotRow) -> str:
    place = f" on behalf of {slot.on_behalf_of}" if slot.on_behalf_of else ""
    return f"{slot.decided_by}{place}{' (still counts from an earlier version)' if slot.carried else ''}"


def _usually(stage: StageRow) -> str:
    if stage.state not in {StageState.WAITING, StageState.OPEN}:
        return ""
    return "No data yet on how long it takes." if stage.usual_hours is None else f"Usually {hours(stage.usual_hours)}."


def _said(stage: StageRow, spoken: Sequence[DecisionRow]) -> str:
    labels = {slot.label for slot in stage.slots if slot.decided_by}
    comments = [
        f"{decision.who}: {' '.join([decision.comment, *decision.conditions]).strip()}"
        for decision in spoken
        if decision.role in labels and (decision.comment or decision.conditions)
    ]
    return " · ".join(comments)


@dataclass(frozen=True, slots=True)
class ShownOption:
    """One row of the table of options. `value` names it in the form."""

    value: str
    destination: str
    terms: str
    technique: str
    deciders: str
    why: str
    takes: str
    price: str
    weights: str
    chosen: bool
    possible: bool


def shown_option(row: OptionRow) -> ShownOption:
    asked = [stage for stage in row.stages if not stage.skipped]
    return ShownOption(
        value=f"{row.destination}|{row.technique}",
        destination=row.destination_title,
        terms=f"{words.word(Hosting, row.hosting)}, {row.region}",
        technique=words.word(Technique, row.technique),
        deciders=_deciders(row, asked),
        why=row.refused or _why(row, asked),
        takes=_takes(row),
        price=words.prices(row.price_in, row.price_out),
        weights=words.word(WeightsOwner, row.weights_owner) if row.weights_owner else "nothing comes of it",
        chosen=row.chosen,
        possible=not row.refused,
    )


def _deciders(row: OptionRow, asked: Sequence[OptionStage]) -> str:
    if row.pattern:
        return "Decided at once"
    if row.refused:
        return "Nobody can approve it"
    return words.joined([f"{stage.name} ({_names(stage.deciders)})" for stage in asked], "nobody")


def _names(names: Sequence[str]) -> str:
    if not names:
        return "nobody yet"
    return names[0] if len(names) == 1 else f"{names[0]} or {len(names) - 1} more"


def _why(row: OptionRow, asked: Sequence[OptionStage]) -> str:
    if row.pattern:
        return f"It lies inside {row.pattern}."
    return " ".join(dict.fromkeys(stage.reason for stage in asked))


def _takes(row: OptionRow) -> str:
    if row.pattern:
        return "a moment"
    return "no data yet" if row.expected_hours is None else hours(row.expected_hours)


def _named(names: Sequence[str]) -> str:
    return words.joined(list(names), "nobody yet")


def route_of_option(row: OptionRow) -> list[RouteStage]:
    return [
        RouteStage(
            title=stage.name,
            why=stage.reason if stage.skipped else f"{stage.reason} Can decide: {_named(stage.deciders)}.",
            tone="quiet" if stage.skipped else "wait",
            label="Not needed" if stage.skipped else "Will be asked",
        )
        for stage in row.stages
    ]
