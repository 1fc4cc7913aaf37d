"""Who may open a page, what the others are told, and what is written down about it. Views of the test's own."""

import pytest
from django.http import HttpResponse
from django.urls import include, path
from django.views.decorators.http import require_POST

import builders
from governance.organisation.permissions import UnknownPermissionError
from governance.organisation.roles import Role
from governance.web.frame.access import STEPPED_UP, actor_of, requires, signed_in


@requires("organisation:role:give")
def guarded(request):
    return HttpResponse(f"given by {actor_of(request).name}")


@requires("organisation:role:give", step_up=True)
def careful(request):
    return HttpResponse("done")


@require_POST
@requires("organisation:role:give", step_up=True)
def act(request):
    return HttpResponse("done")


@signed_in
def own(request):
    return HttpResponse("yours")


urlpatterns = [
    path("guarded", guarded),
    path("careful", careful),
    path("act", act),
    path("own", own),
    path("", include("governance.web.urls")),
]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.fixture
def admin_client(client):
    client.force_login(builders.person(Role.PLATFORM_ADMIN, name="Ada Admin"))
    return client


@pytest.mark.parametrize("page", ["/guarded", "/own"])
def test_a_stranger_is_sent_to_the_sign_in_and_back(client, page):
    answer = client.get(page + "?sort=name")
    assert (answer.status_code, answer["Location"]) == (303, f"/sign-in/?next=%2F{page[1:]}%3Fsort%3Dname")


def test_whoever_opens_the_address_of_an_act_is_led_on_and_not_asked_for_a_secret(admin_client):
    assert admin_client.get("/act")["Location"] == "/"
    assert admin_client.post("/act")["Location"].startswith("/step-up/")


def test_a_stranger_who_asks_by_htmx_is_sent_there_by_htmx(client):
    answer = client.get("/guarded", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/sign-in/?next=%2Fguarded")


def test_who_holds_the_permission_opens_the_page(admin_client):
    assert admin_client.get("/guarded").content == b"given by Ada Admin"


def test_who_does_not_is_told_who_does_and_what_to_quote(client):
    builders.person(Role.PLATFORM_ADMIN, name="Ada Admin")
    client.force_login(builders.person(Role.REQUESTER))
    answer = client.get("/guarded", headers={"X-Request-Id": "synthetic-request-1"})
    assert answer.status_code == 403
    assert "Ask Ada Admin" in answer.text
    assert "synthetic-request-1" in answer.text


def test_the_refused_attempt_is_in_the_log(client, recorded):
    outsider = builders.person(Role.REQUESTER)
    client.force_login(outsider)
    client.get("/guarded", headers={"X-Request-Id": "synthetic-request-2"})
    [event] = [body for body in recorded.bodies if body["kind"] == "access.attempt_refused"]
    assert event["actor"]["ref"] == str(outsider.pk)
    assert event["request_id"] == "synthetic-request-2"
    assert event["detail"] == {"code": "not_permitted", "error": "not_allowed", "door": "web"}


def test_a_refused_part_goes_where_pages_have_room_for_it(client):
    client.force_login(builders.person(Role.REQUESTER))
    answer = client.get("/guarded", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Retarget"]) == (403, "#notice")
    assert "<html" not in answer.text


def test_a_careful_page_asks_again_who_it_is(admin_client):
    assert admin_client.get("/careful")["Location"] == "/step-up/?next=%2Fcareful"


def test_after_a_form_the_reader_comes_back_to_the_page_it_stood_on(admin_client):
    answer = admin_client.post("/careful", headers={"Referer": "http://testserver/own?page=2"})
    assert answer["Location"] == "/step-up/?next=%2Fown"


def test_a_page_of_somebody_else_is_no_place_to_come_back_to(admin_client):
    answer = admin_client.post("/careful", headers={"Referer": "http://elsewhere.invalid/own"})
    assert answer["Location"] == "/step-up/?next=%2F"


@pytest.mark.parametrize(("age_s", "status"), [(10, 200), (299, 200), (301, 303)])
def test_five_minutes_are_long_enough(admin_client, age_s, status):
    from governance.core.clock import now

    session = admin_client.session
    session[STEPPED_UP] = now().timestamp() - age_s
    session.save()
    assert admin_client.get("/careful").status_code == status


def test_a_permission_nobody_wrote_down_stops_the_start():
    with pytest.raises(UnknownPermissionError):
        requires("organisation:role:gvie")
