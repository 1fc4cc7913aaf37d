"""Signing in by password, staying in, proving again who one is, and the first platform admin."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import check_password, make_password
from django.core.management import call_command
from django.test import Client

import builders
from builders import INSTALLER, PASSWORD
from governance.core.clock import now
from governance.organisation import services
from governance.organisation.models import Person, Session
from governance.organisation.roles import Role
from governance.organisation.rules import ATTEMPTS_PER_LOGIN, SESSION_IDLE, SESSION_LONGEST
from governance.web.frame.access import STEPPED_UP
from governance.web.organisation.sessions import SEEN, SIGNED_IN

pytestmark = pytest.mark.django_db
OWN_PAGE = "/step-up/"  # a page that only asks for a sign-in


@pytest.fixture
def person(claims):
    return builders.person(Role.REQUESTER, claims, name="Petra Person", password=PASSWORD)


def enter(client, person, *, password=PASSWORD, **more):
    return client.post("/sign-in/", {"login": person.login, "password": password, **more})


@pytest.fixture
def inside(client, person):
    """A browser in which the person is signed in."""
    enter(client, person)
    return client


def is_inside(client):
    return client.get(OWN_PAGE).status_code == 200


def move_back(client, key, by: timedelta):
    session = client.session
    session[key] -= by.total_seconds()
    session.save()


def test_a_password_opens_the_page_that_was_wanted(client, person, recorded):
    answer = enter(client, person, next="/inbox/")
    assert (answer.status_code, answer["Location"]) == (302, "/inbox/")
    assert is_inside(client)
    assert recorded.kinds(person.pk) == ["organisation.signed_in"]


@pytest.mark.parametrize("login", ["nobody", "{login}"])
def test_a_wrong_login_and_a_wrong_password_look_the_same(client, person, recorded, login):
    given = {"login": login.format(login=person.login), "password": "not the passphrase"}
    answer = client.post("/sign-in/", given)
    assert answer.status_code == 422
    assert "The login or the password is wrong." in answer.content.decode()
    assert not is_inside(client)
    assert recorded.kinds() == ["organisation.sign_in_refused"]
    assert "not the passphrase" not in recorded.text()


def test_a_login_is_taken_however_it_is_typed(client, person):
    client.post("/sign-in/", {"login": f" {person.login.upper()} ", "password": PASSWORD})
    assert is_inside(client)


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_nobody_is_sent_to_another_site(client, person, elsewhere):
    assert enter(client, person, next=elsewhere)["Location"] == "/"


def test_too_many_attempts_are_refused_even_with_the_right_password(client, person):
    for _ in range(ATTEMPTS_PER_LOGIN):
        enter(client, person, password="not the passphrase")
    answer = enter(client, person)
    assert "Too many attempts." in answer.content.decode()
    assert not is_inside(client)


def test_passwords_can_be_switched_off(client, person, settings):
    settings.LOCAL_PASSWORDS = False
    answer = enter(client, person)
    assert 'name="password"' not in answer.content.decode()
    assert not is_inside(client)


def test_the_real_settings_keep_passwords_with_argon2():
    from governance.settings import base

    assert base.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    kept = make_password(PASSWORD, hasher="argon2")
    assert kept.startswith("argon2$argon2id$")
    assert check_password(PASSWORD, kept)


def test_a_form_from_another_site_is_refused(person):
    strict = Client(enforce_csrf_checks=True)
    assert enter(strict, person).status_code == 403


# Sessions


def test_the_session_key_changes_at_sign_in(client, person):
    client.get("/sign-in/")
    before = client.session
    before["kept"] = 1
    before.save()
    enter(client, person)
    assert client.session.session_key != before.session_key
    assert not Session.objects.filter(pk=before.session_key).exists()


def test_a_session_names_its_person(inside, person):
    assert Session.objects.get(pk=inside.session.session_key).person_id == person.pk


@pytest.mark.parametrize(
    ("key", "longest", "code"),
    [
        pytest.param(SEEN, SESSION_IDLE, "idle", id="half an hour without a sign"),
        pytest.param(SIGNED_IN, SESSION_LONGEST, "too_old", id="twelve hours in all"),
    ],
)
def test_a_session_ends(inside, recorded, key, longest, code):
    move_back(inside, key, longest - timedelta(seconds=30))
    assert is_inside(inside)
    move_back(inside, key, longest)
    assert not is_inside(inside)
    assert recorded.bodies[-1]["detail"] == {"code": code}


def test_every_sign_of_life_keeps_a_session(inside):
    move_back(inside, SEEN, SESSION_IDLE - timedelta(seconds=30))
    assert is_inside(inside)
    move_back(inside, SEEN, SESSION_IDLE - timedelta(seconds=30))
    assert is_inside(inside)


def test_signing_out_ends_the_session(inside, person, recorded):
    key = inside.session.session_key
    inside.post("/sign-out/")
    assert not is_inside(inside)
    assert not Session.objects.filter(pk=key).exists()
    assert recorded.kinds(person.pk)[-1] == "organisation.signed_out"


def test_a_link_cannot_sign_anybody_out(inside):
    assert inside.get("/sign-out/").status_code == 405
    assert is_inside(inside)


def test_a_person_who_is_deactivated_is_out_at_the_next_request(inside, person, admin):
    services.deactivate_person(person_id=person.pk, by=admin, at=now())
    assert not is_inside(inside)
    enter(inside, person)
    assert not is_inside(inside)


# Step-up


def test_signing_in_counts_as_having_entered_the_secret(inside):
    assert now().timestamp() - inside.session[STEPPED_UP] < 60


def test_the_secret_is_asked_again_and_counts_from_then(inside, person, recorded):
    move_back(inside, STEPPED_UP, timedelta(hours=1))
    before = inside.session.session_key
    answer = inside.post(OWN_PAGE, {"password": PASSWORD, "next": "/keys/"})
    assert answer["Location"] == "/keys/"
    assert now().timestamp() - inside.session[STEPPED_UP] < 60
    assert inside.session.session_key != before
    assert recorded.kinds(person.pk)[-1] == "organisation.stepped_up"


def test_a_wrong_secret_confirms_nothing(inside, person, recorded):
    move_back(inside, STEPPED_UP, timedelta(hours=1))
    was = inside.session[STEPPED_UP]
    assert inside.post(OWN_PAGE, {"password": "not the passphrase"}).status_code == 422
    assert inside.session[STEPPED_UP] == was
    assert recorded.kinds(person.pk)[-1] == "organisation.step_up_refused"


def test_guessing_the_secret_of_an_open_browser_is_limited_too(inside, person):
    for _ in range(ATTEMPTS_PER_LOGIN + 1):
        inside.post(OWN_PAGE, {"password": "not the passphrase"})
    assert "Too many attempts." in inside.post(OWN_PAGE, {"password": PASSWORD}).content.decode()


# The first platform admin

FIRST = {"name": "Fay First", "login": "fay", "email": "fay@example.invalid", "password": PASSWORD}


@pytest.fixture
def link(capsys):
    """The path of the link that the installer prints."""

    def printed():
        call_command("first_admin_link")
        found = re.search(r"http://[^/]+(/first-admin/\S+)", capsys.readouterr().out)
        return found and found[1]

    return printed


def test_the_link_makes_the_first_admin_and_the_organisation(client, db, link):
    answer = client.post(link(), FIRST | {"organisation": "Example Group"})
    assert answer.status_code == 302
    assert is_inside(client)
    fay = Person.objects.get(login="fay")
    standing = builders.selectors.standing_of(fay.pk)
    assert {role for role, _ in standing.roles} == {Role.PLATFORM_ADMIN}
    assert builders.selectors.root_unit().name == "Example Group"


def test_the_link_is_good_once(client, db, link):
    path = link()
    client.post(path, FIRST | {"organisation": "Example Group"})
    second = Client().post(path, FIRST | {"login": "second", "organisation": "Other"})
    assert second.status_code == 404
    assert not Person.objects.filter(login="second").exists()


def test_no_link_is_printed_once_there_is_an_admin(admin, link):
    assert link() is None


def test_a_link_that_we_did_not_sign_opens_nothing(client, db):
    assert client.get("/first-admin/guessed/").status_code == 404


def test_what_is_wrong_with_the_first_admin_is_said_and_nothing_is_made(client, db, link):
    answer = client.post(link(), FIRST | {"organisation": "Example Group", "password": "short"})
    assert answer.status_code == 422
    assert "at least 12 characters" in answer.content.decode()
    assert builders.selectors.root_unit() is None


def test_somebody_who_came_by_the_provider_becomes_the_first_admin_by_the_link(client, group, link):
    sam = services.make_person(
        login="sam", name="Sam", email="", subject="https://idp.example|1", by=INSTALLER, at=now()
    )
    client.force_login(sam)
    assert client.post(link(), {}).status_code == 302
    assert builders.selectors.standing_of(sam.pk).has(Role.PLATFORM_ADMIN, group.path)
