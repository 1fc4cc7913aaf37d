from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models import Q

import builders
from builders import PASSWORD
from governance.core.actors import INSTALLER, Actor
from governance.core.errors import Conflict, Invalid, NotAllowed, NotFound
from governance.organisation import selectors, services
from governance.organisation.models import Person, RoleGrant, Session
from governance.organisation.permissions import UnknownPermissionError
from governance.organisation.roles import Role
from governance.organisation.rules import RoleSource, UnitKind
from governance.organisation.session_store import SessionStore

pytestmark = pytest.mark.django_db


def give(role, person, where, by, at):
    return services.give_role(person_id=person.pk, role=role, unit_id=where.pk, by=by, at=at)


# Units


def test_a_unit_stands_below_its_parent(recorded, claims, group):
    assert claims.path == f"{group.path}{claims.pk}/"
    assert recorded.kinds(claims.pk) == ["organisation.unit_made"]


def test_the_tree_lists_parents_before_children_and_siblings_by_name(group, at):
    zurich = builders.unit("Zurich")
    builders.unit("Motor", parent=zurich)
    builders.unit("Assets")
    rows = selectors.units_tree()
    assert [(row.name, row.depth) for row in rows] == [("Example Group", 0), ("Assets", 1), ("Zurich", 1), ("Motor", 2)]


def test_there_is_one_root(group, at):
    with pytest.raises(Conflict, match="root_exists"):
        services.make_unit(name="Other", ref="other", kind=UnitKind.IT, parent_id=None, by=INSTALLER, at=at)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": "  "}, "no_name"),
        ({"ref": ""}, "no_ref"),
        ({"time_zone": "Mars/Olympus"}, "unknown_time_zone"),
    ],
)
def test_a_unit_of_the_wrong_shape_is_refused(group, at, changed, code):
    given = {"name": "Unit", "ref": "unit", "kind": UnitKind.IT, "parent_id": group.pk, "time_zone": ""} | changed
    with pytest.raises(Invalid, match=code):
        services.make_unit(**given, by=INSTALLER, at=at)


def test_a_ref_is_taken_once(group, claims, at):
    with pytest.raises(Conflict, match="ref_taken"):
        services.make_unit(name="X", ref=claims.ref, kind=UnitKind.IT, parent_id=group.pk, by=INSTALLER, at=at)


def test_a_time_zone_is_inherited(claims):
    motor = builders.unit("Motor", parent=claims)
    tokyo = builders.unit("Tokyo", parent=motor, time_zone="Asia/Tokyo")
    assert selectors.time_zone_of(motor) == "Europe/Zurich"
    assert selectors.time_zone_of(tokyo) == "Asia/Tokyo"


def test_only_a_platform_admin_makes_units(group, owner, at):
    with pytest.raises(NotAllowed, match="not_permitted"):
        services.make_unit(name="Mine", ref="mine", kind=UnitKind.IT, parent_id=group.pk, by=owner, at=at)


# Roles


def test_a_role_holds_below_its_unit_and_nowhere_else(claims, retail, at, owner):
    motor = builders.unit("Motor", parent=claims)
    selectors.authorize(owner, "remits:remit:submit", motor.path)
    with pytest.raises(NotAllowed, match="not_permitted"):
        selectors.authorize(owner, "remits:remit:submit", retail.path)


def test_a_standing_takes_one_query(owner, claims, django_assert_num_queries):
    with django_assert_num_queries(1):
        standing = selectors.standing_of(owner.person)
    assert standing.active
    assert standing.roles == {(Role.REQUESTER, claims.path)}
    assert standing.member_of == {claims.path}


def test_somebody_unknown_stands_nowhere(db):
    standing = selectors.standing_of(uuid4())
    assert not standing.active
    assert not standing.roles


def test_a_refusal_names_who_has_the_permission(owner, admin, retail):
    with pytest.raises(NotAllowed) as refused:
        selectors.authorize(owner, "organisation:role:give", retail.path)
    assert refused.value.remedy == "Ask Pia Admin."


def test_a_refusal_says_so_when_nobody_has_the_permission(owner, claims):
    with pytest.raises(NotAllowed) as refused:
        selectors.authorize(owner, "audit:event:export", claims.path)
    assert refused.value.remedy.startswith("Nobody has it yet.")


def test_who_may_lists_the_nearest_first(group, claims):
    far = builders.person(Role.DATA_STEWARD, group, name="Aaron Far")
    near = builders.person(Role.DATA_STEWARD, claims, name="Zoe Near")
    assert [row.id for row in selectors.who_may("catalogue:dataset:edit", claims.path)] == [near.pk, far.pk]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        pytest.param("A", "Ask A.", id="one"),
        pytest.param("AB", "Ask A or B.", id="two"),
        pytest.param("ABC", "Ask A, B or C.", id="three"),
        pytest.param("ABCD", "Ask A, B or C (1 more has it).", id="one more"),
        pytest.param("ABCDE", "Ask A, B or C (2 more have it).", id="two more"),
    ],
)
def test_whom_to_ask_is_said_as_people_say_it(names, said):
    assert selectors.ask_one_of([selectors.PersonRow(uuid4(), name) for name in names]) == said


