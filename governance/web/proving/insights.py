"""Pages of figures: who owns what, where requests wait, what data flows to whom. They read and change nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from governance.core.clock import now
from governance.initiatives.rules import InitiativeState
from governance.insights import exposure as exposed
from governance.insights import flows as flowing
from governance.insights import open_requests as opened
from governance.insights import ownership as owned
from governance.insights import pace as paced
from governance.insights import waiting as waited
from governance.insights.kept import kept
from governance.insights.scope import PERIODS, READ, USUAL_DAYS, Scope, scope_for, units_in
from governance.organisation.roles import Role
from governance.web.frame import insights_words, words
from governance.web.frame.access import holds, requires, standing
from governance.web.frame.htmx import page_or_part
from governance.web.frame.lists import Filter, ListPage, ListSpec, ListState
from governance.web.frame.shapes import Crumb, Tab
from governance.web.frame.tables import Table, wanted_table
from governance.web.owning import ownership_shapes
from governance.web.proving import flow_shapes, waiting_shapes

TITLES = {
    "portfolio": "Portfolio",
    "waiting": "Waiting",
    "ownership": "Ownership",
    "flows": "Flows",
    "exposure": "Exposure",
}
AT_A_GLANCE = 5
INDENT = "\u2003"  # an em space: a browser keeps it where it would drop others
PERIOD = Filter(
    "days",
    "Period",
    [(str(days), f"Last {days} days") for days in PERIODS if days != USUAL_DAYS],
    otherwise=f"Last {USUAL_DAYS} days",
)
BY = Filter("by", "Drawn by", [("grants", "Grants in force")], otherwise="Calls of the period")
ROLE = Filter("role", "Waits for", [(role.value, words.sentence(words.role(role))) for role in Role])
OLDER = Filter(
    "older",
    "Sent",
    [(str(days), f"{days} day{'s' if days > 1 else ''} ago or earlier") for days in opened.EDGES],
    otherwise="At any time",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader wants to see: the state of the filters, and the scope that it means."""

    state: ListState
    scope: Scope


def _asked(request: HttpRequest, *further: Filter, period: Filter = PERIOD) -> Asked:
    units = [(each.ref, f"{INDENT * each.depth}{each.name}") for each in units_in(standing(request))]
    unit = Filter("unit", "Unit", units, otherwise="All units")
    spec = ListSpec(sorts={"opened": "Sent"}, default_sort="opened", filters=(period, unit, *further), noun="request")
    state = ListState.read(request.GET, spec)
    days = int(state.value("days") or USUAL_DAYS)
    zone = timezone.get_current_timezone_name()
    return Asked(state, scope_for(standing(request), at=now(), days=days, unit=state.value("unit"), zone=zone))


def _shown(
    request: HttpRequest, asked: Asked, place: str, page: Mapping[str, Any], tables: Mapping[str, Table]
) -> HttpResponse:
    taken = wanted_table(request, tables)
    if taken:
        return taken
    kept = {name: value for name, value in asked.state.chosen.items() if name in {"days", "unit"}}
    query = replace(asked.state, chosen=kept).url()
    context = {
        "page": page,
        "list": ListPage(asked.state, [], 0),
        "tabs": [Tab(title, f"{reverse(name)}{query}", name == place) for name, title in TITLES.items()],
        "csv": f"{asked.state.url()}&csv=",
    }
    return page_or_part(request, f"insights/{place}.html", "figures", context)


def _behind(request: HttpRequest, scope: Scope) -> flow_shapes.Behind:
    return flow_shapes.Behind(scope.since, allowed=holds(request, "gateway:exchange:read"))


@requires(READ)
def portfolio(request: HttpRequest) -> HttpResponse:
    """Show on one page who owns what, what is contested, where requests wait and what data flows to whom."""
    asked = _asked(request)
    scope = asked.scope
    found, moved, ages = kept(owned.ownership, scope), kept(flowing.flows, scope), opened.ages(scope)
    pace, pairs = kept(paced.pace, scope), kept(waited.answers, scope).pairs
    page = {
        "title": ownership_shapes.sentence(found),
        "about": f"{insights_words.headline(pace)}. {flow_shapes.flows_sentence(moved)}.",
        "figures": _figures(found, pace, moved, sum(age.number for age in ages)),
        "units": ownership_shapes.units(found, shown=AT_A_GLANCE),
        "keys": ownership_shapes.keys(found),
        "contested": ownership_shapes.contested(found, shown=AT_A_GLANCE),
        "pairs": waiting_shapes.pairs([pair for pair in pairs if pair.waiting])[:AT_A_GLANCE],
        "flows": flow_shapes.flow_rows(moved.flows[:AT_A_GLANCE], _behind(request, scope)),
    }
    return _shown(request, asked, "portfolio", page, {})


