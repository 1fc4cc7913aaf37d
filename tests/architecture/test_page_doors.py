"""Who may open each page is said: an address without an expectation stops here and is told the line to add."""

import inspect

import pytest
from django.http import HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET, require_POST

from governance.web import urls
from governance.web.frame.access import public, signed_in
from page_cells import DOORS
from tests.architecture.test_page_examples import answers_get

HOW = """
Nobody has said who may open {name}. Add its line to DOORS in tests/page_cells.py, with the ids of tests/everything.py:
    "{name}": [{line}],
Its permission must hold HERE, on the thing's unit, unless you add ANYWHERE, WHOLE or NOBODY. Then run
./dev test tests/pages/test_role_matrix.py
"""


def unsaid(patterns: list[URLPattern]) -> list[str]:
    """Return for every address without an expectation how to give it one."""
    return [_how(pattern) for pattern in patterns if not pattern.callback.access.public and pattern.name not in DOORS]


def _how(pattern: URLPattern) -> str:
    line = (
        f'page("/{pattern.pattern}")' if answers_get(pattern.callback) else f'act("/{pattern.pattern}", {{THE FORM}})'
    )
    return HOW.format(name=pattern.name, line=line)


def test_every_address_has_an_expectation():
    assert not unsaid(urls.urlpatterns), "".join(unsaid(urls.urlpatterns))


def test_no_expectation_outlives_its_address():
    assert not DOORS.keys() - {pattern.name for pattern in urls.urlpatterns}


@pytest.mark.parametrize(
    ("view", "line"),
    [
        pytest.param(signed_in(require_GET(HttpResponse)), '"shed": [page("/shed/")],', id="a page"),
        pytest.param(signed_in(require_POST(HttpResponse)), '"shed": [act("/shed/", {THE FORM})],', id="an act"),
    ],
)
def test_a_forgotten_address_is_told_its_line(view, line):
    [told] = unsaid([path("shed/", view, name="shed")])
    assert line in told


def test_what_is_open_to_all_needs_none():
    assert not unsaid([path("shed/", public("It says nothing.")(HttpResponse), name="shed")])


def test_an_act_asks_nobody_for_a_secret_who_only_opens_its_address():
    """`require_POST` stands above `requires`: else a reload asks for a password and then leads on to another page."""
    acts = [pattern for pattern in urls.urlpatterns if not answers_get(pattern.callback)]
    careful = [pattern for pattern in acts if pattern.callback.access.step_up]
    assert careful
    assert not [pattern.name for pattern in careful if not _stands_above(pattern.callback)]


def _stands_above(view) -> bool:
    """Say whether what refuses a GET is met before what asks for a secret."""
    known = inspect.getclosurevars(view).nonlocals
    return "request_method_list" in known or ("step_up" not in known and _stands_above(view.__wrapped__))
