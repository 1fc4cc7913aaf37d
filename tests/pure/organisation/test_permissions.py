import re
from uuid import uuid4

import pytest

from governance.organisation.permissions import EVERYWHERE, Standing, UnknownPermissionError, may, paths_for
from governance.organisation.roles import EVERYONE, MATRIX, Role

GROUP, CLAIMS, MOTOR, RETAIL = "/g/", "/g/claims/", "/g/claims/motor/", "/g/retail/"
PLACES = {"own unit": CLAIMS, "unit below": MOTOR, "unit above": GROUP, "other unit": RETAIL, "anywhere": None}
HOLDS_ON = {"own unit", "unit below", "anywhere"}
COLUMNS = {
    "Q": Role.REQUESTER,
    "H": Role.UNIT_HEAD,
    "D": Role.DATA_STEWARD,
    "I": Role.IT_APPROVER,
    "S": Role.SECURITY_APPROVER,
    "L": Role.LEGAL_APPROVER,
    "A": Role.SECURITY_ANALYST,
    "J": Role.ARBITER,
    "B": Role.BUILDER,
    "E": Role.EXECUTIVE,
    "U": Role.AUDITOR,
    "P": Role.POLICY_ADMIN,
    "M": Role.PLATFORM_ADMIN,
}
# Who may do what, written out a second time and read by hand: a row that goes missing, or a role too many, is noticed.
# "." is no; a row of "everyone" is for whoever is signed in, whatever their roles.
TABLE = """
initiatives:initiative:read        Q H D I S L A J B E U P .
initiatives:initiative:propose     Q H . . . . . . . . . . .
initiatives:initiative:edit        Q H . . . . . . B . . . .
initiatives:initiative:transfer    . H . . . . . . . . . . .
initiatives:claim:assert           Q H . . . . . . . . . . .
initiatives:overlap:resolve        . H . . . . . J . . . . .
initiatives:capability:read        Q H D I S L A J B E U P .
initiatives:capability:edit        . . . . . . . J . . . P .
initiatives:contest:read           Q H D I S L A J B E U P .
initiatives:contest:comment        Q H D I S L A J B . . P .
initiatives:contest:rule           . H . . . . . J . . . . .
remits:remit:read                  Q H D I S L A J B E U P .
remits:remit:draft                 Q H . . . . . . B . . . .
remits:remit:submit                Q H . . . . . . . . . . .
remits:remit:revoke                . H . I S . . . . . . . .
remits:grant:read                  Q H D I S L A J B E U P .
remits:grant:revoke                . H D . S . A . . . . . .
remits:grant:recertify             Q H . . . . . . . . . . .
remits:grant:confirm               . . D . . . . . . . . . .
remits:allocation:read             Q H D I S L A J B E U P .
remits:allocation:award            . . D . . . . . . . . . .
remits:pattern:read                everyone
remits:pattern:propose             . . . I S . . . . . . P .
remits:pattern:review_sample       . . D I S L . . . . . . .
approvals:request:read             Q H D I S L A J B E U P .
approvals:request:decide           . H D I S L . J . . . P .
approvals:override:make            . H . I S . . J . . . . .
approvals:override:review          . . . . S . A J . . U . .
approvals:request:comment          Q H D I S L A J B . . P .
approvals:workflow:read            everyone
approvals:workflow:edit            . . . . . . . . . . . P .
catalogue:dataset:read             everyone
catalogue:dataset:edit             . . D . . . . . . . . . .
catalogue:register:read            . . D I S L A . . . U P .
catalogue:register:edit            . . D . . . . . . . . . .
catalogue:exam:read                Q H D I S L A . B . U P .
catalogue:exam:edit                . . D . . . . . B . . . .
destinations:destination:read      everyone
destinations:destination:edit      . . . . . . . . . . . P .
destinations:destination:suspend   . . . . S . A . . . . P .
destinations:key:write             . . . . . . . . . . . . M
gateway:exchange:read              Q H D I S L A . B . U . .
gateway:exchange:justify           Q H . . . . . . B . . . .
gateway:call:confirm               Q H . . . . . . B . . . .
gateway:exchange:review            . . . . S . A . . . . . .
gateway:exchange:try               Q H . . . . . . B . . . .
gateway:stop:read                  Q H D I S L A J B E U P M
gateway:stop:make                  . H . . S . A . . . . . M
gateway:stop:make_wide             . . . . S . A . . . . . M
gateway:stop:lift                  . . . . S . A . . . . . .
gateway:publication:settle         . . D I . . . . . . . . .
gateway:issuer:read                Q H D I S L A J B E U P .
gateway:issuer:edit                . H . . S . . . . . . . .
gateway:observation:read           Q H D I S L A J B E U P .
gateway:observation:ask            Q H . . . . . . B . . . .
gateway:observation:end            Q H . . S . A . B . . . .
gateway:oversight:read             Q H D I S L A J B E U P .
gateway:oversight:read_reviewers   . H . . . . . . . . U . .
gateway:oversight:lift             . H . I S . . . . . . . .
gateway:limit:read                 Q H D I S L A J B E U P M
gateway:limit:edit                 . H . . . . . . . . . . M
scanning:hold:read                 . . . . S . A . . . . . .
scanning:hold:release              . . . . S . A . . . . . .
scanning:hold:reveal               . . . . S . A . . . . . .
scanning:mistake:report            everyone
scanning:mistake:answer            . . . . . . A . . . . . .
scanning:ruleset:edit              . . . . . . A . . . . P .
scanning:ruleset:enforce           . . . . S . A . . . . P .
scanning:ruleset:read              Q H D I S L A J B E U P .
scanning:recogniser:read           . . D I S L A . . . U P .
scanning:recogniser:edit           . . . . . . A . . . . P .
training:set:read                  Q H D I S L A . B . U . .
training:set:upload                Q H . . . . . . B . . . .
training:set:ask_release           Q H . . . . . . B . . . .
audit:event:read                   . . . . . . . . . . U P .
audit:event:read_own_unit          . H D I S L A . . . U P .
audit:event:export                 . . . . . . . . . . U . .
notices:webhook:read               . H . . . . A . . . U . M
notices:webhook:edit               . H . . . . . . . . . . M
notices:channel:read               . . . . . . . . . . . . M
organisation:person:read           . H . . . . A . . . U . M
organisation:person:edit           . . . . . . . . . . . . M
organisation:role:give             . . . . . . . . . . . . M
organisation:delegation:make       . H D I S L . J . . . P .
organisation:unit:read             everyone
organisation:unit:edit             . . . . . . . . . . . . M
organisation:hours:edit            . H . . . . . . . . . . M
organisation:key:make_for_api      everyone
organisation:key:make              Q H . . . . . . B . . . .
organisation:key:revoke            . H . . . . A . . . . . M
organisation:key:read              . H . . . . A . . . U . M
insights:handling:read             Q H D I S L A J B E U P .
organisation:record:comment        . H . . . . . . . . . . .
insights:portfolio:read            . H . I S L . J . E U P .
insights:usage:read                Q H D I S L A J B E U P .
"""
SAID = {permission: columns for permission, *columns in map(str.split, TABLE.strip().splitlines())}
FOR_ALL = {permission for permission, columns in SAID.items() if columns == ["everyone"]}


