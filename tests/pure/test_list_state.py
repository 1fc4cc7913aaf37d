import pytest
from django.http import QueryDict

from governance.web.frame.lists import LONGEST_SEARCH, Filter, ListPage, ListSpec, ListState

SPEC = ListSpec(
    sorts={"title": "Title", "opened": "Opened"},
    default_sort="-opened",
    filters=(Filter("q", "Search"), Filter("status", "Status", (("open", "Open"), ("closed", "Closed")))),
    size=10,
    noun="request",
)


def state(query: str) -> ListState:
    return ListState.read(QueryDict(query), SPEC)


@pytest.mark.parametrize(
    ("query", "sort", "page", "chosen"),
    [
        pytest.param("", "-opened", 1, {}, id="nothing asked"),
        pytest.param(
            "sort=title&page=3&status=open&q=+hail+", "title", 3, {"q": "hail", "status": "open"}, id="all asked"
        ),
        pytest.param("sort=password&status=secret", "-opened", 1, {}, id="unknown names are ignored"),
        pytest.param("page=0", "-opened", 1, {}, id="no page before the first"),
        pytest.param("page=-4", "-opened", 1, {}, id="a negative page"),
        pytest.param("page=²", "-opened", 1, {}, id="a digit that is no number"),
        pytest.param("page=99999999999999", "-opened", 10_000, {}, id="a page beyond all pages"),
        pytest.param("q=%00a", "-opened", 1, {"q": "a"}, id="no NUL reaches the database"),
    ],
)
def test_the_address_is_read_and_never_trusted(query, sort, page, chosen):
    read = state(query)
    assert (read.sort, read.page, dict(read.chosen)) == (sort, page, chosen)


def test_a_search_has_a_longest_length():
    assert len(state("q=" + "a" * 5000).value("q")) == LONGEST_SEARCH


def test_a_page_number_too_long_to_convert_is_no_fault():
    assert state("page=" + "9" * 5000).page == 1


def test_a_new_sort_keeps_the_filters_and_starts_at_the_first_page():
    assert state("status=open&page=4").heading("title").url == "?status=open&sort=title"


def test_a_second_press_turns_the_order_round():
    heading = state("sort=title").heading("title")
    assert (heading.order, heading.url) == ("ascending", "?sort=-title")


def test_the_default_is_not_written_into_the_address():
    assert state("sort=title").url(sort="-opened") == "?"


def numbers(page: ListPage) -> list[int]:
    return [link.number for link in page.links]


@pytest.mark.parametrize(
    ("query", "rows", "total", "shown", "text"),
    [
        pytest.param("", 0, 0, [1], "0 requests", id="no rows"),
        pytest.param("", 1, 1, [1], "1 request", id="one row"),
        pytest.param(
            "page=50", 10, 10_000, [1, 0, 48, 49, 50, 51, 52, 0, 1000], "10,000 requests", id="ten thousand rows"
        ),
    ],
)
def test_pages_are_shown_around_the_present_one(query, rows, total, shown, text):
    page = ListPage(state(query), [object()] * rows, total)
    assert (numbers(page), page.found) == (shown, text)


def test_there_is_no_next_after_the_last_page():
    last = ListPage(state("page=3"), [object()] * 5, 25)
    assert (last.next_url, last.previous_url, last.first, last.last) == ("", "?page=2", 21, 25)


def test_a_list_that_was_not_counted_to_the_end_says_so_and_goes_on():
    page = ListPage(state("page=1000"), [object()] * 10, 10_000, more=True)
    assert (page.found, page.next_url) == ("more than 10,000 requests", "?page=1001")


def test_beyond_what_was_counted_the_list_ends_where_its_rows_end():
    page = ListPage(state("page=1003"), [object()] * 4, 10_000, more=True)
    assert (page.next_url, page.previous_url, numbers(page)[-1]) == ("", "?page=1002", 1003)
