"""Runs of agents as people see them: what each used of its caps, the tree of those it began, and the calls of each."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Sum

from governance.core.errors import NotFound
from governance.core.paging import Page
from governance.gateway.models import Exchange, Run
from governance.gateway.rules import ExchangeState
from governance.gateway.selectors.of_initiative import Between, initiative_with_calls, order_of, page_begun, sees_calls
from governance.organisation.permissions import Standing
from governance.remits.models import Remit
from governance.remits.rules import RemitState
from governance.remits.runs import USUAL_CAPS, RunCaps, parse_caps

MOST_IN_TREE = 200
SORTS = {
    "began": ("began_at", "id"),
    "last": ("last_at", "id"),
    "calls": ("calls", "id"),
    "spent": ("spent", "id"),
}
OWN = {
    "made": Count("id"),
    "refused": Count("id", filter=Q(state=ExchangeState.REFUSED)),
    "cost": Sum("cost", default=0),
}


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run that no other began. `calls`, `spent` and `reserved` are those of it and all below it; money is micro-euro."""

    id: UUID
    name: str
    children: int
    calls: int
    spent: int
    reserved: int
    began_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class RunNode:
    """One run of a tree and its own calls alone: how many it made, how many of those were refused, what they cost in micro-euro."""

    id: UUID
    name: str
    parent: UUID | None
    depth: int
    children: int
    began_at: datetime
    calls: int = 0
    refused: int = 0
    cost: int = 0


@dataclass(frozen=True, slots=True)
class RunsPage:
    """The runs of an initiative, and the caps of its remit."""

    code: str
    title: str
    caps: RunCaps
    runs: Page[RunRow]


@dataclass(frozen=True, slots=True)
class RunPage:
    """One run in its tree, parents before those they began. `more`: the tree has runs that are not in `tree`."""

    code: str
    title: str
    caps: RunCaps
    root: RunRow
    node: RunNode
    tree: tuple[RunNode, ...]
    more: bool


def runs(
    code_or_id: str | UUID,
    *,
    standing: Standing,
    name: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    sort: str = "-last",
    page: int = 1,
    size: int = 50,
) -> RunsPage:
    """Return the runs of an initiative that no other run began, in a fixed number of queries. `name`: part of it. Began in [since, until).

    Raises:
        NotFound: `no_such_initiative`, also for who may not see its calls.
    """
    owned = initiative_with_calls(code_or_id, standing)
    found = Run.objects.filter(initiative=owned, parent=None, name__icontains=name)
    between = Between("began_at", since, until)
    listed = page_begun(found, _row, between, order=order_of(SORTS, sort, usual="last"), page=page, size=size)
    return RunsPage(owned.code, owned.title, caps_in_force(owned.pk), listed)


def run(run_id: UUID, *, standing: Standing) -> RunPage:
    """Return one run with the tree it belongs to.

    Raises:
        NotFound: `no_such_run`, also for who may not see its calls.
    """
    found = Run.objects.filter(pk=run_id).select_related("root", "initiative__accountable_unit").first()
    if found is None or not sees_calls(found.initiative, standing):
        raise NotFound("no_such_run", "There is no such run.")
    nodes, more = _nodes(found)
    own = next((node for node in nodes if node.id == found.pk), None) or _with_calls([_node(found)])[0]
    owned = found.initiative
    tree = tuple(_in_order(nodes, None))
    return RunPage(owned.code, owned.title, caps_in_force(owned.pk), _row(found.root), own, tree, more)


def caps_in_force(initiative_id: UUID) -> RunCaps:
    """Return the caps of the remit in force, that of the sandbox where there is no other; the usual ones where there is none."""
    held = Remit.objects.filter(initiative_id=initiative_id, state=RemitState.APPROVED).order_by("sandbox", "-version")
    body = held.values_list("body", flat=True).first() or {}
    return parse_caps(body["runs"], "runs") if body.get("runs") else USUAL_CAPS


def _nodes(found: Run) -> tuple[list[RunNode], bool]:
    """Return the runs of the tree with their own calls, those above first, as many as are shown."""
    held = Run.objects.filter(root_id=found.root_id).order_by("depth", "began_at", "id")[: MOST_IN_TREE + 1]
    nodes = [_node(each) for each in held]
    return _with_calls(nodes[:MOST_IN_TREE]), len(nodes) > MOST_IN_TREE


def _with_calls(nodes: list[RunNode]) -> list[RunNode]:
    made: Any = Exchange.objects.filter(run__in=[node.id for node in nodes]).order_by().values("run").annotate(**OWN)
    own = {each["run"]: {"calls": each["made"], "refused": each["refused"], "cost": each["cost"]} for each in made}
    return [replace(node, **own.get(node.id, {})) for node in nodes]


def _in_order(nodes: list[RunNode], parent: UUID | None) -> Iterator[RunNode]:
    for node in nodes:
        if node.parent == parent:
            yield node
            yield from _in_order(nodes, node.id)


def _node(found: Run) -> RunNode:
    return RunNode(found.pk, found.name, found.parent_id, found.depth, found.children, found.began_at)


def _row(found: Run) -> RunRow:
    return RunRow(
        found.pk,
        found.name,
        found.children,
        found.calls,
        found.spent,
        found.reserved,
        found.began_at,
        found.last_at,
    )