def standing(*roles, active=True):
    return Standing(person=uuid4(), active=active, roles=frozenset(roles))


def test_the_matrix_has_exactly_the_permissions_of_the_table():
    assert set(MATRIX) == set(SAID)


def test_the_table_has_a_column_for_every_role():
    assert set(COLUMNS.values()) == set(Role)


@pytest.mark.parametrize("permission", SAID)
def test_a_permission_names_area_resource_and_action(permission):
    assert re.fullmatch(r"[a-z]+:[a-z]+:[a-z_]+", permission)


@pytest.mark.parametrize("permission", SAID)
def test_somebody_holds_every_permission(permission):
    assert MATRIX[permission] is EVERYONE or MATRIX[permission]


@pytest.mark.parametrize("role", list(Role))
def test_every_role_is_good_for_something(role):
    assert any(holders is not EVERYONE and role in holders for holders in MATRIX.values())


@pytest.mark.parametrize("permission", SAID)
def test_a_role_may_what_the_table_says_on_its_unit_and_below_and_nowhere_else(permission):
    roles = set(Role) if permission in FOR_ALL else {COLUMNS[letter] for letter in SAID[permission] if letter != "."}
    places = PLACES if permission in FOR_ALL else HOLDS_ON
    held = {
        (role, place)
        for role in Role
        for place, path in PLACES.items()
        if may(standing((role, CLAIMS)), permission, path)
    }
    assert held == {(role, place) for role in roles for place in places}


@pytest.mark.parametrize("permission", [each for each in SAID if each not in FOR_ALL])
def test_without_a_role_nothing_is_permitted(permission):
    assert may(standing(), permission, None).code == "not_permitted"


@pytest.mark.parametrize("permission", SAID)
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
