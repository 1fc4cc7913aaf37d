"""What the page of waiting shows."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from governance.initiatives.rules import Tier
from governance.insights.open_requests import Age, OpenRow
from governance.insights.pace import SideBySide, Week
from governance.insights.waiting import Answers, NamedWait, Pair, Waits
from governance.organisation.roles import Role
from governance.web.frame import charts, insights_words, words
from governance.web.frame.insights_words import counted, lasted
from governance.web.frame.tables import Table

SHOWN = 10
WAIT_COLUMNS = ("hours_half", "hours_nine_in_ten", "waits")


def waits_of(
    title: str, first: str, csv: str, named: Sequence[NamedWait], *, say: Callable[[str], str] = str
) -> dict[str, Any]:
    """Return a table of waits, each drawn on the scale of the longest."""
    longest = max((each.wait.most for each in named), default=0)
    rows = [
        {
            "name": say(each.name),
            "half": lasted(each.wait.half),
            "most": lasted(each.wait.most),
            "number": each.wait.number,
            "span": charts.span(each.wait.half, each.wait.most, longest),
        }
        for each in named[:SHOWN]
    ]
    more = len(named) - len(rows)
    left = counted(more, "more row") if more else ""
    return {"title": title, "first": first, "csv": csv, "rows": rows, "more": left}


def role(name: str) -> str:
    """Return what a role is called; "" stands for people who are asked by name."""
    return words.role(Role(name)) if name else "people asked by name"


def titled(name: str) -> str:
    return words.sentence(role(name))


def tier(name: str) -> str:
    return words.word(Tier, name) if name else "About no initiative"


def breakdowns(waits: Waits, answers: Answers) -> list[dict[str, Any]]:
    return [
        waits_of("By stage", "Stage", "stages", waits.stages),
        waits_of("By who answers", "Role", "roles", answers.roles, say=titled),
        waits_of("By risk", "Risk", "tiers", waits.tiers, say=tier),
        waits_of("By who asks", "Unit", "units", waits.units),
    ]


def pairs(found: Sequence[Pair]) -> list[dict[str, Any]]:
    return [
        {
            "asking": pair.asking,
            "role": role(pair.role),
            "deciding": pair.deciding,
            "waiting": pair.waiting,
            "since": pair.since,
            "half": lasted(pair.answered.half) if pair.answered else insights_words.NOTHING_YET,
            "most": lasted(pair.answered.most) if pair.answered else insights_words.NOTHING_YET,
            "url": f"{reverse('open_requests')}?{urlencode({'role': pair.role})}" if pair.waiting and pair.role else "",
        }
        for pair in found[:SHOWN]
    ]


def ages(found: Sequence[Age]) -> dict[str, Any]:
    most = max((age.number for age in found), default=0)
    return {
        "total": sum(age.number for age in found),
        "rows": [
            {
                "age": words.sentence(insights_words.aged(age.from_days, age.to_days)),
                "deciders": age.deciders,
                "asker": age.asker,
                "strip": charts.strip(
                    [("accent", "wait for who decides", age.deciders), ("quiet", "wait for who asked", age.asker)], most
                ),
            }
            for age in found
        ],
    }


def side_by_side(found: Sequence[SideBySide]) -> list[dict[str, Any]]:
    return [
        {
            "first": each.first,
            "second": each.second,
            "in_line": lasted(each.in_line.half),
            "beside": lasted(each.beside.half),
            "most": f"{lasted(each.in_line.most)} / {lasted(each.beside.most)}",
            "saved": lasted(each.saved_hours),
            "number": each.in_line.number,
            "spared": each.spared,
        }
        for each in found
    ]


def weeks(found: Sequence[Week]) -> dict[str, Any]:
    return {
        "rows": found,
        "columns": charts.columns([(week.asked, week.decided) for week in found]),
        "asked": sum(week.asked for week in found),
        "decided": sum(week.decided for week in found),
    }


def open_row(row: OpenRow) -> dict[str, Any]:
    waits_for = [role(held) for held in row.roles]
    return asdict(row) | {"waits_for": words.joined(waits_for, "who asked")}


def tables(
    waits: Waits,
    answers: Answers,
    aged: Sequence[Age],
    beside: Sequence[SideBySide],
    by_week: Sequence[Week],
) -> dict[str, Table]:
    """Return what can be downloaded, by name; hours with two places."""
    return {
        "stages": _waits("stage", waits.stages),
        "roles": _waits("role", answers.roles),
        "tiers": _waits("tier", waits.tiers),
        "units": _waits("unit", waits.units),
        "pairs": Table(
            ("asking_unit", "role", "deciding_unit", "waiting_now", "oldest_since", *WAIT_COLUMNS),
            [(p.asking, p.role, p.deciding, p.waiting, p.since and p.since.isoformat(), *_answered(p)) for p in answers.pairs],
        ),
        "ages": Table(
            ("from_days", "to_days", "wait_for_deciders", "wait_for_asker"),
            [(age.from_days, age.to_days, age.deciders, age.asker) for age in aged],
        ),
        "side_by_side": Table(
            ("first", "second", "hours_half_in_line", "hours_half_beside", "hours_nine_in_ten_in_line",
             "hours_nine_in_ten_beside", "requests", "spared"),
            [(b.first, b.second, round(b.in_line.half, 2), round(b.beside.half, 2), round(b.in_line.most, 2),
              round(b.beside.most, 2), b.in_line.number, b.spared) for b in beside],
        ),
        "weeks": Table(("week", "asked", "decided"), [(week.week, week.asked, week.decided) for week in by_week]),
    }  # fmt: skip


def _waits(column: str, named: Sequence[NamedWait]) -> Table:
    rows = [(each.name, round(each.wait.half, 2), round(each.wait.most, 2), each.wait.number) for each in named]
    return Table((column, *WAIT_COLUMNS), rows)


def _answered(pair: Pair) -> tuple[float | None, float | None, int]:
    if pair.answered is None:
        return None, None, 0
    return round(pair.answered.half, 2), round(pair.answered.most, 2), pair.answered.number
