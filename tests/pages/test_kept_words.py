"""What somebody typed before they were asked who they are stands in its form again, and nothing was done meanwhile."""

import pytest

import builders
from governance.organisation.roles import Role

pytestmark = pytest.mark.django_db
TYPED = "Words typed before saying who one is."


@pytest.mark.parametrize(
    ("page", "sent"),
    [
        pytest.param("/stops/{e.stop.pk}/", "lift", id="lifting a stop"),
        pytest.param("/exchanges/{e.held.pk}/hold/", "release", id="releasing a held request"),
        pytest.param("/exchanges/{e.held.pk}/hold/", "reveal", id="reading a held request"),
    ],
)
def test_security_finds_its_words_again(every, enter, page, sent):
    client, path = enter(builders.person(Role.SECURITY_ANALYST), stepped_up=False), page.format(e=every)
    client.post(f"{path}{sent}", {"reason": TYPED}, headers={"Referer": f"http://testserver{path}"})
    assert TYPED in client.get(path).text
    assert TYPED not in client.get(path).text, "told once"


def test_a_builder_finds_their_words_about_a_call_again(every, enter):
    client, path = enter(every.lead_person, stepped_up=False), f"/exchanges/{every.exchange.pk}/"
    told = {"answer": "refuse", "reason": TYPED}
    client.post(f"{path}call", told, headers={"Referer": f"http://testserver{path}"})
    assert TYPED in client.get(path).text
