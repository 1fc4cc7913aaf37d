"""The state of a list lives in its address: what is searched, how it is sorted, which page. Pure but for QueryDict."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode

from django.http import QueryDict

FARTHEST_PAGE = 10_000
LONGEST_SEARCH = 200
AROUND = 2  # page numbers shown on either side of the present one

Names = Literal["initiatives", "destinations", "datasets", "units"]


@dataclass(frozen=True, slots=True)
class Filter:
    """One way to narrow a list. Without `choices` it is typed: a search of at most LONGEST_SEARCH characters, or a date."""

    name: str
    label: str
    choices: Sequence[tuple[str, str]] = ()
    hint: str = ""
    otherwise: str = "All"  # what no choice means
    kind: Literal["search", "date", "kept"] = "search"  # "kept": another page's choice, only handed on
    names: Names | Literal[""] = ""  # of what: the reader is offered what they may see (naming.py)


@dataclass(frozen=True, slots=True)
class ListSpec:
    """What one kind of list can do. `sorts` maps the key in the address to the heading; `-key` is descending."""

    sorts: Mapping[str, str]
    default_sort: str
    filters: tuple[Filter, ...] = ()
    size: int = 50
    noun: str = "row"
    nouns: str = ""

    def counted(self, total: int, *, more: bool = False) -> str:
        noun = self.noun if total == 1 else self.nouns or f"{self.noun}s"
        return f"{'more than ' if more else ''}{total:,} {noun}"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter as shown: with the value the reader chose."""

    filter: Filter
    value: str

    @property
    def kept(self) -> bool:
        return self.filter.kind == "kept"

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        return [(value, label, value == self.value) for value, label in self.filter.choices]


@dataclass(frozen=True, slots=True)
class Heading:
    label: str
    url: str
    order: str  # "", "ascending" or "descending": the value of aria-sort


@dataclass(frozen=True, slots=True)
class ListState:
    """What one reader asked of a list. Anything unknown in the address is ignored, so an old link still opens."""

    spec: ListSpec
    sort: str
    page: int = 1
    chosen: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, query: QueryDict, spec: ListSpec) -> "ListState":
        asked = query.get("sort", "")
        sort = asked if asked.removeprefix("-") in spec.sorts else spec.default_sort
        return cls(
            spec,
            sort,
            _page(query.get("page", "1")),
            {f.name: value for f in spec.filters if (value := _chosen(query, f))},
        )

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.spec.size

    @property
    def limit(self) -> int:
        return self.spec.size

    @property
    def descending(self) -> bool:
        return self.sort.startswith("-")

    def value(self, name: str) -> str:
        """Return the value chosen for the filter `name`, "" when none."""
        return self.chosen.get(name, "")

    @property
    def narrowed(self) -> bool:
        """Whether there may be rows that are not shown: a filter is set, or this is a page that others come before."""
        return bool(self.chosen) or self.page > 1

    @property
    def filters(self) -> list[Chosen]:
        return [Chosen(f, self.value(f.name)) for f in self.spec.filters]

    def url(self, *, sort: str | None = None, page: int = 1) -> str:
        """Return the query of this list with another sort or page; a new sort starts at the first page."""
        pairs = dict(self.chosen)
        if (sort or self.sort) != self.spec.default_sort:
            pairs["sort"] = sort or self.sort
        if page > 1:
            pairs["page"] = str(page)
        return "?" + urlencode(pairs)

    def heading(self, key: str) -> Heading:
        down, up = f"-{key}", key
        order = {up: "ascending", down: "descending"}.get(self.sort, "")
        return Heading(self.spec.sorts[key], self.url(sort=down if self.sort == up else up), order)


def narrowing(query: str) -> str:
    """Return what a query of a list's address narrows and sorts by, its names in order: the same for the same rows, "" for all."""
    said = {
        name: value.strip() for name, value in parse_qsl(query.removeprefix("?"), keep_blank_values=True)
    }  # the last counts
    return urlencode(sorted((name, value) for name, value in said.items() if value and name != "page"))


def _page(number: str) -> int:
    if not re.fullmatch(r"[0-9]{1,18}", number):  # int() refuses thousands of digits, and "²" is a digit to str
        return 1
    return min(max(int(number), 1), FARTHEST_PAGE)


def _chosen(query: QueryDict, narrowing: Filter) -> str:
    value = query.get(narrowing.name, "").strip()[:LONGEST_SEARCH].replace("\x00", "")
    known = not narrowing.choices or value in {choice for choice, _ in narrowing.choices}
    return value if known else ""


@dataclass(frozen=True, slots=True)
class PageLink:
    number: int  # 0 stands for a gap
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class ListPage:
    """Rows ready to show, with what stands around them. `total` counts all rows that match, not only those shown.

    `more`: counting stopped at `total`; there are further rows, and pages beyond the last one that is named.
    """

    state: ListState
    rows: Sequence[Any]
    total: int
    more: bool = False

    @property
    def found(self) -> str:
        return self.state.spec.counted(self.total, more=self.more)

    @property
    def first(self) -> int:
        return self.state.offset + 1 if self.rows else 0

    @property
    def last(self) -> int:
        return self.state.offset + len(self.rows)

    @property
    def pages(self) -> int:
        known = max(1, -(-self.total // self.state.spec.size))
        return max(known, self.state.page) if self.more and self.rows else known

    @property
    def many(self) -> bool:
        return self.pages > 1

    @property
    def previous_url(self) -> str:
        return self.state.url(page=min(self.state.page - 1, self.pages)) if self.state.page > 1 else ""

    @property
    def next_url(self) -> str:
        further = self.state.page < self.pages or (self.more and len(self.rows) == self.state.spec.size)
        return self.state.url(page=self.state.page + 1) if further else ""

    @property
    def links(self) -> list[PageLink]:
        now = self.state.page
        shown = sorted({1, self.pages, *range(max(1, now - AROUND), min(self.pages, now + AROUND) + 1)})
        links: list[PageLink] = []
        for number in shown:
            if links and number - links[-1].number > 1:
                links.append(PageLink(0, ""))
            links.append(PageLink(number, self.state.url(page=number), number == now))
        return links
