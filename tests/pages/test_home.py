"""The first page shows each person what is theirs, and the navigation only the hats they wear."""

import re

import pytest

import builders
import contesting
import scope
from governance.core.clock import now
from governance.initiatives.services import offer_transfer
from governance.organisation.roles import Role
from governance.web import home
from governance.web.frame.shapes import Entry

pytestmark = pytest.mark.django_db
HATS = {
    Role.REQUESTER: {"Request"},
    Role.BUILDER: {"Request"},
    Role.IT_APPROVER: {"Decide", "Watch", "Prove"},
    Role.SECURITY_ANALYST: {"Watch", "Prove"},
    Role.AUDITOR: {"Watch", "Prove"},
    Role.EXECUTIVE: {"Watch"},
    Role.PLATFORM_ADMIN: {"Prove"},
}


@pytest.mark.parametrize(("role", "hats"), HATS.items())
def test_each_wears_only_their_hats(role, hats, signed_in):
    page = signed_in(role).get("/").text
    assert set(re.findall(r'<h2 id="hat-\d">(\w+)</h2>', page)) == hats


@pytest.mark.parametrize("role", list(HATS))
def test_every_entry_of_the_navigation_opens_for_who_sees_it(role, signed_in):
    browser = signed_in(role)
    entries = set(re.findall(r'<li><a href="(/[^"]*)"', browser.get("/").text.split("</nav>")[0]))
    assert {url: browser.get(url).status_code for url in entries} == dict.fromkeys(entries, 200)


def test_somebody_without_a_role_is_greeted_too(enter):
    assert enter(builders.person(name="Nora New")).get("/").status_code == 200


def test_an_arbiter_is_told_of_what_to_rule_on():
    beside = [Entry("Contested", "/contests/", count=1, waits="1 contest to rule on")]
    assert home._sentence(0, [], beside) == "1 contest to rule on waits for you."
    assert home._sentence(2, [], beside) == "2 decisions wait for you. 1 contest to rule on waits for you."


def test_a_lead_finds_their_initiatives(enter, claims):
    lead = builders.person(Role.REQUESTER, claims)
    scope.initiative(claims, by=builders.actor(lead), title="Hail letters")
    assert "Hail letters" in enter(lead).get("/").text


def test_who_builds_an_initiative_can_try_it_from_the_first_page(enter, claims):
    lead = builders.person(Role.REQUESTER, claims)
    made = scope.initiative(claims, by=builders.actor(lead))
    assert f'href="/initiatives/{made.code}/try/"' in enter(lead).get("/").text


@pytest.mark.parametrize(
    ("waiting", "asked", "said"),
    [
        pytest.param(0, [], "Nothing waits for you.", id="nothing"),
        pytest.param(
            1, ["you"], "1 decision waits for you and 1 request of yours waits for your answer.", id="sent back"
        ),
        pytest.param(0, ["IT", "IT"], "Nothing waits for you. Of what you asked, 2 wait for IT.", id="others"),
    ],
)
def test_the_first_sentence_says_who_is_next(waiting, asked, said):
    assert home._sentence(waiting, [{"waits_for": each} for each in asked]) == said


def test_a_stranger_is_asked_to_sign_in(client, db):
    assert client.get("/")["Location"].startswith("/sign-in/")


def test_the_process_says_whether_it_lives_and_can_work(client, db):
    assert client.get("/healthz").content == b"ok\n"
    assert client.get("/readyz").json() == {"database": True, "broker": True}


def test_no_page_lets_a_script_of_another_run(signed_in):
    policy = signed_in(Role.REQUESTER).get("/")["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert re.search(r"script-src 'nonce-[^']+'(;|$)", policy)


def test_a_head_is_told_of_an_initiative_that_is_offered(enter, claims, retail):
    giver, taker = contesting.headed(parent=claims), contesting.headed(parent=retail)
    thing = scope.initiative(giver.unit, by=giver.head, title="Letters by machine")
    offer_transfer(initiative_id=thing.pk, unit_id=taker.pk, reason="They run it.", by=giver.head, at=now())
    page = enter(taker.person).get("/").text
    assert ("1 initiative offered to you" in page, "Letters by machine" in page) == (True, True)
    assert "offered to you" not in enter(giver.person).get("/").text


def test_a_platform_admin_sees_what_they_look_after_and_what_is_missing(enter, admin_person, claims):
    page = enter(admin_person).get("/").text
    assert ("What you look after" in page, "2 without a head of their own" in page) == (True, True)
