"""Stopping on a page: one button and a reason; the lift is asked by one and confirmed by another; those concerned see it on top."""

import pytest

import builders
import sending
from governance.core.clock import now
from governance.gateway.models import Stop
from governance.gateway.services.stops import place_stop
from governance.gateway.stopping import StopScope
from governance.organisation.roles import Role

WHY = "A synthetic leak."


@pytest.fixture
def who(db):
    return sending.builder()


@pytest.fixture
def nora(signed_in):
    return signed_in(Role.SECURITY_ANALYST)


def stop(who, *, drill=False):
    return place_stop(
        scope=StopScope.INITIATIVE,
        target=who.initiative.code,
        reason=WHY,
        drill=drill,
        by=builders.actor_with(Role.SECURITY_ANALYST),
        at=now(),
    )


@pytest.mark.parametrize(("then", "drill"), [("stop", False), ("drill", True)])
def test_the_form_stops_or_drills(nora, who, then, drill):
    told = {"scope": "initiative", "target": who.initiative.code, "reason": WHY, "then": then}
    answer = nora.post("/stops/new", told, follow=True)
    assert Stop.objects.get().drill is drill
    assert who.initiative.title in answer.text
    assert WHY in answer.text


def test_a_form_without_a_button_is_a_stop_not_a_drill(nora, who):
    nora.post("/stops/new", {"scope": "initiative", "target": who.initiative.code, "reason": WHY})
    assert not Stop.objects.get().drill


@pytest.mark.parametrize(
    ("told", "said"),
    [
        pytest.param({"scope": "initiative", "target": "", "reason": WHY}, "Say which one", id="no name"),
        pytest.param({"scope": "everything", "target": "x", "reason": WHY}, "needs no name", id="a name too many"),
        pytest.param({"scope": "initiative", "target": "x"}, "Answer “Why?”.", id="no reason"),
    ],
)
def test_a_form_that_is_unclear_stops_nothing(nora, told, said):
    answer = nora.post("/stops/new", told)
    assert (answer.status_code, Stop.objects.exists()) == (422, False)
    assert said in answer.text


def test_a_head_is_offered_initiatives_only(signed_in):
    page = signed_in(Role.UNIT_HEAD).get("/stops/new").text
    assert 'value="initiative"' in page
    assert 'value="everything"' not in page


def test_one_asks_and_another_lifts(nora, signed_in, who):
    made = stop(who)
    nora.post(f"/stops/{made.pk}/lift", {"reason": "It is mended."})
    assert "Lift it</button>" not in nora.get(f"/stops/{made.pk}/").text
    second = signed_in(Role.SECURITY_APPROVER)
    assert "stop to lift" in second.get("/").text
    assert "Lift it</button>" in second.get(f"/stops/{made.pk}/").text
    second.post(f"/stops/{made.pk}/confirm")
    assert "How it was lifted" in nora.get(f"/stops/{made.pk}/").text


def test_a_lift_asks_who_it_is_and_a_stop_does_not(enter, who):
    hasty = enter(builders.person(Role.SECURITY_ANALYST), stepped_up=False)
    told = {"scope": "initiative", "target": who.initiative.code, "reason": WHY}
    assert hasty.post("/stops/new", told)["Location"].startswith("/stops/")
    answer = hasty.post(f"/stops/{Stop.objects.get().pk}/lift", {"reason": "It is mended."})
    assert answer["Location"].startswith("/step-up/")


def test_those_it_concerns_see_it_on_top_of_every_page_and_others_do_not(enter, signed_in, who):
    stop(who)
    assert f"Stopped: {who.initiative.title}." in enter(who.person).get("/keys/").text
    stranger = signed_in(Role.REQUESTER, where=builders.unit("Retail"))
    assert "Stopped:" not in stranger.get("/keys/").text


def test_pages_of_what_is_stopped_say_so_once(nora, enter, who):
    stop(who)
    for reader in (nora, enter(who.person)):
        assert reader.get(f"/initiatives/{who.initiative.code}/").text.count("Stopped: ") == 1


def test_a_drill_troubles_nobody(enter, who):
    stop(who, drill=True)
    assert "Stopped:" not in enter(who.person).get("/").text
