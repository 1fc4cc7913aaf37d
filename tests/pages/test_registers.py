"""A steward sees what of theirs is recognised, how fresh that is, and adds a register."""

import pytest

import builders
from governance.catalogue import services
from governance.core.actors import INSTALLER
from governance.organisation.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def steward(signed_in, claims):
    return signed_in(Role.DATA_STEWARD, where=claims)


def test_an_empty_list_teaches(steward):
    page = steward.get("/registers/").text
    assert "No register yet" in page


def test_a_register_is_added_and_says_that_nothing_is_recognised_yet(steward, claims):
    told = {"title": "Pricing engine", "kind": "code", "unit_id": str(claims.pk)}
    assert steward.post("/registers/new", told).status_code == 302
    page = steward.get("/registers/").text
    assert ("Pricing engine" in page, "Nothing is recognised yet" in page) == (True, True)


def test_a_title_is_taken_once(steward, claims):
    told = {"title": "Pricing engine", "kind": "code", "unit_id": str(claims.pk)}
    steward.post("/registers/new", told)
    assert steward.post("/registers/new", told).status_code == 422


def test_the_questions_to_the_database_do_not_grow(steward, claims, django_assert_max_num_queries):
    for number in range(60):
        services.add_register(title=f"Register {number}", kind="code", unit_id=claims.pk, by=INSTALLER, at=builders.AT)
    with django_assert_max_num_queries(16):
        assert steward.get("/registers/?sort=-indexed").status_code == 200
