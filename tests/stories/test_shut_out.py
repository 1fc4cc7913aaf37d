"""The first admin comes in by the printed link; a person who is shut out loses browser and key within a second."""

import re
import time
from datetime import timedelta

import httpx
import pytest

import builders
from builders import INSTALLER, PASSWORD
from governance.core.clock import now
from governance.organisation import services
from governance.organisation.models import Person
from governance.organisation.roles import Role
from governance.settings.base import PASSWORD_HASHERS
from harness.databases import connected_to

pytestmark = pytest.mark.services
FIRST = {
    "organisation": "Example Group",
    "name": "Fay First",
    "login": "fay",
    "email": "fay@example.invalid",
    "password": PASSWORD,
}


@pytest.fixture(scope="module")
def remit(start_remit, django_db_setup, django_db_blocker):
    # Plain http on loopback: without this the cookies would be kept for https.
    started = start_remit(only=("web",), extra={"REMIT_HTTPS": "off"})
    with django_db_blocker.unblock(), connected_to(started.database):
        yield started


def send_form(browser, path, **given):
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.get(path).text)[1]
    return browser.post(path, data={"csrfmiddlewaretoken": token, **given})


@pytest.fixture(scope="module")
def admin(remit):
    """The first platform admin, made by the link that the installer printed."""
    link = re.search(r"http://\S+/first-admin/\S+", (remit.state / "console.log").read_text())[0]
    with httpx.Client(base_url=remit.web) as browser:
        assert send_form(browser, link.removeprefix(remit.web), **FIRST).status_code == 302
    return builders.actor(Person.objects.get(login="fay"))


@pytest.fixture
def browser(remit):
    with httpx.Client(base_url=remit.web) as client:
        yield client


def within_a_second(refused):
    deadline = time.monotonic() + 1
    while not refused():
        assert time.monotonic() < deadline, "still let in after a second"


def test_a_person_who_is_shut_out_loses_browser_and_key_within_a_second(remit, admin, browser, settings):
    settings.PASSWORD_HASHERS = PASSWORD_HASHERS  # the web process knows no other
    person = builders.person(Role.REQUESTER, password=PASSWORD)
    at = now()
    _, key = services.make_key(
        title="CI", scope="api:read", expires_at=at + timedelta(days=1), by=builders.actor(person), at=at
    )
    by_key = {"Authorization": f"Bearer {key}"}
    assert send_form(browser, "/sign-in/", login=person.login, password=PASSWORD).status_code == 302
    assert browser.get("/step-up/").status_code == 200
    assert httpx.get(f"{remit.web}/api/v1/me", headers=by_key).status_code == 200

    services.deactivate_person(person_id=person.pk, by=admin, at=now())

    within_a_second(lambda: browser.get("/step-up/").status_code == 303)
    within_a_second(lambda: httpx.get(f"{remit.web}/api/v1/me", headers=by_key).status_code == 401)


def test_a_revoked_key_is_refused_within_a_second(remit, admin):
    at = now()
    key, text = services.make_key(title="CI", scope="api:read", expires_at=at + timedelta(days=1), by=admin, at=at)
    by_key = {"Authorization": f"Bearer {text}"}
    assert httpx.get(f"{remit.web}/api/v1/me", headers=by_key).status_code == 200
    services.revoke_key(key_id=key.pk, by=INSTALLER, at=now())
    within_a_second(lambda: httpx.get(f"{remit.web}/api/v1/me", headers=by_key).status_code == 401)
