"""What happened to a request, in order: sent, opened, decided, overridden, ended."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from governance.approvals.models import Override, Revision
from governance.approvals.rules import StageState
from governance.core.wording import several


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One step. `who` is "" for what Remit did by itself."""

    at: datetime
    who: str
    text: str


class Said(Protocol):
    """What the history needs of a decision as the page shows it."""

    @property
    def who(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def on_behalf_of(self) -> str: ...
    @property
    def suggestion(self) -> object | None: ...
    @property
    def beforehand(self) -> bool: ...
    @property
    def at(self) -> datetime: ...


class _Spoken(NamedTuple):
    rank: int
    row: HistoryRow


SAID = {"approve": "approved", "reject": "rejected", "request_changes": "asked for changes"}


def history(
    versions: Sequence[Revision], said: Iterable[Said], overrides: Iterable[Override]
) -> tuple[HistoryRow, ...]:
    """Return every step of a request, the first on top. `said` are the decisions that the reader may see."""
    steps = [*_sent(versions), *_opened(versions), *_said(said), *_set_aside(overrides)]
    return tuple(step.row for step in sorted(steps, key=lambda step: (step.row.at, step.rank)))


def _sent(versions: Iterable[Revision]) -> Iterator[_Spoken]:
    for version in versions:
        text = "asked" if version.number == 1 else f"sent version {version.number}"
        yield _Spoken(0, HistoryRow(version.made_at, version.editor.name, text))


def _opened(versions: Iterable[Revision]) -> Iterator[_Spoken]:
    for stage in (stage for version in versions for stage in version.stages.all()):
        if stage.opened_at:
            stuck = stage.state == StageState.UNREACHABLE
            text = f"{stage.name}: {'nobody could decide' if stuck else 'asked'}"
            yield _Spoken(1, HistoryRow(stage.opened_at, "", text))


def _said(said: Iterable[Said]) -> Iterator[_Spoken]:
    for decision in said:
        place = f" on behalf of {decision.on_behalf_of}" if decision.on_behalf_of else ""
        wrote = ", and wrote the change" if decision.suggestion else ""
        given = ", by the yes given beforehand to exactly this version" if decision.beforehand else ""
        text = f"{SAID[decision.kind]} as {decision.role}{place}{wrote}{given}"
        yield _Spoken(2, HistoryRow(decision.at, decision.who, text))


def _set_aside(overrides: Iterable[Override]) -> Iterator[_Spoken]:
    for each in sorted(overrides, key=lambda override: (override.asked_at, override.pk)):
        yield _Spoken(
            3, HistoryRow(each.asked_at, each.asked_by.name, f"asked for an override of {several(each.hours, 'hour')}")
        )
        if each.confirmed_by and each.starts_at:
            yield _Spoken(3, HistoryRow(each.starts_at, each.confirmed_by.name, "confirmed the override"))
        if each.ended_at:
            yield _Spoken(3, HistoryRow(each.ended_at, "", "the override ended"))
        if each.reviewed_by and each.reviewed_at:
            verdict = each.verdict.replace("_", " ")
            yield _Spoken(3, HistoryRow(each.reviewed_at, each.reviewed_by.name, f"found the override {verdict}"))
