"""Every operation of the OpenAPI document, for every role, on a thing of one's own unit and of another: open where the matrix says so."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve

import builders
import everything
import rest
from governance.initiatives.services import add_member
from governance.organisation.permissions import holders_of
from governance.organisation.roles import Anyone, Role
from harness.databases import connected_to
from rest_cells import ANYWHERE, CALLS, HERE, NOBODY, WHOLE

# Served ahead of Django, and tested with the real web process.
UPLOADS = ("put_TrainingSetBytes", "put_EvaluationSetItems")
OWN, OTHER, TOP = "own unit", "other unit", "top unit"
OBJECT_RULES = {
    "not_yours",
    "no_grant",
}  # refuse everybody here, after the permission was found: tested with their areas


@dataclass(frozen=True)
class Cell:
    operation: str
    permission: str
    role: Role
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
        return self.place in _places(call.reach, needed) and all(_holds(self.role, each) for each in needed)

    @property
    def expected(self) -> bool:
        if not self.may:
            return self.status in {403, 404}
        return self.done or self.code in CALLS[self.operation].rules


def _places(reach: str, needed: tuple[str, ...]) -> set[str]:
    """Return where a role must be held. A permission that everybody has holds everywhere."""
    if all(isinstance(holders_of(each), Anyone) for each in needed) and reach != NOBODY:
        return {OWN, OTHER, TOP}
    return {HERE: {OWN}, ANYWHERE: {OWN, OTHER}, WHOLE: {TOP}, NOBODY: set()}[reach]


def _holds(role: Role, permission: str) -> bool:
    holders = holders_of(permission)
    return isinstance(holders, Anyone) or role in holders


def operations() -> Iterator[tuple[str, str, str]]:
    """Return (method, path, name) of every operation of the document."""
    document = json.loads(Client().get("/api/v1/openapi.json").content)
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation["operationId"]


@pytest.fixture(scope="module")
def cells(server, django_db_setup, django_db_blocker):
    """Each cell was called once, and what it wrote was rolled back."""
    name = server.clone()
    with django_db_blocker.unblock(), connected_to(name), transaction.atomic():
        found = _called()
        transaction.set_rollback(True)
    server.drop(name)
    return found


def _called() -> list[Cell]:
    units = {TOP: builders.organisation(), OWN: builders.unit("Claims"), OTHER: builders.unit("Retail")}
    # Before the things: who is asked to decide a request is fixed when its stage opens.
    people = {(role, place): builders.person(role, unit) for role in Role for place, unit in units.items()}
    every = everything.of(units[OWN])
    builder = people[Role.REQUESTER, OWN]  # somebody must be a builder of the initiative
    add_member(initiative_id=every.initiative.pk, person_id=builder.pk, by=every.lead, at=every.at)
    calls = {who: rest.by_session(person) for who, person in people.items()}
    known = [(method, name) for method, _, name in operations() if name in CALLS]
    return [
        _cell(method, name, role, place, call, every)
        for method, name in known
        for (role, place), call in calls.items()
        if place != TOP or CALLS[name].reach == WHOLE
    ]


def _cell(method, name, role, place, call, every) -> Cell:
    asked = CALLS[name]
    path = asked.path(every)
    with transaction.atomic():
        answer = call(method, path, asked.body_for(every))
        code = "" if answer.status_code < 300 else answer.json()["code"]
        transaction.set_rollback(True)
    access = dict(resolve(f"{rest.PLACE}{path}").func.access.permissions)
    return Cell(name, access[method], role, place, answer.status_code, code)


def test_every_operation_has_an_expectation(db):
    assert {name for _, _, name in operations()} - set(UPLOADS) == set(CALLS)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_what_the_matrix_says_and_nothing_else(cells, role):
    surprises = [cell for cell in cells if cell.role is role and not cell.expected]
    assert not surprises, "\n".join(map(str, surprises))


@pytest.mark.parametrize("name", [name for name, call in CALLS.items() if call.reach != NOBODY])
def test_each_operation_is_open_to_somebody(cells, name):
    """A cell that nobody passes proves nothing about those who are refused."""
    tried = [cell for cell in cells if cell.operation == name]
    assert any(cell.done or cell.code in OBJECT_RULES for cell in tried), tried


@pytest.mark.parametrize("name", [name for name, call in CALLS.items() if call.reach == HERE])
def test_a_thing_of_another_unit_is_closed_to_every_role(cells, name):
    elsewhere = [cell for cell in cells if cell.operation == name and cell.place == OTHER and cell.done]
    assert not elsewhere
