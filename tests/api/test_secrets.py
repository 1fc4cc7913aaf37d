"""Secrets leave once: in the first answer, in no later one, in nothing kept."""

from datetime import timedelta

import pytest

import asking
import rest
import scope
from governance.core.clock import now
from governance.organisation.selectors import key_from_text
from governance.work.models import IdempotentCall

pytestmark = pytest.mark.django_db


@pytest.fixture
def wanted(every):
    return {"title": "Letters in production", "expires_at": (every.at + timedelta(days=30)).isoformat()}


def kept() -> str:
    return str(list(IdempotentCall.objects.values()))


def test_a_key_of_an_initiative_is_told_once(every, lead, wanted, recorded):
    place = f"initiatives/{every.initiative.code}/keys"
    first, again = (lead("post", place, wanted, Idempotency_Key="once") for _ in range(2))
    text = first.json()["text"]
    assert key_from_text(text, now()).scope == f"initiative:{every.initiative.pk}"
    assert again.json() == first.json() | {"text": ""}
    listed = lead("get", place)
    assert [row["prefix"] for row in listed.json()["rows"]] == [first.json()["prefix"]]
    assert text not in kept() + listed.content.decode() + recorded.text()


def test_the_sandbox_key_is_told_once(every, lead, recorded):
    data = scope.dataset(every.unit, classification="public", synthetic=True)
    bounds = asking.sandbox_bounds(data, every.destination, at=every.at)
    deciders = (every.deciders.steward, every.deciders.it)
    asking.pattern(bounds, *deciders, name="Sandbox", sandbox=True, at=every.at)
    send = ("post", f"remits/{every.draft.pk}/submission", {"revision": every.draft.revision})
    first, again = (lead(*send, Idempotency_Key="once") for _ in range(2))
    secret = first.json()["sandbox"]["secret"]
    assert key_from_text(secret, now()) is not None
    assert again.json()["sandbox"] == first.json()["sandbox"] | {"secret": ""}
    assert secret not in kept() + lead("get", f"remits/{every.draft.pk}").content.decode() + recorded.text()


def test_only_a_builder_makes_a_key_of_the_initiative(every, wanted):
    colleague = rest.by_session(every.colleague)
    refused = colleague("post", f"initiatives/{every.initiative.code}/keys", wanted)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_a_member")


def test_a_revoked_key_is_refused_at_once(every, lead, client):
    call = rest.by_key(client, every.lead)
    prefix = lead("get", "keys?mine=true&limit=1").json()["rows"][0]
    assert call("get", "me").status_code == 200
    assert lead("delete", f"keys/{prefix['id']}").status_code == 204
    assert (call("get", "me").status_code, call("get", "me").json()["code"]) == (401, "key_refused")