def _figures(
    found: owned.Ownership, pace: paced.Pace, moved: flowing.Flows, waiting: int
) -> list[tuple[str, str, str]]:
    """Return (label, value, note) of the figures on top."""
    highest = exposed.highest_left(moved)
    lasted = insights_words.lasted(pace.wait.half) if pace.wait else insights_words.NOTHING_YET
    return [
        ("Initiatives", f"{found.total:,}", f"{found.in_state(InitiativeState.ACTIVE):,} active"),
        ("Contested", f"{found.contested_total:,}", "claimed by another unit"),
        ("Requests open", f"{waiting:,}", "wait for a person"),
        ("Half decided within", lasted, "of being sent"),
        ("Calls that left", f"{moved.traffic.left:,}", f"{moved.traffic.changed:,} with parts replaced"),
        ("Calls stopped", f"{moved.traffic.stopped:,}", f"highest that left: {highest or 'nothing'}"),
    ]


@requires(READ)
def waiting(request: HttpRequest) -> HttpResponse:
    asked = _asked(request)
    scope = asked.scope
    pace, waits, answers = kept(paced.pace, scope), kept(waited.waits, scope), kept(waited.answers, scope)
    ages, beside = opened.ages(scope), kept(paced.side_by_side, scope)
    weeks = paced.weeks(scope, zone=timezone.get_current_timezone_name())
    page = {
        "title": insights_words.headline(pace),
        "about": insights_words.beneath(pace),
        "breakdowns": waiting_shapes.breakdowns(waits, answers) if pace.wait or waits.stages else [],
        "pairs": waiting_shapes.pairs(answers.pairs),
        "ages": waiting_shapes.ages(ages),
        "beside": waiting_shapes.side_by_side(beside),
        "weeks": waiting_shapes.weeks(weeks),
    }
    return _shown(request, asked, "waiting", page, waiting_shapes.tables(waits, answers, ages, beside, weeks))


@requires(READ)
def open_requests(request: HttpRequest) -> HttpResponse:
    """Show the open requests behind the figures of waiting, the longest open first."""
    asked = _asked(request, ROLE, OLDER)
    state = asked.state
    found = opened.open_requests(
        asked.scope,
        role=state.value("role"),
        older_than_days=int(state.value("older") or 0),
        page=state.page,
        size=state.limit,
    )
    page = ListPage(state, [waiting_shapes.open_row(row) for row in found.rows], found.total)
    trail = [Crumb("Waiting", reverse("waiting")), Crumb("Open requests")]
    return page_or_part(request, "insights/open_requests.html", "rows", {"page": page, "trail": trail})


@requires(READ)
def ownership(request: HttpRequest) -> HttpResponse:
    """Show who answers for what now. No period: the one chosen on the pages beside it is only handed on to them."""
    asked = _asked(request, period=replace(PERIOD, kind="kept"))
    found = kept(owned.ownership, asked.scope)
    page = {
        "title": ownership_shapes.sentence(found),
        "units": ownership_shapes.units(found),
        "more": ownership_shapes.more(found),
        "keys": ownership_shapes.keys(found),
        "contested": ownership_shapes.contested(found),
        "contested_total": found.contested_total,
    }
    return _shown(request, asked, "ownership", page, ownership_shapes.tables(found))


@requires(READ)
def flows(request: HttpRequest) -> HttpResponse:
    asked = _asked(request, BY)
    found, behind = kept(flowing.flows, asked.scope), _behind(request, asked.scope)
    page = {
        "title": flow_shapes.flows_sentence(found),
        "drawing": flow_shapes.drawing(found.flows, behind, by_grants=asked.state.value("by") == "grants"),
        "flows": flow_shapes.flow_rows(found.flows, behind),
        "total": len(found.flows),
    }
    return _shown(request, asked, "flows", page, flow_shapes.flow_tables(found))


@requires(READ)
def exposure(request: HttpRequest) -> HttpResponse:
    asked = _asked(request)
    moved = kept(flowing.flows, asked.scope)
    found = exposed.exposure(asked.scope, moved)
    page = {
        "title": flow_shapes.exposure_sentence(moved),
        "about": flow_shapes.said(moved.traffic),
        "any": bool(moved.flows or found.refused),
        "grids": flow_shapes.grids(found),
        "found": flow_shapes.found_rows(found),
        "refused": flow_shapes.refused_rows(found),
    }
    return _shown(request, asked, "exposure", page, flow_shapes.exposure_tables(found))