def test_a_typo_in_a_permission_raises_for_processes_too(db):
    with pytest.raises(UnknownPermissionError):
        selectors.authorize(INSTALLER, "remits:remit:sumbit", None)


def test_a_key_without_a_person_may_nothing(db):
    with pytest.raises(NotAllowed, match="not_permitted"):
        selectors.authorize(Actor.of_key("rmt_synthetic0", person=None), "catalogue:dataset:read", None)


def test_people_with_a_role_are_those_on_the_unit_and_above(group, claims, retail, at):
    above = builders.person(Role.IT_APPROVER, group, name="Above")
    here = builders.person(Role.IT_APPROVER, claims, name="Here")
    builders.person(Role.IT_APPROVER, retail, name="Beside")
    builders.person(Role.DATA_STEWARD, claims, name="Other role")
    assert selectors.people_with(Role.IT_APPROVER, claims.path, at=at) == [above, here]


def test_a_role_is_held_from_when_it_was_given_until_it_is_taken(recorded, admin, claims, at):
    person = builders.person(where=claims)
    give(Role.BUILDER, person, claims, admin, at)
    later = at + timedelta(hours=1)
    services.take_role(person_id=person.pk, role=Role.BUILDER, unit_id=claims.pk, by=admin, at=later)
    held = [
        bool(selectors.people_with(Role.BUILDER, claims.path, at=moment))
        for moment in (at - timedelta(seconds=1), at, later - timedelta(seconds=1), later)
    ]
    assert held == [False, True, True, False]
    assert recorded.kinds(person.pk)[-2:] == ["organisation.role_given", "organisation.role_taken"]


def test_nobody_changes_their_own_roles(admin, admin_person, group, at):
    with pytest.raises(NotAllowed, match="own_roles"):
        give(Role.AUDITOR, admin_person, group, admin, at)
    with pytest.raises(NotAllowed, match="own_roles"):
        services.take_role(person_id=admin_person.pk, role=Role.PLATFORM_ADMIN, unit_id=group.pk, by=admin, at=at)


def test_only_a_platform_admin_gives_roles(owner, group, claims, at):
    head = builders.person(Role.UNIT_HEAD, claims)
    with pytest.raises(NotAllowed, match="not_permitted"):
        give(Role.BUILDER, head, claims, owner, at)


def test_a_role_is_given_once(admin, claims, at):
    person = builders.person(Role.BUILDER, claims)
    with pytest.raises(Conflict, match="role_held"):
        give(Role.BUILDER, person, claims, admin, at)


def test_a_role_not_held_cannot_be_taken(admin, owner_person, claims, at):
    with pytest.raises(NotFound, match="role_not_held"):
        services.take_role(person_id=owner_person.pk, role=Role.AUDITOR, unit_id=claims.pk, by=admin, at=at)


def test_the_last_platform_admin_keeps_the_role(admin_person, group, at):
    with pytest.raises(NotAllowed, match="last_admin"):
        services.take_role(person_id=admin_person.pk, role=Role.PLATFORM_ADMIN, unit_id=group.pk, by=INSTALLER, at=at)


# Filters of lists


def test_within_keeps_what_lies_in_the_readers_units(claims, retail, owner):
    paths = selectors.paths_for(selectors.standing_of(owner.person), "remits:remit:read")
    found = Person.objects.filter(selectors.within(paths, "memberships__unit__path"))
    assert {person.pk for person in found} == {owner.person}


def test_within_everywhere_stays_everywhere_beside_another_condition(owner, claims):
    everyone = selectors.within(["/"], "memberships__unit__path")
    assert Person.objects.filter(everyone | Q(pk__in=[])).count() == Person.objects.count()
    assert "WHERE" not in str(Person.objects.filter(everyone).query)


def test_within_no_path_finds_nothing(owner, claims):
    assert not Person.objects.filter(selectors.within([], "memberships__unit__path")).exists()


# Groups at the identity provider


def roles_of(person):
    held = RoleGrant.objects.filter(person=person, ends_at=None)
    return {(grant.role, grant.source) for grant in held}


def test_roles_follow_groups_and_local_roles_stay(claims, group, at):
    person = builders.person(Role.REQUESTER, claims)
    services.map_group(group="builders", role=Role.BUILDER, unit_id=claims.pk, by=INSTALLER, at=at)
    services.map_group(group="auditors", role=Role.AUDITOR, unit_id=group.pk, by=INSTALLER, at=at)
    services.sync_provider_roles(person_id=person.pk, groups=["builders", "unmapped"], by=INSTALLER, at=at)
    assert roles_of(person) == {(Role.REQUESTER, RoleSource.LOCAL), (Role.BUILDER, RoleSource.PROVIDER)}
    services.sync_provider_roles(person_id=person.pk, groups=["auditors"], by=INSTALLER, at=at)
    assert roles_of(person) == {(Role.REQUESTER, RoleSource.LOCAL), (Role.AUDITOR, RoleSource.PROVIDER)}


