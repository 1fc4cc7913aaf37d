"""A platform admin names the head of a unit and dissolves one; everybody reads the tree."""

import pytest

import builders
import scope
from governance.organisation.models import Unit
from governance.organisation.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(claims):
    return builders.person(Role.UNIT_HEAD, claims, name="Hedda Head")


@pytest.fixture
def pia(enter, admin_person):
    return enter(admin_person)


def test_everybody_reads_the_tree_and_narrows_it(enter, owner_person, claims, retail):
    reader = enter(owner_person)
    assert "Claims" in reader.get("/units/").text
    narrowed = reader.get("/units/?q=ret").text
    assert ("Retail" in narrowed, ">Claims<" in narrowed) == (True, False)
    assert "Name them" not in reader.get(f"/units/{claims.pk}/").text


def test_a_head_is_named_once_and_a_stale_page_overwrites_nothing(pia, claims, head):
    told = {"person_id": str(head.pk), "revision": claims.revision}
    assert pia.post(f"/units/{claims.pk}/head", told).status_code == 302
    assert "Hedda Head" in pia.get(f"/units/{claims.pk}/").text
    stale = pia.post(f"/units/{claims.pk}/head", told | {"person_id": ""})
    claims.refresh_from_db()
    assert (stale.status_code, claims.head) == (422, head)


def test_who_has_the_role_is_shown_until_somebody_is_named(pia, claims, head):
    assert "headed by Hedda Head, by the role" in pia.get(f"/units/{claims.pk}/").text
    assert "Hedda Head, by the role" in pia.get("/units/").text


def test_nobody_is_named_who_is_no_unit_head(pia, claims, owner_person):
    told = {"person_id": str(owner_person.pk), "revision": claims.revision}
    assert pia.post(f"/units/{claims.pk}/head", told).status_code == 422


def test_a_unit_ends_only_by_its_name_and_leaves_what_it_had_to_another(pia, claims, retail):
    data = scope.dataset(claims)
    page = f"/units/{claims.pk}/dissolve"
    assert "1 dataset of Claims" in pia.get(page).text
    told = {"successor_id": str(retail.pk), "name": "Claim"}
    assert pia.post(page, told).status_code == 422
    assert pia.post(page, told | {"name": "Claims"}).status_code == 302
    data.refresh_from_db()
    assert (Unit.objects.get(pk=claims.pk).dissolved_at is not None, data.steward_unit) == (True, retail)
    assert pia.get(f"/units/{claims.pk}/").status_code == 404


def test_a_unit_is_made_below_another(pia, enter, owner_person, claims):
    told = {"name": "Motor claims", "ref": "motor-claims", "kind": "business_line", "time_zone": "Europe/Rome"}
    assert pia.post(f"/units/{claims.pk}/new", told).status_code == 302
    made = Unit.objects.get(ref="motor-claims")
    assert (made.parent, made.time_zone) == (claims, "Europe/Rome")
    taken = pia.post(f"/units/{claims.pk}/new", told)
    assert (taken.status_code, "Another unit is already called motor-claims" in taken.text) == (422, True)
    assert enter(owner_person).get(f"/units/{claims.pk}/new").status_code == 403


def test_the_top_unit_cannot_end(pia, group, claims):
    told = {"successor_id": str(claims.pk), "name": group.name}
    assert pia.post(f"/units/{group.pk}/dissolve", told).status_code == 422
