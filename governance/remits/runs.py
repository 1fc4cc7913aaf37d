"""What one run of an agent may become: how deep and how wide it goes, how many calls it makes, how much they cost. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from governance.core.wording import several
from governance.remits.fields import known_keys, mapping, truth, whole

DEEPEST, WIDEST, MOST_CALLS, MOST_SPEND = 20, 1000, 1_000_000, 10**12
MICRO = 1_000_000


@dataclass(frozen=True, slots=True)
class RunCaps:
    """`depth`: levels of runs, the first counting as one. `fan_out`: runs that one run begins. The other two count a run with all below it.

    `spend` is micro-euro. `must_be_named`: a call that names no run is refused. What a remit does not say is as it stands here.
    """

    depth: int = 5
    fan_out: int = 20
    calls: int = 500
    spend: int = 10 * MICRO
    must_be_named: bool = False

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


USUAL_CAPS = RunCaps()
Reader = Callable[[Any, str], Any]
CAPS: Mapping[str, Reader] = {
    "depth": whole(1, DEEPEST),
    "fan_out": whole(0, WIDEST),
    "calls": whole(1, MOST_CALLS),
    "spend": whole(1, MOST_SPEND),
    "must_be_named": truth,
}


def parse_caps(value: Any, field: str) -> RunCaps:
    """Return the caps that `value` writes down; what it leaves out is as usual.

    Raises:
        Invalid: names the field, its limit and the remedy.
    """
    known_keys(mapping(value, field), CAPS, field)
    return RunCaps(**{key: CAPS[key](given, f"{field}.{key}") for key, given in value.items()})


def allows_more(before: RunCaps, after: RunCaps) -> bool:
    """Say whether `after` lets a run do what `before` did not."""
    return (
        after.depth > before.depth
        or after.fan_out > before.fan_out
        or after.calls > before.calls
        or after.spend > before.spend
        or (before.must_be_named and not after.must_be_named)
    )


def caps_in_words(caps: RunCaps) -> str:
    """Return the caps as people read them."""
    said = [
        f"at most {several(caps.calls, 'call')} and € {caps.spend / MICRO:,.2f} in a run with all below it",
        f"{caps.depth} deep",
        f"{caps.fan_out} begun by one",
    ]
    if caps.must_be_named:
        said.append("every call names its run")
    return ", ".join(said)
