import re
from uuid import uuid4

import pytest

from governance.organisation.permissions import EVERYWHERE, Standing, UnknownPermissionError, may, paths_for
from governance.organisation.roles import EVERYONE, MATRIX, Role

GROUP, CLAIMS, MOTOR, RETAIL = "/g/", "/g/claims/", "/g/claims/motor/", "/g/retail/"

# The permissions that pages and endpoints state, written out a second time: a row that goes missing is noticed.
STATED = re.findall(
    r"\S+",
    """
initiatives:initiative:read initiatives:initiative:propose initiatives:initiative:edit initiatives:claim:assert
remits:remit:read remits:remit:draft remits:remit:submit remits:remit:revoke remits:grant:read remits:grant:revoke
remits:pattern:read remits:pattern:propose remits:pattern:review_sample approvals:request:read approvals:request:decide
approvals:request:comment approvals:workflow:read catalogue:dataset:read catalogue:dataset:edit catalogue:register:read
catalogue:register:edit destinations:destination:read destinations:destination:edit destinations:destination:suspend
destinations:key:write gateway:exchange:read gateway:exchange:justify gateway:exchange:review gateway:exchange:try
scanning:hold:read scanning:mistake:report scanning:mistake:answer scanning:ruleset:read training:set:read
training:set:upload training:set:ask_release audit:event:read audit:event:read_own_unit audit:event:export
organisation:person:read organisation:person:edit organisation:role:give organisation:key:make organisation:key:revoke
organisation:key:read organisation:key:make_for_api organisation:unit:read organisation:unit:edit insights:portfolio:read
organisation:hours:edit organisation:delegation:make approvals:override:make approvals:override:review
initiatives:overlap:resolve remits:grant:recertify remits:grant:confirm remits:allocation:read remits:allocation:award
insights:handling:read organisation:record:comment
notices:webhook:read notices:webhook:edit notices:channel:read
approvals:workflow:edit initiatives:capability:edit initiatives:capability:read initiatives:contest:comment
initiatives:contest:read initiatives:contest:rule initiatives:initiative:transfer
""",
)


def standing(*roles, active=True):
    return Standing(person=uuid4(), active=active, roles=frozenset(roles))


def test_the_matrix_has_exactly_the_permissions_that_doors_state():
    assert set(MATRIX) == set(STATED)


@pytest.mark.parametrize("permission", STATED)
def test_a_permission_names_area_resource_and_action(permission):
    assert re.fullmatch(r"[a-z]+:[a-z]+:[a-z_]+", permission)


@pytest.mark.parametrize("permission", STATED)
def test_somebody_holds_every_permission(permission):
    assert MATRIX[permission] is EVERYONE or MATRIX[permission]


@pytest.mark.parametrize("role", list(Role))
def test_every_role_is_good_for_something(role):
    assert any(holders is not EVERYONE and role in holders for holders in MATRIX.values())


# Design rows of the matrix, read by hand: role, permission, whether it holds on the role's own unit.
@pytest.mark.parametrize(
    ("role", "permission", "held"),
    [
        (Role.REQUESTER, "remits:remit:submit", True),
        (Role.REQUESTER, "approvals:request:decide", False),
        (Role.BUILDER, "remits:remit:submit", False),
        (Role.UNIT_HEAD, "audit:event:read_own_unit", True),
        (Role.UNIT_HEAD, "audit:event:export", False),
        (Role.DATA_STEWARD, "catalogue:dataset:edit", True),
        (Role.IT_APPROVER, "catalogue:dataset:edit", False),
        (Role.SECURITY_ANALYST, "destinations:destination:suspend", True),
        (Role.SECURITY_ANALYST, "approvals:request:decide", False),
        (Role.AUDITOR, "audit:event:export", True),
        (Role.AUDITOR, "initiatives:initiative:edit", False),
        (Role.AUDITOR, "approvals:request:comment", False),
        (Role.EXECUTIVE, "insights:portfolio:read", True),
        (Role.EXECUTIVE, "approvals:request:decide", False),
        (Role.POLICY_ADMIN, "destinations:destination:edit", True),
        (Role.POLICY_ADMIN, "destinations:key:write", False),
        (Role.PLATFORM_ADMIN, "organisation:role:give", True),
        (Role.PLATFORM_ADMIN, "initiatives:initiative:read", False),
        (Role.PLATFORM_ADMIN, "gateway:exchange:read", False),
        (Role.PLATFORM_ADMIN, "scanning:hold:read", False),
        (Role.PLATFORM_ADMIN, "audit:event:read", False),
    ],
)
def test_the_matrix_says_what_the_design_says(role, permission, held):
    assert bool(may(standing((role, CLAIMS)), permission, CLAIMS)) is held


@pytest.mark.parametrize("permission", [each for each in STATED if MATRIX[each] is not EVERYONE])
def test_without_a_role_nothing_is_permitted(permission):
    assert may(standing(), permission, None).code == "not_permitted"


@pytest.mark.parametrize("permission", STATED)
def test_a_person_who_left_may_nothing(permission):
    gone = standing(*((role, GROUP) for role in Role), active=False)
    assert may(gone, permission, GROUP).code == "not_active"
    assert paths_for(gone, permission) == []


@pytest.mark.parametrize(
    ("unit_path", "held"),
    [
        pytest.param(CLAIMS, True, id="on the unit itself"),
        pytest.param(MOTOR, True, id="on a unit below"),
        pytest.param(GROUP, False, id="not above"),
        pytest.param(RETAIL, False, id="not beside"),
        pytest.param("/g/claims2/", False, id="a longer name is another unit"),
        pytest.param("", False, id="not on what belongs to no unit"),
        pytest.param(None, True, id="anywhere is enough"),
    ],
)
def test_a_role_holds_for_its_subtree(unit_path, held):
    assert bool(may(standing((Role.REQUESTER, CLAIMS)), "remits:remit:submit", unit_path)) is held


def test_what_everyone_may_needs_no_role():
    assert may(standing(), "catalogue:dataset:read", RETAIL)
    assert paths_for(standing(), "catalogue:dataset:read") == [EVERYWHERE]


def test_paths_drop_what_lies_inside_another():
    person = standing((Role.REQUESTER, MOTOR), (Role.UNIT_HEAD, CLAIMS), (Role.REQUESTER, RETAIL))
    assert paths_for(person, "remits:remit:submit") == [CLAIMS, RETAIL]


@pytest.mark.parametrize("typo", ["remits:remit:sumbit", "remits:remit", "", "*", "remits:remit:*"])
@pytest.mark.parametrize("active", [True, False])
def test_an_unknown_permission_raises(typo, active):
    with pytest.raises(UnknownPermissionError):
        may(standing((Role.PLATFORM_ADMIN, GROUP), active=active), typo, GROUP)
