import pytest

from governance.core.paging import Page, count_up_to


class Rows:
    """Stands for a list of the database: knows how many it has, and how far it was read."""

    def __init__(self, number):
        self.number = number

    def __getitem__(self, window):
        return Rows(min(self.number, window.stop))

    def count(self):
        return self.number


@pytest.mark.parametrize(
    ("rows", "number", "more"),
    [
        pytest.param(0, 0, False, id="none"),
        pytest.param(100, 100, False, id="as many as are counted"),
        pytest.param(101, 100, True, id="one more"),
        pytest.param(10**9, 100, True, id="far more"),
    ],
)
def test_counting_stops_and_says_so(rows, number, more):
    total = count_up_to(Rows(rows), most=100)
    assert (total.number, total.more) == (number, more)


@pytest.mark.parametrize(
    ("number", "rows", "more", "has_next"),
    [
        pytest.param(1, 50, False, True, id="before the last page"),
        pytest.param(2, 50, False, False, id="the last page"),
        pytest.param(2, 50, True, True, id="a full page beyond the count"),
        pytest.param(3, 20, True, False, id="a page that is not full ends the list"),
    ],
)
def test_a_page_knows_whether_another_follows(number, rows, more, has_next):
    assert Page([object()] * rows, 100, number, 50, more).has_next is has_next
