"""One page of a list, with what a pager needs to know."""

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

Row = TypeVar("Row")
MOST_COUNTED = 10_000


class Countable(Protocol):
    """What is counted: a list of the database that is not read yet."""

    def __getitem__(self, window: slice, /) -> "Countable": ...
    def count(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Total:
    """How many rows there are; `more` when counting stopped at `number`."""

    number: int
    more: bool = False


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """`number` counts from 1; `total` is the number of rows on all pages; `size` is the most rows a page holds.

    `more`: counting stopped at `total`, and there are further rows.
    """

    rows: list[Row]
    total: int
    number: int
    size: int
    more: bool = False

    @property
    def last(self) -> int:
        """The number of the last page that is known; 1 when the list is empty."""
        return max(1, -(-self.total // self.size))

    @property
    def has_next(self) -> bool:
        return self.number < self.last or (self.more and len(self.rows) == self.size)

    @property
    def has_previous(self) -> bool:
        return self.number > 1


def page_window(page: int, size: int, *, largest: int = 200) -> tuple[int, int]:
    """Return the half-open range of rows of page `page`. What lies outside 1 and `largest` is moved to the edge."""
    size = min(max(size, 1), largest)
    start = (max(page, 1) - 1) * size
    return start, start + size


def count_up_to(found: Countable, most: int = MOST_COUNTED) -> Total:
    """Return how many rows `found` has, counting no further than `most`.

    Counting all of a log or of all calls reads all of it, for a number nobody needs to the last digit.
    """
    number = found[: most + 1].count()
    return Total(min(number, most), more=number > most)
