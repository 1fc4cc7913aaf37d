"""A person keeps the filter of a list under a name: their own, a few, each by another name."""

import pytest
from django.urls import reverse

import builders
from governance.organisation.models import SavedView
from governance.organisation.roles import Role
from governance.organisation.rules import LONGEST_VIEW_QUERY, LONGEST_VIEW_TITLE, MOST_VIEWS
from governance.organisation.services import save_view
from governance.web.frame.lists import narrowing
from governance.web.frame.saved import LISTS

pytestmark = pytest.mark.django_db
SAVE, MINE = "/views/datasets/save", "/views/datasets/"


@pytest.fixture
def person(claims):
    return builders.person(None, claims, roles=[Role.REQUESTER, Role.DATA_STEWARD])


@pytest.fixture
def browser(enter, person):
    return enter(person)


def keep(person, title="Restricted", query="classification=restricted", list_name="datasets"):
    told = {"list_name": list_name, "title": title, "query": query}
    return save_view(**told, by=builders.actor(person), at=builders.AT)


def titles():
    return list(SavedView.objects.order_by("title").values_list("title", flat=True))


def test_a_filter_is_kept_and_stands_above_its_list(browser):
    told = {"title": " Restricted ", "query": "?q=&classification=restricted&page=3&sort=-title"}
    answer = browser.post(SAVE, told, follow=True)
    assert answer.redirect_chain == [("/datasets/?classification=restricted&sort=-title", 302)]
    assert 'data-view aria-current="true">Restricted</a>' in answer.text
    assert "Only you see it" in answer.text


def test_a_list_that_is_not_narrowed_offers_nothing_to_keep(browser):
    assert "<details data-save hidden>" in browser.get("/datasets/").text
    assert "<details data-save>" in browser.get("/datasets/?q=claims").text


def test_a_view_that_is_open_is_not_offered_again(browser, person):
    keep(person)
    assert "<details data-save hidden>" in browser.get("/datasets/?classification=restricted").text


def test_a_page_that_keeps_no_views_shows_none(browser):
    assert "data-views" not in browser.get("/registers/?q=x").text


def test_nobody_else_sees_it(browser, enter, person):
    view = keep(person)
    other = enter(builders.person(Role.AUDITOR))
    assert "Restricted" in browser.get("/datasets/").text
    assert "data-view>" not in other.get("/datasets/").text
    assert "No view yet" in other.get(MINE).text
    assert other.post(f"{MINE}{view.pk}/rename", {"title": "Taken"}).status_code == 404
    assert other.post(f"{MINE}{view.pk}/remove").status_code == 404
    assert titles() == ["Restricted"]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        pytest.param({"title": "", "query": "q=x"}, "Answer “What is it called?”", id="no name"),
        pytest.param({"title": "\u200b", "query": "q=x"}, "Give the view a name.", id="a name of nothing to be read"),
        pytest.param(
            {"title": "n" * (LONGEST_VIEW_TITLE + 1), "query": "q=x"},
            f"at most {LONGEST_VIEW_TITLE} characters; this one has {LONGEST_VIEW_TITLE + 1}",
            id="too long a name",
        ),
        pytest.param({"title": "All", "query": "q=&page=2"}, "Choose a filter of the list first.", id="no filter"),
        pytest.param(
            {"title": "Long", "query": "q=" + "x" * LONGEST_VIEW_QUERY},
            "Search for fewer words.",
            id="too long a filter",
        ),
        pytest.param({"title": "rEstricted", "query": "q=x"}, "called “rEstricted” already", id="a name that is taken"),
    ],
)
def test_what_cannot_be_kept_is_said_with_what_to_do(browser, person, told, said):
    keep(person)
    answer = browser.post(SAVE, told)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert titles() == ["Restricted"]


def test_a_list_has_so_many_views_and_no_more(browser, person):
    for number in range(MOST_VIEWS):
        keep(person, title=f"View {number}")
    answer = browser.post(SAVE, {"title": "One more", "query": "q=x"})
    assert (answer.status_code, f"{MOST_VIEWS} views of this list" in answer.text) == (422, True)
    assert browser.post("/views/initiatives/save", {"title": "One more", "query": "q=x"}).status_code == 302


def test_the_same_name_serves_for_another_list_and_another_person(person):
    keep(person)
    keep(person, list_name="initiatives")
    keep(builders.person(Role.AUDITOR))
    assert titles() == ["Restricted"] * 3


def test_a_view_gets_another_name(browser, person):
    view = keep(person)
    assert browser.post(f"{MINE}{view.pk}/rename", {"title": "Secret"})["Location"] == MINE
    assert "Secret" in browser.get(MINE).text


def test_a_view_does_not_get_the_name_of_another(browser, person):
    view, _ = keep(person), keep(person, title="Public", query="classification=public")
    answer = browser.post(f"{MINE}{view.pk}/rename", {"title": "public"})
    assert (answer.status_code, "already" in answer.text) == (422, True)
    assert titles() == ["Public", "Restricted"]


def test_a_view_is_removed_and_the_page_teaches_again(browser, person):
    view = keep(person)
    answer = browser.post(f"{MINE}{view.pk}/remove", follow=True)
    assert ("Removed: “Restricted”." in answer.text, "No view yet" in answer.text) == (True, True)
    assert browser.post(f"{MINE}{view.pk}/remove").status_code == 404


def test_the_page_of_the_views_belongs_to_their_list(browser):
    assert 'href="/datasets/" aria-current="page"' in browser.get(MINE).text


@pytest.mark.parametrize("path", ["/views/registers/", "/views/nowhere/"])
def test_a_list_without_views_has_no_page_of_them(browser, path):
    assert browser.get(path).status_code == 404


@pytest.mark.parametrize("list_name", LISTS)
def test_a_list_shows_all_its_views_with_the_questions_that_one_takes(enter, list_name, django_assert_max_num_queries):
    reader = builders.person(None, None, roles=list(Role))
    browser, home = enter(reader), reverse(list_name)
    keep(reader, title="View 0", query="q=word0", list_name=list_name)
    browser.get(home)
    with django_assert_max_num_queries(40) as with_one:
        assert browser.get(home).text.count("data-view>") == 1
    for number in range(1, MOST_VIEWS):
        keep(reader, title=f"View {number}", query=f"q=word{number}", list_name=list_name)
    with django_assert_max_num_queries(len(with_one)):
        assert browser.get(home).text.count("data-view>") == MOST_VIEWS


def test_the_page_of_the_views_asks_once_for_all_of_them(browser, person, django_assert_max_num_queries):
    for number in range(MOST_VIEWS):
        keep(person, title=f"View {number}")
    with django_assert_max_num_queries(16):
        assert browser.get(MINE).text.count("Rename<") == MOST_VIEWS


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        pytest.param("?b=2&a=1", "a=1&b=2", id="names in order"),
        pytest.param("a=&b=+&page=4", "", id="nothing chosen"),
        pytest.param("a=1&a=2&b=1&b=", "a=2", id="the last of a name"),
        pytest.param("q=two+words%26", "q=two+words%26", id="signs of an address"),
        pytest.param("q=a%00b", "q=a%00b", id="what no row could hold, as the address writes it"),
    ],
)
def test_what_a_query_narrows(query, kept):
    assert narrowing(query) == kept
