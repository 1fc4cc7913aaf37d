"""Conditions that a workflow attaches to an approval: they bind whatever the approvers say. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from governance.approvals.binding import Binding, in_words
from governance.core.wording import several
from governance.detection.ways import Way


@dataclass(frozen=True, slots=True)
class Attached:
    """What is attached, and why. `human_oversight` says who watches over what; `longest_days` counts the first day.

    `way` is the most that may be told of what is replaced.
    """

    because: str
    redact: tuple[str, ...] = ()
    human_oversight: str = ""
    longest_days: int | None = None
    way: Way | None = None

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "redact": list(self.redact)}

    def binding(self, on: date) -> Binding:
        """Return the same as an approver would tie it, for a right that begins `on` that day."""
        return Binding(
            redact=self.redact,
            ends=None if self.longest_days is None else on + timedelta(days=self.longest_days - 1),
            human_oversight=self._oversight,
            way=self.way,
        )

    @property
    def _oversight(self) -> tuple[str, ...]:
        return (self.human_oversight,) if self.human_oversight else ()

    @property
    def in_words(self) -> str:
        """Return what is attached, without the reason."""
        said = in_words(Binding(self.redact, None, self._oversight, self.way))
        return " ".join(
            [*said, *([f"It ends after {several(self.longest_days, 'day')}."] if self.longest_days else [])]
        )


def attached_of(value: Mapping[str, Any]) -> Attached:
    """Return what `to_json` wrote."""
    way = value.get("way")  # what was attached before it could be, has none
    return Attached(**{**value, "redact": tuple(value["redact"]), "way": Way(way) if way else None})
