"""Every page is looked at in a browser: an address without an example stops here and is told the line to add."""

import inspect
from collections.abc import Callable, Iterator

import pytest
from django.http import HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET, require_POST

from governance.web import urls
from page_examples import ELSEWHERE, EXAMPLES, NOT_PAGES

HOW = """
Nobody looks at this page in a browser: {name}. Add its line to EXAMPLES in tests/page_examples.py:
    "{name}": [see("LOGIN OF WHO MAY", {start})],
and run ./dev test tests/browser/test_every_page.py -k {name}
"""


def answers_get(view: Callable) -> bool:
    """Return False for an act: what Django's require_POST has wrapped, at any depth."""
    while view:
        allowed = inspect.getclosurevars(view).nonlocals.get("request_method_list")
        if allowed:
            return "GET" in allowed
        view = getattr(view, "__wrapped__", None)
    return True


def pages(patterns: list[URLPattern]) -> Iterator[URLPattern]:
    return (pattern for pattern in patterns if answers_get(pattern.callback))


def unseen(patterns: list[URLPattern]) -> list[str]:
    """Return for every page without an example how to give it one."""
    known = EXAMPLES | ELSEWHERE | NOT_PAGES
    return [_how(pattern) for pattern in pages(patterns) if pattern.name not in known]


def _how(pattern: URLPattern) -> str:
    named = '"PAGE WITH A LINK TO IT", "{}"' if pattern.pattern.converters else '"/{}"'
    start = named.format(pattern.name if pattern.pattern.converters else pattern.pattern)
    return HOW.format(name=pattern.name, start=start)


def test_every_page_has_an_example():
    assert not unseen(urls.urlpatterns), "".join(unseen(urls.urlpatterns))


def test_no_example_outlives_its_page():
    names = {pattern.name for pattern in pages(urls.urlpatterns)}
    assert not {*EXAMPLES, *ELSEWHERE, *NOT_PAGES} - names


@pytest.mark.parametrize(
    ("address", "line"),
    [
        pytest.param("almanac/", '"almanac": [see("LOGIN OF WHO MAY", "/almanac/")],', id="a list"),
        pytest.param(
            "almanac/<uuid:id>/",
            '"almanac": [see("LOGIN OF WHO MAY", "PAGE WITH A LINK TO IT", "almanac")],',
            id="one of a list",
        ),
    ],
)
def test_a_forgotten_page_is_told_its_line(address, line):
    [told] = unseen([path(address, require_GET(HttpResponse), name="almanac")])
    assert line in told


def test_an_act_is_no_page():
    assert not unseen([path("act", require_POST(HttpResponse), name="act")])
