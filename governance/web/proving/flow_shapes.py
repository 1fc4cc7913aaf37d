"""What the pages of flows and of exposure show."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from governance.core.vocabulary import Classification, Hosting
from governance.insights.exposure import Cell, Exposure, highest_left
from governance.insights.flows import Flow, Flows, Traffic
from governance.web.frame import charts, sankey, words
from governance.web.frame.insights_words import counted
from governance.web.frame.tables import Table

DRAWN, SHOWN = 24, 50
REASONS = {
    "blocked": "Refused by a rule",
    "justify": "Needed a reason first",
    "held": "Held for two people",
}


@dataclass(frozen=True, slots=True)
class Behind:
    """Addresses of the calls behind a figure: since when, "" where the reader may not see calls."""

    since: datetime
    allowed: bool

    def url(self, **narrowed: str) -> str:
        day = timezone.localtime(self.since).date().isoformat()
        return f"{reverse('exchanges')}?{urlencode({**narrowed, 'since': day})}" if self.allowed else ""


def said(traffic: Traffic) -> str:
    """Return "40 calls, 3 with parts replaced, 2 stopped"."""
    parts = [counted(traffic.calls, "call")]
    parts += [f"{traffic.changed:,} with parts replaced"] if traffic.changed else []
    parts += [f"{traffic.stopped:,} stopped"] if traffic.stopped else []
    return ", ".join(parts)


def flow_rows(found: Sequence[Flow], behind: Behind) -> list[dict[str, Any]]:
    return [
        {
            "data": flow.data.title,
            "data_url": reverse("dataset", args=[flow.data.ref]),
            "said": words.state(Classification, flow.data.classification),
            "place": flow.place.title,
            "place_url": reverse("destination", args=[flow.place.ref]),
            "where": f"{words.word(Hosting, flow.place.hosting)}, {flow.place.region}",
            "traffic": flow.traffic,
            "grants": flow.grants,
            "url": behind.url(dataset=flow.data.ref, destination=flow.place.ref) if flow.traffic.calls else "",
        }
        for flow in found[:SHOWN]
    ]


def drawing(found: Sequence[Flow], behind: Behind, *, by_grants: bool) -> sankey.Sankey | None:
    """Return the largest flows as a drawing, the most sensitive data on top; None when there is nothing to draw."""
    sized = [(flow.grants if by_grants else flow.traffic.calls, flow) for flow in found]
    largest = sorted(((size, flow) for size, flow in sized if size), key=lambda each: -each[0])[:DRAWN]
    return sankey.lay_out([_link(size, flow, behind) for size, flow in largest]) if largest else None


def _link(size: int, flow: Flow, behind: Behind) -> sankey.Link:
    data, place = flow.data, flow.place
    shown = words.state(Classification, data.classification)
    rank = -data.classification.height
    start = sankey.End(data.ref, data.title, reverse("dataset", args=[data.ref]), shown.tone or "quiet", rank)
    end = sankey.End(place.ref, place.title, reverse("destination", args=[place.ref]))
    about = (
        f"{data.title} ({shown.text}) to {place.title}: {said(flow.traffic)}, {counted(flow.grants, 'grant')} in force"
    )
    return sankey.Link(start, end, size, about, behind.url(dataset=data.ref, destination=place.ref))


def flows_sentence(found: Flows) -> str:
    traffic = found.traffic
    if not traffic.calls:
        return "No call was made in this period"
    places = len({flow.place.ref for flow in found.flows if flow.traffic.left})
    return (
        f"{counted(traffic.left, 'call')} went to {counted(places, 'destination')}, {traffic.stopped:,} did not leave"
    )


def exposure_sentence(found: Flows) -> str:
    highest = highest_left(found)
    if highest is None:
        return "Nothing left in this period"
    return f"The most sensitive data that left was {words.state(Classification, highest).text}"


Say = Callable[[str], str]


def grid(cells: Sequence[Cell], say: Say, say_toward: Say, order: Sequence[str] = ()) -> dict[str, Any]:
    """Return cells as a table: one row for each `what`, those in `order` first, one column for each `toward`."""
    toward = sorted({cell.toward for cell in cells})
    most = max((cell.traffic.left for cell in cells), default=0)
    known = {(cell.what, cell.toward): cell for cell in cells}
    present = {cell.what for cell in cells}
    rows = [
        {"what": say(what), "cells": [_cell(known.get((what, each)), say_toward(each), most) for each in toward]}
        for what in [*(what for what in order if what in present), *sorted(present - set(order))]
    ]
    return {"columns": [say_toward(each) for each in toward], "rows": rows}


def _cell(cell: Cell | None, column: str, most: int) -> dict[str, Any]:
    if cell is None:
        return {"column": column, "left": "none", "level": 0, "notes": ""}
    notes = [f"{cell.traffic.stopped:,} stopped"] if cell.traffic.stopped else []
    notes += [counted(cell.grants, "grant")] if cell.grants else []
    left = counted(cell.traffic.left, "call") if cell.traffic.left else "none"
    return {"column": column, "left": left, "level": charts.level(cell.traffic.left, most), "notes": ", ".join(notes)}


def grids(found: Exposure) -> list[dict[str, Any]]:
    classes = [str(each) for each in reversed(Classification)]

    def classified(what: str) -> str:
        return words.sentence(words.state(Classification, what).text)

    def hosted(what: str) -> str:
        return words.sentence(words.word(Hosting, what))

    def kind(what: str) -> str:
        return words.sentence(words.plain(what))

    return [
        {"title": "By kind of place", "first": "Data", "csv": "hosting"}
        | grid(found.by_hosting, classified, hosted, classes),
        {"title": "By region", "first": "Data", "csv": "region"} | grid(found.by_region, classified, str, classes),
        {"title": "By kind of personal data", "first": "Personal data", "csv": "personal"}
        | grid(found.personal, kind, hosted),
    ]


def found_rows(found: Exposure) -> list[dict[str, Any]]:
    return [
        {"kind": words.sentence(words.finding(each.kind)), "found": each.found, "traffic": each.traffic}
        for each in found.found[:SHOWN]
    ]


def refused_rows(found: Exposure) -> list[dict[str, Any]]:
    return [
        {"why": REASONS.get(each.code) or words.sentence(words.plain(each.code)), "calls": each.calls}
        for each in found.refused[:SHOWN]
    ]


def flow_tables(found: Flows) -> dict[str, Table]:
    columns = (
        "dataset",
        "title",
        "classification",
        "destination",
        "hosting",
        "region",
        "calls",
        "left",
        "changed",
        "stopped",
        "grants",
    )
    return {
        "flows": Table(
            columns,
            [
                (f.data.ref, f.data.title, f.data.classification, f.place.ref, f.place.hosting, f.place.region,
                 f.traffic.calls, f.traffic.left, f.traffic.changed, f.traffic.stopped, f.grants)
                for f in found.flows
            ],
        )
    }  # fmt: skip


def exposure_tables(found: Exposure) -> dict[str, Table]:
    def cells(what: str, toward: str, of: Sequence[Cell]) -> Table:
        rows = [
            (c.what, c.toward, c.traffic.calls, c.traffic.left, c.traffic.changed, c.traffic.stopped, c.grants)
            for c in of
        ]
        return Table((what, toward, "calls", "left", "changed", "stopped", "grants"), rows)

    return {
        "hosting": cells("classification", "hosting", found.by_hosting),
        "region": cells("classification", "region", found.by_region),
        "personal": cells("kind", "hosting", found.personal),
        "found": Table(
            ("kind", "found", "calls", "changed", "stopped"),
            [(k.kind, k.found, k.traffic.calls, k.traffic.changed, k.traffic.stopped) for k in found.found],
        ),
        "refused": Table(("code", "calls"), [(each.code, each.calls) for each in found.refused]),
    }
