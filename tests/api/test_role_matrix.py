"""Every operation of the OpenAPI document, for every role, on a thing of one's own unit and of another: open where the matrix says so.

The roles that should not be let in are tried together (crowds.py); the long form tries each of them alone:
`./dev test -n 0 -m long tests/api/test_role_matrix.py`.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.test import Client

import builders
import crowds
import everything
import rest
from governance.api.urls import urlpatterns
from governance.initiatives.services import add_member
from governance.organisation.roles import Role
from harness.databases import connected_to
from rest_cells import ANYWHERE, CALLS, HERE, NOBODY, WHOLE

# Served ahead of Django, and tested with the real web process.
UPLOADS = ("put_TrainingSetBytes", "put_EvaluationSetItems")
OWN, OTHER, TOP = "own unit", "other unit", "top unit"
TRIED = {HERE: (OWN, OTHER), ANYWHERE: (OWN, OTHER), WHOLE: (OWN, OTHER, TOP), NOBODY: (OWN, OTHER)}
RESOURCES = {
    pattern.callback.cls.__name__: pattern.callback for pattern in urlpatterns if hasattr(pattern.callback, "cls")
}
Who = tuple[frozenset[Role], str]  # the roles of one person, and where they are held
BUILDER: Who = (frozenset({Role.REQUESTER}), OWN)  # of the initiative: some of its things are for builders only
Parts = Callable[[list[frozenset[Role]]], list[frozenset[Role]]]
OBJECT_RULES = {
    "not_yours",
    "no_grant",
}  # refuse everybody here, after the permission was found: tested with their areas


@dataclass(frozen=True)
class Cell:
    operation: str
    permission: str
    roles: frozenset[Role]
    place: str
    status: int
    code: str

    @property
    def done(self) -> bool:
        return self.status < 300

    @property
    def may(self) -> bool:
        call = CALLS[self.operation]
        needed = (self.permission, *call.also)
        return self.place in _places(call.reach, needed) and crowds.hold(self.roles, needed)

    @property
    def expected(self) -> bool:
        if not self.may:
            return self.status in {403, 404}
        return self.done or self.code in CALLS[self.operation].rules


def _places(reach: str, needed: tuple[str, ...]) -> set[str]:
    """Return where a role must be held. A permission that everybody has holds everywhere."""
    if crowds.is_for_all(needed) and reach != NOBODY:
        return {OWN, OTHER, TOP}
    return {HERE: {OWN}, ANYWHERE: {OWN, OTHER}, WHOLE: {TOP}, NOBODY: set()}[reach]


def operations() -> Iterator[tuple[str, str, str]]:
    """Return (method, path, name) of every operation of the document."""
    document = json.loads(Client().get("/api/v1/openapi.json").content)
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation["operationId"]


@pytest.fixture(scope="module")
def call_all(server, django_db_setup, django_db_blocker):
    """Return a function that calls each operation once as each of those it is tried as, and rolls back what was written."""

    def called(parts: Parts) -> list[Cell]:
        name = server.clone()
        with django_db_blocker.unblock(), connected_to(name), transaction.atomic():
            found = _called(parts)
            transaction.set_rollback(True)
        server.drop(name)
        return found

    return called


@pytest.fixture(scope="module")
def cells(call_all):
    return call_all(list)


@pytest.fixture(scope="module")
def cells_alone(call_all):
    return call_all(crowds.each_of)


def _called(parts: Parts) -> list[Cell]:
    units = {TOP: builders.organisation(), OWN: builders.unit("Claims"), OTHER: builders.unit("Retail")}
    known = [(method, name) for method, _, name in operations() if name in CALLS]
    tries = [(method, name, who) for method, name in known for who in _whom(method, name, parts)]
    # Before the things: who is asked to decide a request is fixed when its stage opens.
    builder = builders.person(Role.REQUESTER, units[OWN])
    people = {BUILDER: builder}
    for _, _, (roles, place) in tries:
        if (roles, place) not in people:
            people[roles, place] = builders.person(where=units[place], roles=sorted(roles))
    every = everything.of(units[OWN])
    add_member(initiative_id=every.initiative.pk, person_id=builder.pk, by=every.lead, at=every.at)
    calls = {who: rest.by_session(person) for who, person in people.items()}
    return [_cell(method, name, who, calls[who], every) for method, name, who in tries]


def _whom(method: str, name: str, parts: Parts) -> list[Who]:
    """Return as whom an operation is called."""
    asked = CALLS[name]
    needed = (_permission(method, name), *asked.also)
    open_to = _places(asked.reach, needed)
    places = TRIED[asked.reach]
    tried = [(roles, place) for place in places for roles in parts(crowds.parted(needed, counts=place in open_to))]
    return list(dict.fromkeys([*tried, BUILDER]))


def _permission(method: str, name: str) -> str:
    return dict(RESOURCES[name.partition("_")[2]].access.permissions)[method]


def _cell(method, name, who, call, every) -> Cell:
    asked = CALLS[name]
    with transaction.atomic():
        answer = call(method, asked.path(every), asked.body_for(every))
        code = "" if answer.status_code < 300 else answer.json()["code"]
        transaction.set_rollback(True)
    return Cell(name, _permission(method, name), *who, answer.status_code, code)


def test_every_operation_has_an_expectation(db):
    assert {name for _, _, name in operations()} - set(UPLOADS) == set(CALLS)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_what_the_matrix_says_and_nothing_else(cells, role):
    surprises = [cell for cell in cells if (role in cell.roles or not cell.roles) and not cell.expected]
    assert not surprises, "\n".join(map(str, surprises))


@pytest.mark.long
@pytest.mark.parametrize("role", list(Role))
def test_a_role_alone_opens_what_the_matrix_says_and_nothing_else(cells_alone, role):
    surprises = [cell for cell in cells_alone if cell.roles == {role} and not cell.expected]
    assert not surprises, "\n".join(map(str, surprises))
    assert [cell for cell in cells_alone if cell.roles == {role}]


@pytest.mark.parametrize("name", [name for name, call in CALLS.items() if call.reach != NOBODY])
def test_each_operation_is_open_to_somebody(cells, name):
    """A cell that nobody passes proves nothing about those who are refused."""
    tried = [cell for cell in cells if cell.operation == name]
    assert any(cell.done or cell.code in OBJECT_RULES for cell in tried), tried


@pytest.mark.parametrize("name", [name for name, call in CALLS.items() if call.reach == HERE])
def test_a_thing_of_another_unit_is_closed_to_every_role(cells, name):
    elsewhere = [cell for cell in cells if cell.operation == name and cell.place == OTHER and cell.done]
    assert not elsewhere
