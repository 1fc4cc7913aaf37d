"""The proof of coverage: what was looked at, by which detector, under which ruleset. No complete receipt, no "clean"."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class State(StrEnum):
    OK = "ok"
    FAILED = "failed"
    TIMEOUT = "timeout"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Run:
    """One detector over one document.

    `fault` is the name of what went wrong (a class name), never its message: those quote text. `why` is what limits.py says of a limit.
    """

    name: str
    version: str
    state: State
    milliseconds: float
    fault: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """`bytes_seen` counts segments every required detector finished (or the cache vouched for); `bytes_cached` is its cached part."""

    ruleset: str
    engine: str
    segments: int
    bytes_given: int
    bytes_seen: int
    bytes_cached: int
    runs: tuple[Run, ...]
    required: tuple[str, ...]
    milliseconds: float

    @property
    def complete(self) -> bool:
        finished = {run.name for run in self.runs if run.state is State.OK}
        return self.bytes_seen == self.bytes_given and bool(self.required) and finished.issuperset(self.required)

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of required detectors that did not finish."""
        finished = {run.name for run in self.runs if run.state is State.OK}
        return tuple(name for name in self.required if name not in finished)

    @property
    def limits(self) -> tuple[str, ...]:
        """Return what is said of the limits that the document met; see limits.py."""
        return tuple(dict.fromkeys(run.why for run in self.runs if run.why))

    def to_dict(self) -> dict[str, Any]:
        runs = [
            {
                "name": r.name,
                "version": r.version,
                "state": r.state.value,
                "milliseconds": r.milliseconds,
                "fault": r.fault,
                **({"why": r.why} if r.why else {}),  # whoever reads it before it is renewed knows no such field
            }
            for r in self.runs
        ]
        plain = {name: getattr(self, name) for name in self.__slots__ if name not in ("runs", "required")}
        return {**plain, "required": list(self.required), "runs": runs, "complete": self.complete}

    @classmethod
    def of_dict(cls, values: dict[str, Any]) -> "Receipt":
        """Return the receipt of `to_dict`. Completeness is worked out again, not believed."""
        fields = {name: values[name] for name in cls.__slots__ if name not in ("runs", "required")}
        runs = tuple(Run(**{**run, "state": State(run["state"])}) for run in values["runs"])
        return cls(**fields, runs=runs, required=tuple(values["required"]))
