"""What Django itself would answer with a bare line says, as a page, what is wrong and what to do. REST has its own form."""

import pytest
from django.urls import resolve, reverse
from django.urls.converters import SlugConverter, UUIDConverter

import builders
import everything
from governance.core.clock import now
from governance.organisation.roles import Role
from governance.organisation.rules import STEPPED_UP
from governance.web import urls
from governance.web.frame.landing import page_above
from page_examples import ELSEWHERE, EXAMPLES

pytestmark = pytest.mark.django_db
TYPED = "Words typed into a form that was refused once."
ID = "00000000-0000-7000-8000-000000000000"
HOUSE = 'class="brand"'

ASKING = [pattern for pattern in urls.urlpatterns if pattern.callback.access.step_up]


def address_of(pattern):
    filled = {}
    for name, converter in pattern.pattern.converters.items():
        filled[name] = (
            ID if isinstance(converter, UUIDConverter) else "x" if isinstance(converter, SlugConverter) else 1
        )
    return reverse(pattern.name, kwargs=filled)


@pytest.mark.parametrize("pattern", ASKING, ids=lambda pattern: pattern.name)
def test_above_every_act_that_asks_who_one_is_there_is_a_page(pattern):
    above = page_above(address_of(pattern))
    assert resolve(above).url_name in EXAMPLES | ELSEWHERE
    assert above != "/", "the first page is not where this can be done"


def test_a_form_that_was_refused_and_sent_again_lands_on_its_page_with_its_words(group, enter):
    held = everything.of(builders.unit("Claims")).held
    page, act = f"/exchanges/{held.pk}/hold/", f"/exchanges/{held.pk}/hold/release"
    client = enter(builders.person(Role.SECURITY_ANALYST), stepped_up=False)
    client.post(act, {"reason": TYPED}, headers={"Referer": f"http://testserver{act}"})
    session = client.session
    session[STEPPED_UP] = now().timestamp()
    session.save()
    landed = client.get(act)
    assert (landed.status_code, landed["Location"]) == (303, page)
    assert TYPED in client.get(page).text


def test_what_an_address_does_not_take_is_said_on_a_page(enter):
    said = enter(builders.person(Role.SECURITY_ANALYST)).put(f"/stops/{ID}/lift")
    assert (said.status_code, HOUSE in said.text, "wrong_method" in said.text) == (405, True, True)
    assert "POST" in said["Allow"]
    assert f'href="/stops/{ID}/"' in said.text


def test_nobody_is_signed_out_by_a_link_and_is_told_so(enter):
    said = enter(builders.person(Role.SECURITY_ANALYST)).get("/sign-out/")
    assert (said.status_code, HOUSE in said.text) == (405, True)


def test_a_form_that_is_too_large_names_the_limit(enter, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1024
    said = enter(builders.person(Role.SECURITY_ANALYST)).post("/stops/new", {"reason": "x" * 2000})
    assert (said.status_code, HOUSE in said.text) == (413, True)
    assert "at most 1.0\xa0KB" in said.text


def test_too_many_fields_name_the_limit(enter, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    said = enter(builders.person(Role.SECURITY_ANALYST)).post("/stops/new", {f"f{n}": "" for n in range(5)})
    assert (said.status_code, "at most 3 fields" in said.text) == (413, True)


def test_another_hosts_name_is_refused_on_a_page(client, settings):
    settings.ALLOWED_HOSTS = ["remit.example"]
    said = client.get("/sign-in/")
    assert (said.status_code, "unreadable" in said.text) == (400, True)


def test_a_program_is_answered_in_its_own_form(client, settings):
    settings.ALLOWED_HOSTS = ["remit.example"]
    said = client.get("/api/v1/initiatives/")
    assert (said.status_code, said["Content-Type"], said.json()["code"]) == (
        400,
        "application/problem+json",
        "unreadable",
    )
