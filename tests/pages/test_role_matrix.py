"""Every address of the pages, for every role, held on the thing's own unit, above it, below it, elsewhere and on top: open where
the table of permissions says so, and nowhere else.

A role that the table gives no part in a page is tried on the thing's own unit, where it would matter most; the long form tries it
below that unit, too: `./dev test -n 0 -m long tests/pages/test_role_matrix.py`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve

import builders
import everything
from governance.core.actors import INSTALLER
from governance.core.clock import now
from governance.initiatives.services import add_member
from governance.organisation.models import Person
from governance.organisation.permissions import holders_of
from governance.organisation.roles import Anyone, Role
from governance.organisation.rules import STEPPED_UP
from governance.organisation.services import give_role
from harness.databases import connected_to
from page_cells import ANYWHERE, DOORS, HERE, NOBODY, WHOLE, Door

OWN, ABOVE, BELOW, OTHER, TOP = "own unit", "unit above", "unit below", "other unit", "top unit"
MIXED = "own unit, and every role on another unit"  # which must add nothing here
OPEN_TO = {
    HERE: {OWN, ABOVE, TOP, MIXED},
    ANYWHERE: {OWN, ABOVE, BELOW, OTHER, TOP, MIXED},
    WHOLE: {TOP},
    NOBODY: set(),
}
# On top is above, too, and below is elsewhere where any unit will do: what proves nothing new is left out.
TRIED = {HERE: {ABOVE, BELOW, OTHER}, ANYWHERE: {OTHER}, WHOLE: {ABOVE, OTHER, TOP}, NOBODY: {ABOVE, TOP}}
HOUR_S = 3600
FORM = "form"  # what a form answers when it does not take what was typed
PART = {"HX-Request": "true"}  # what stands around a page is the same for all, and tested elsewhere
CODE = re.compile(r'<p class="small">(\w+) · ')


@dataclass(frozen=True)
class Cell:
    name: str
    door: Door
    needed: tuple[str, ...]
    role: Role
    place: str
    status: int
    code: str

    @property
    def done(self) -> bool:
        return self.status < 400

    @property
    def may(self) -> bool:
        if self.place == MIXED and self.door.elsewhere:
            return True
        for_all = all(isinstance(holders_of(each), Anyone) for each in self.needed)
        places = OPEN_TO[ANYWHERE] if for_all and self.door.reach != NOBODY else OPEN_TO[self.door.reach]
        return self.place in places and all(_holds(self.role, each) for each in self.needed)

    @property
    def expected(self) -> bool:
        if not self.may:
            return self.status in {403, 404} or (self.door.offers and self.code == FORM)
        return self.done or self.code in self.door.rules

    def __str__(self) -> str:
        wanted = "open" if self.may else "closed"
        return f"{self.door.method} {self.name} as {self.role} on {self.place}: {self.status} {self.code}, should be {wanted}"


def _holds(role: Role, permission: str) -> bool:
    holders = holders_of(permission)
    return isinstance(holders, Anyone) or role in holders


def doors() -> Iterator[tuple[str, Door]]:
    return ((name, door) for name, ways in DOORS.items() for door in ways)


@pytest.fixture(scope="module")
def try_where(server, django_db_setup, django_db_blocker):
    """Return a function that tries each cell that is worth it once, and rolls back what it wrote."""

    def tried(is_worth_it: Callable[[Role, str, Door, tuple[str, ...]], bool]) -> list[Cell]:
        name = server.clone()
        with django_db_blocker.unblock(), connected_to(name), transaction.atomic():
            found = _tried(is_worth_it)
            transaction.set_rollback(True)
        server.drop(name)
        return found

    return tried


@pytest.fixture(scope="module")
def cells(try_where):
    return try_where(_proves)


@pytest.fixture(scope="module")
def cells_below(try_where):
    return try_where(_proves_below)


def _tried(is_worth_it: Callable[[Role, str, Door, tuple[str, ...]], bool]) -> list[Cell]:
    above = builders.unit("Insurance")
    own = builders.unit("Claims", parent=above)
    units = {
        OWN: own,
        ABOVE: above,
        BELOW: builders.unit("Motor", parent=own),
        OTHER: builders.unit("Retail"),
        TOP: builders.organisation(),
    }
    # Before the things: who is asked to decide a request is fixed when its stage opens.
    people = {(role, place): builders.person(role, unit) for role in Role for place, unit in units.items()}
    people[Role.AUDITOR, MIXED] = _auditor_with_every_role_elsewhere(units)
    every = everything.of(own)
    builder = people[Role.REQUESTER, OWN]  # somebody must be a builder of the initiative
    add_member(initiative_id=every.initiative.pk, person_id=builder.pk, by=every.lead, at=every.at)
    browsers = {who: _signed_in(person) for who, person in people.items()}
    return [
        _cell(name, door, role, place, browser, every)
        for name, door in doors()
        for (role, place), browser in browsers.items()
        if is_worth_it(role, place, door, _needed(door, every))
    ]


def _auditor_with_every_role_elsewhere(units) -> Person:
    """Return somebody who finds the things of the unit, and passes every door that asks for a role on any unit."""
    person = builders.person(where=units[OTHER], roles=Role)
    give_role(person_id=person.pk, role=Role.AUDITOR, unit_id=units[OWN].pk, by=INSTALLER, at=builders.AT)
    return person


def _proves(role: Role, place: str, door: Door, needed: tuple[str, ...]) -> bool:
    """Say whether a cell is worth its time: every role is tried where the thing is."""
    everywhere = {OWN, MIXED} if door.reach == HERE else {OWN}
    return place in everywhere or (place in TRIED[door.reach] and _matters(role, needed))


def _proves_below(role: Role, place: str, door: Door, needed: tuple[str, ...]) -> bool:
    """Say whether a cell is of a role without a part, held below the thing's unit, which is never enough."""
    return place == BELOW and door.reach == HERE and not _matters(role, needed)


