"""One page of a list, with what a pager needs to know."""

from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """`number` counts from 1; `total` is the number of rows on all pages; `size` is the most rows a page holds."""

    rows: list[Row]
    total: int
    number: int
    size: int

    @property
    def last(self) -> int:
        """The number of the last page; 1 when the list is empty."""
        return max(1, -(-self.total // self.size))

    @property
    def has_next(self) -> bool:
        return self.number < self.last

    @property
    def has_previous(self) -> bool:
        return self.number > 1


def page_window(page: int, size: int, *, largest: int = 200) -> tuple[int, int]:
    """Return the half-open range of rows of page `page`. What lies outside 1 and `largest` is moved to the edge."""
    size = min(max(size, 1), largest)
    start = (max(page, 1) - 1) * size
    return start, start + size
