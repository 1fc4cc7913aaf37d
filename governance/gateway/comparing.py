"""What a version of the ruleset that runs in shadow would have decided, beside what was decided. Pure; types and verdicts, never a text."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from governance.detection.policy import Decision, Verdict

Place = tuple[str, int, int, str]


class Effect(StrEnum):
    """What would have become of a call, against what became of it."""

    SAME = "same"
    STOPPED = "stopped"  # it left, and would not have
    LET_THROUGH = "let_through"  # it was stopped, and would have left
    REPLACED_MORE = "replaced_more"
    REPLACED_LESS = "replaced_less"
    OTHERWISE = "otherwise"  # replaced in another way or at other places, or stopped in another way
    UNKNOWN = "unknown"  # the version in shadow could not check it


@dataclass(frozen=True, slots=True)
class KindChange:
    """So many findings of a type were met by `before` and would have been by `after`: an action, with its way; "" where not found."""

    type: str
    before: str
    after: str
    count: int


@dataclass(frozen=True, slots=True)
class Compared:
    """`verdict` is the one that would have been."""

    effect: Effect
    verdict: Verdict
    kinds: tuple[KindChange, ...] = ()

    def kinds_json(self) -> list[dict[str, Any]]:
        return [asdict(kind) for kind in self.kinds]


UNKNOWN = Compared(Effect.UNKNOWN, Verdict.UNAVAILABLE)


def compared(before: Decision, after: Decision) -> Compared:
    """Return what differs between two decisions on one text."""
    if after.verdict is Verdict.UNAVAILABLE:
        return UNKNOWN
    was, would = _met(before), _met(after)
    pairs = Counter(
        (place[-1], was.get(place, ""), would.get(place, ""))
        for place in sorted({**was, **would})
        if was.get(place) != would.get(place)
    )
    kinds = tuple(KindChange(*pair, count) for pair, count in sorted(pairs.items()))
    return Compared(_effect(before.verdict, after.verdict, was, would), after.verdict, kinds)


def _effect(before: Verdict, after: Verdict, was: Mapping[Place, str], would: Mapping[Place, str]) -> Effect:
    if _stops(before) != _stops(after):
        return Effect.STOPPED if _stops(after) else Effect.LET_THROUGH
    if _stops(before):
        return Effect.SAME if before is after else Effect.OTHERWISE
    here, there = _replaced(was), _replaced(would)
    if here.keys() == there.keys():
        return Effect.SAME if here == there else Effect.OTHERWISE
    if here.keys() < there.keys():
        return Effect.REPLACED_MORE
    return Effect.REPLACED_LESS if there.keys() < here.keys() else Effect.OTHERWISE


def _stops(verdict: Verdict) -> bool:
    return verdict.strictness > Verdict.REDACT.strictness


def _met(decision: Decision) -> dict[Place, str]:
    """Return what each finding met: "block", or "redact:mask"."""
    return {
        (found.path, found.start, found.end, found.type): f"{reason.action}:{reason.way}"
        if reason.action is Verdict.REDACT
        else str(reason.action)
        for reason in decision.reasons
        if (found := reason.finding) is not None
    }


def _replaced(met: Mapping[Place, str]) -> dict[Place, str]:
    return {place: said for place, said in met.items() if said.startswith(Verdict.REDACT)}