def test_syncing_twice_changes_nothing(recorded, claims, at):
    person = builders.person(where=claims)
    services.map_group(group="builders", role=Role.BUILDER, unit_id=claims.pk, by=INSTALLER, at=at)
    services.sync_provider_roles(person_id=person.pk, groups=["builders"], by=INSTALLER, at=at)
    before = recorded.kinds(person.pk)
    services.sync_provider_roles(person_id=person.pk, groups=["builders"], by=INSTALLER, at=at)
    assert recorded.kinds(person.pk) == before


def test_a_role_that_follows_a_group_is_not_taken_here(admin, claims, at):
    person = builders.person(where=claims)
    services.map_group(group="builders", role=Role.BUILDER, unit_id=claims.pk, by=INSTALLER, at=at)
    services.sync_provider_roles(person_id=person.pk, groups=["builders"], by=INSTALLER, at=at)
    with pytest.raises(Conflict, match="role_follows_group"):
        services.take_role(person_id=person.pk, role=Role.BUILDER, unit_id=claims.pk, by=admin, at=at)


# People


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"login": " "}, "no_login"),
        ({"name": ""}, "no_name"),
        ({"password": "short"}, "weak_password"),
    ],
)
def test_a_person_of_the_wrong_shape_is_refused(db, at, changed, error):
    given = {"login": "ana", "name": "Ana", "email": "", "password": PASSWORD} | changed
    with pytest.raises(Invalid, match=error):
        services.make_person(**given, by=INSTALLER, at=at)


def test_a_login_is_taken_however_it_is_written(owner_person, at):
    with pytest.raises(Conflict, match="login_taken"):
        services.make_person(login=owner_person.login.upper(), name="Other", email="", by=INSTALLER, at=at)


def test_a_membership_begins_and_ends(owner_person, claims, at):
    later = at + timedelta(days=1)
    services.leave_unit(person_id=owner_person.pk, unit_id=claims.pk, by=INSTALLER, at=later)
    assert selectors.standing_of(owner_person.pk, at).member_of == {claims.path}
    assert selectors.standing_of(owner_person.pk, later).member_of == frozenset()
    with pytest.raises(NotFound, match="not_a_member"):
        services.leave_unit(person_id=owner_person.pk, unit_id=claims.pk, by=INSTALLER, at=later)


def open_session(person):
    session = SessionStore()
    session["_auth_user_id"] = str(person.pk)
    session.save()
    return session.session_key


def test_deactivation_ends_sessions_keys_and_permissions_at_once(recorded, admin, owner, owner_person, at):
    open_session(owner_person)
    others = open_session(builders.person())
    _, text = services.make_key(title="CI", scope="api:read", expires_at=at + timedelta(days=9), by=owner, at=at)
    services.deactivate_person(person_id=owner_person.pk, by=admin, at=at)
    assert list(Session.objects.values_list("session_key", flat=True)) == [others]
    assert selectors.key_from_text(text, at) is None
    with pytest.raises(NotAllowed, match="not_active"):
        selectors.authorize(owner, "catalogue:dataset:read", None)
    assert recorded.kinds(owner_person.pk)[-1] == "organisation.person_deactivated"


def test_a_person_who_left_decides_nothing_more(admin, at, group):
    leaver = builders.person(Role.IT_APPROVER, group)
    services.deactivate_person(person_id=leaver.pk, by=admin, at=at)
    assert selectors.people_with(Role.IT_APPROVER, group.path, at=at) == []
    assert selectors.who_may("remits:pattern:propose", group.path) == []


def test_an_admin_of_one_unit_shuts_out_nobody_who_belongs_elsewhere_too(at, group):
    own = builders.unit(at=at)
    admin = builders.actor_with(Role.PLATFORM_ADMIN, own, at=at)
    colleague, auditor = builders.person(Role.BUILDER, own, at=at), builders.person(Role.AUDITOR, group, at=at)
    services.join_unit(person_id=auditor.pk, unit_id=own.pk, by=admin, at=at)
    services.deactivate_person(person_id=colleague.pk, by=admin, at=at)
    with pytest.raises(NotAllowed, match="not_permitted"):
        services.deactivate_person(person_id=auditor.pk, by=admin, at=at)


def test_nobody_deactivates_themselves_nor_the_last_admin(admin, admin_person, at):
    with pytest.raises(NotAllowed, match="own_account"):
        services.deactivate_person(person_id=admin_person.pk, by=admin, at=at)
    with pytest.raises(NotAllowed, match="last_admin"):
        services.deactivate_person(person_id=admin_person.pk, by=INSTALLER, at=at)


# The first platform admin


def test_the_first_admin_is_appointed_once(claims, group, at):
    first, second = builders.person(where=claims), builders.person(where=claims)
    services.appoint_first_admin(person_id=first.pk, by=INSTALLER, at=at)
    selectors.authorize(builders.actor(first), "organisation:role:give", group.path)
    with pytest.raises(Conflict, match="admin_exists"):
        services.appoint_first_admin(person_id=second.pk, by=INSTALLER, at=at)
