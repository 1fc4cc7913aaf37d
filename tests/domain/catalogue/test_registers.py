"""Source registers: named by stewards, seen where their unit is looked after."""

import pytest

import builders
from governance.catalogue import selectors, services
from governance.core.actors import INSTALLER
from governance.core.errors import Conflict, Invalid, NotAllowed
from governance.organisation.roles import Role
from governance.organisation.selectors import standing_of

pytestmark = pytest.mark.django_db


def add(unit, *, title="Pricing engine", kind="code", by=INSTALLER, at=builders.AT):
    return services.add_register(title=title, kind=kind, unit_id=unit.pk, by=by, at=at)


def test_a_new_register_is_empty(claims, recorded):
    register = add(claims, by=builders.actor_with(Role.DATA_STEWARD, claims))
    assert (register.files, register.indexed_at) == (0, None)
    assert recorded.kinds(register.pk) == ["catalogue.register_added"]


def test_who_looks_after_no_data_there_adds_none(claims, owner):
    with pytest.raises(NotAllowed):
        add(claims, by=owner)


def test_a_title_is_taken_once(claims):
    add(claims)
    with pytest.raises(Conflict, match="title_taken"):
        add(claims)


def test_what_is_public_is_so_for_the_whole_organisation(claims, group):
    with pytest.raises(Invalid, match="public_of_a_unit"):
        add(claims, kind="public")
    assert add(group, kind="public", by=builders.actor_with(Role.DATA_STEWARD, group)).kind == "public"


def test_a_register_holds_code_or_documents(claims):
    with pytest.raises(Invalid, match="unknown_kind"):
        add(claims, kind="music")


def test_registers_are_seen_in_their_unit_only(claims, retail):
    add(claims)
    near, far = (builders.person(Role.DATA_STEWARD, unit) for unit in (claims, retail))
    assert [row.title for row in selectors.registers(standing=standing_of(near.pk)).rows] == ["Pricing engine"]
    assert selectors.registers(standing=standing_of(far.pk)).total == 0
