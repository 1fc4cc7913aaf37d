"""Runs of agents: how a call names its run, what the remits toward its target allow one, and how it is refused beyond that. Pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from governance.core.errors import Invalid, NotAllowed
from governance.gateway.access import Offer
from governance.remits.runs import MICRO, RunCaps

RUN, PARENT = "x-remit-run", "x-remit-parent-run"
LONGEST_NAME = 128
NAME = re.compile(rf"[!-~]{{1,{LONGEST_NAME}}}")
BEGIN_ANEW = "If the task is a new one, name a new run; else ask for more in a new version of the remit."


@dataclass(frozen=True, slots=True)
class NamedRun:
    """How a call names its run, and the run that began it, "" for none. Names are the initiative's own: another's are other runs."""

    name: str
    parent: str = ""


class Entered(NamedTuple):
    """A run that a call was counted in, and the first of those it was begun by: itself where it was begun by none."""

    run: UUID
    root: UUID


@dataclass(frozen=True, slots=True)
class RunTaking:
    """What a call sets aside of the money of a run with all below it, and the most there is. Micro-euro."""

    root: UUID
    amount: int
    most: int


def named_run(header: Callable[[str], str]) -> NamedRun | None:
    """Return the run that the headers of a call name, None when they name none.

    Raises:
        Invalid: `not_a_run`, `parent_without_run`, `own_parent`.
    """
    name, parent = header(RUN), header(PARENT)
    if not name and not parent:
        return None
    for field, given in (("X-Remit-Run", name), ("X-Remit-Parent-Run", parent)):
        if given and not NAME.fullmatch(given):
            reason = f"{field} must be 1 to {LONGEST_NAME} printable characters of ASCII without a space."
            raise Invalid("not_a_run", reason, field=field, remedy="A UUID is a good name.")
    if not name:
        reason = "X-Remit-Parent-Run says who began a run, and X-Remit-Run does not say which."
        raise Invalid("parent_without_run", reason, field="X-Remit-Run", remedy="Name both.")
    if name == parent:
        raise Invalid("own_parent", "No run begins itself.", field="X-Remit-Parent-Run", remedy="Leave it out.")
    return NamedRun(name, parent)


def caps_of(offers: Sequence[Offer]) -> RunCaps:
    """Return the strictest caps of the remits behind the offers; at least one is given."""
    caps = [offer.runs for offer in offers]
    return RunCaps(
        depth=min(each.depth for each in caps),
        fan_out=min(each.fan_out for each in caps),
        calls=min(each.calls for each in caps),
        spend=min(each.spend for each in caps),
        must_be_named=any(each.must_be_named for each in caps),
    )


def run_missing() -> Invalid:
    return Invalid(
        "run_missing",
        "By its remit every call of this initiative names the run it belongs to.",
        field="X-Remit-Run",
        remedy="Send the header X-Remit-Run, with one name for all calls of one task.",
    )


def price_unknown() -> NotAllowed:
    remedy = "A policy admin writes the price down on the page of the destination."
    return NotAllowed("price_unknown", "The money of a run is capped, and this model has no price yet.", remedy=remedy)


def other_parent() -> Invalid:
    return Invalid(
        "other_parent",
        "This run was begun by another run, or by none.",
        field="X-Remit-Parent-Run",
        remedy="Name the run that began it from its first call on, or name a new run.",
    )


def too_deep(caps: RunCaps) -> NotAllowed:
    reason = f"By the remit, runs begun by one another are at most {caps.depth:,} deep, the first counting as one."
    return NotAllowed("run_too_deep", reason, field="X-Remit-Parent-Run", remedy=BEGIN_ANEW)


def too_wide(caps: RunCaps) -> NotAllowed:
    reason = f"By the remit, one run begins at most {caps.fan_out:,} others."
    return NotAllowed("run_too_wide", reason, field="X-Remit-Parent-Run", remedy=BEGIN_ANEW)


def calls_used_up(caps: RunCaps) -> NotAllowed:
    reason = f"By the remit, a run with all it began makes at most {caps.calls:,} calls."
    return NotAllowed("run_calls_used_up", reason, field="X-Remit-Run", remedy=BEGIN_ANEW)


def money_used_up(most: int) -> NotAllowed:
    reason = f"What is left of the € {most / MICRO:,.2f} of this run with all it began does not cover this call."
    return NotAllowed("run_money_used_up", reason, field="X-Remit-Run", remedy=BEGIN_ANEW)