def _matters(role: Role, needed: tuple[str, ...]) -> bool:
    """Where a role is held matters to who holds the permission by it, and not to what everybody may."""
    return any(role in holders_of(each) for each in needed if not isinstance(holders_of(each), Anyone)) and all(
        _holds(role, each) for each in needed
    )


def _needed(door: Door, every) -> tuple[str, ...]:
    permission = resolve(door.path_for(every)).func.access.permission
    return (
        *(() if permission in {"", "signed in"} else (permission,)),
        *door.also,
    )  # "": open to all who have a session


def _signed_in(person) -> Client:
    client = Client(raise_request_exception=False)  # a fault is a surprise of its cell, not the end of all
    client.force_login(person)
    session = client.session
    session[STEPPED_UP] = now().timestamp() + HOUR_S  # however long the run takes
    session.save()
    return client


def _cell(name, door, role, place, browser, every) -> Cell:
    cookies = browser.cookies.copy()
    with transaction.atomic():
        answer = getattr(browser, door.method)(door.path_for(every), door.form_for(every), headers=PART)
        transaction.set_rollback(True)
    browser.cookies = cookies  # signing out, say, was rolled back too
    leads_to = answer.get("HX-Redirect", "") + answer.get("Location", "")
    assert "/step-up/" not in leads_to, name
    assert "/sign-in/" not in leads_to or name == "sign_out", name
    code = ""
    if answer.status_code >= 400:
        found = CODE.search(answer.text)
        code = found[1] if found else FORM
    return Cell(name, door, _needed(door, every), role, place, answer.status_code, code)


@pytest.mark.long
@pytest.mark.parametrize("role", list(Role))
def test_a_role_without_a_part_opens_nothing_from_below(cells_below, role):
    surprises = [cell for cell in cells_below if cell.role is role and not cell.expected]
    assert not surprises, "\n".join(map(str, surprises))
    assert [cell for cell in cells_below if cell.role is role]


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_what_the_table_says_and_nothing_else(cells, role):
    surprises = [cell for cell in cells if cell.role is role and not cell.expected]
    assert not surprises, "\n".join(map(str, surprises))


def test_each_door_is_open_to_somebody(cells):
    """A cell that nobody passes proves nothing about those who are refused."""
    opened = [cell.door for cell in cells if cell.may and cell.expected]
    assert not [door for _, door in doors() if door.reach != NOBODY and door not in opened]


def test_every_role_was_tried_at_every_door(cells):
    tried = {(cell.name, cell.door.method, cell.role) for cell in cells}
    assert tried == {(name, door.method, role) for name, door in doors() for role in Role}
    print(f"{len(cells)} cells, {len(list(doors()))} doors, {len(Role)} roles")
