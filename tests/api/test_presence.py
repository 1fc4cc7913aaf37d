"""Careful acts need a person who has just entered their secret; a reason for a refused prompt needs a person at all."""

import pytest

import builders
import rest
from governance.organisation.roles import Role

pytestmark = pytest.mark.django_db
KEY = {"title": "k", "scope": "api:read", "expires_at": "2100-01-01T00:00:00Z"}


@pytest.mark.parametrize(
    ("who", "path", "body"),
    [
        pytest.param("lead_person", "keys", KEY, id="a key for the REST API"),
        pytest.param(
            "lead_person",
            "initiatives/{e.initiative.code}/keys",
            {"title": "k", "expires_at": KEY["expires_at"]},
            id="a key of an initiative",
        ),
        pytest.param("admin", "people/{e.colleague.pk}/roles", {"role": "auditor", "unit": "{unit}"}, id="a role"),
        pytest.param("admin", "people/{e.colleague.pk}/deactivation", None, id="shutting somebody out"),
    ],
)
def test_a_careful_act_asks_for_the_secret_again(every, admin_person, who, path, body):
    person = admin_person if who == "admin" else every.lead_person
    sent = body and {name: value.replace("{unit}", str(every.unit.pk)) for name, value in body.items()}
    refused = rest.by_session(person, proved=False)("post", path.format(e=every), sent)
    assert (refused.status_code, refused.json()["code"]) == (403, "step_up_needed")
    proved = rest.by_session(person)("post", path.format(e=every), sent)
    assert proved.json().get("code") != "step_up_needed"


def test_a_decision_asks_for_the_secret_again(every):
    it = rest.by_session(every.deciders.it_person, proved=False)
    place = f"requests/{every.request.pk}"
    sent = {"kind": "approve", "digest": it("get", place).json()["digest"]}
    assert it("post", f"{place}/decisions", sent).json()["code"] == "step_up_needed"


def test_a_program_does_not_justify(every, client, lead):
    place, reason = f"exchanges/{every.exchange.pk}/justifications", {"reason": "A customer asked for it."}
    refused = rest.by_key(client, every.lead)("post", place, reason)
    assert (refused.status_code, refused.json()["code"]) == (403, "person_needed")
    given = lead("post", place, reason)
    assert given.status_code == 201, given.content
    assert len(given.json()["justifications"]) == 2


def test_a_mistake_is_reported_once_and_answered(every, lead, group):
    place, sent = f"exchanges/{every.exchange.pk}/mistakes", {"finding": str(every.finding.pk), "comment": "A product."}
    report = lead("post", place, sent)
    assert report.status_code == 201, report.content
    assert lead("post", place, sent).status_code == 409
    analyst = rest.by_session(builders.person(Role.SECURITY_ANALYST, group))
    waiting = {row["id"] for row in analyst("get", "mistakes").json()["rows"]}
    assert report.json()["id"] in waiting
    answered = analyst("post", f"mistakes/{report.json()['id']}/answer", {"answer": "It is a product."})
    assert (answered.status_code, answered.json()["answer"]) == (200, "It is a product.")
    assert analyst("post", f"mistakes/{report.json()['id']}/answer", {"answer": "Again."}).status_code == 403
