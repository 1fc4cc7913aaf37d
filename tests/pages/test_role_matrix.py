"""Every address of the pages, for every role, held on the thing's own unit, above it, below it, elsewhere and on top: open where
the table of permissions says so, and nowhere else.

The roles that should not open a door are tried together (crowds.py); the long form tries each of them alone:
`./dev test -n 0 -m long tests/pages/test_role_matrix.py`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.test import Client

import builders
import crowds
import everything
from governance.core.actors import INSTALLER
from governance.core.clock import now
from governance.initiatives.services import add_member
from governance.organisation.models import Person
from governance.organisation.roles import Role
from governance.organisation.rules import STEPPED_UP
from governance.organisation.services import give_role
from governance.web.urls import urlpatterns
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
TRIED = {
    HERE: (OWN, ABOVE, BELOW, OTHER),
    ANYWHERE: (OWN, OTHER),
    WHOLE: (OWN, ABOVE, OTHER, TOP),
    NOBODY: (OWN, ABOVE, TOP),
}
VIEWS = {pattern.name: pattern.callback for pattern in urlpatterns}
Who = tuple[frozenset[Role], str]  # the roles of one person, and where they are held
Parts = Callable[[list[frozenset[Role]]], list[frozenset[Role]]]
BUILDER: Who = (frozenset({Role.REQUESTER}), OWN)  # of the initiative: some of its things are for builders only
AUDITOR_MIXED: Who = (frozenset({Role.AUDITOR}), MIXED)
HOUR_S = 3600
FORM = "form"  # what a form answers when it does not take what was typed
PART = {"HX-Request": "true"}  # what stands around a page is the same for all, and tested elsewhere
CODE = re.compile(r'<p class="small">(\w+) · ')


@dataclass(frozen=True)
class Cell:
    name: str
    door: Door
    needed: tuple[str, ...]
    roles: frozenset[Role]
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
        return self.place in _open_places(self.door, self.needed) and crowds.hold(self.roles, self.needed)

    @property
    def expected(self) -> bool:
        if not self.may:
            return self.status in {403, 404} or (self.door.offers and self.code == FORM)
        return self.done or self.code in self.door.rules

    def __str__(self) -> str:
        wanted = "open" if self.may else "closed"
        return f"{self.door.method} {self.name} as {crowds.named(self.roles)} on {self.place}: {self.status} {self.code}, should be {wanted}"


def _open_places(door: Door, needed: tuple[str, ...]) -> set[str]:
    """Return where a role must be held. A permission that everybody has holds everywhere."""
    return OPEN_TO[ANYWHERE] if crowds.is_for_all(needed) and door.reach != NOBODY else OPEN_TO[door.reach]


def doors() -> Iterator[tuple[str, Door]]:
    return ((name, door) for name, ways in DOORS.items() for door in ways)


@pytest.fixture(scope="module")
def try_all(server, django_db_setup, django_db_blocker):
    """Return a function that tries each door once as each of those it is tried as, and rolls back what was written."""

    def tried(parts: Parts) -> list[Cell]:
        name = server.clone()
        with django_db_blocker.unblock(), connected_to(name), transaction.atomic():
            found = _tried(parts)
            transaction.set_rollback(True)
        server.drop(name)
        return found

    return tried


@pytest.fixture(scope="module")
def cells(try_all):
    return try_all(list)


@pytest.fixture(scope="module")
def cells_alone(try_all):
    return try_all(crowds.each_of)


def _tried(parts: Parts) -> list[Cell]:
    above = builders.unit("Insurance")
    own = builders.unit("Claims", parent=above)
    units = {
        OWN: own,
        ABOVE: above,
        BELOW: builders.unit("Motor", parent=own),
        OTHER: builders.unit("Retail"),
        TOP: builders.organisation(),
    }
    tries = [(name, door, who) for name, door in doors() for who in _whom(door, _needed(name, door), parts)]
    # Before the things: who is asked to decide a request is fixed when its stage opens.
    builder = builders.person(Role.REQUESTER, own)
    people = {BUILDER: builder, AUDITOR_MIXED: _auditor_with_every_role_elsewhere(units)}
    for _, _, (roles, place) in tries:
        if (roles, place) not in people:
            people[roles, place] = builders.person(where=units[place], roles=sorted(roles))
    every = everything.of(own)
    add_member(initiative_id=every.initiative.pk, person_id=builder.pk, by=every.lead, at=every.at)
    browsers = {who: _signed_in(person) for who, person in people.items()}
    return [_cell(name, door, who, browsers[who], every) for name, door, who in tries]


def _whom(door: Door, needed: tuple[str, ...], parts: Parts) -> list[Who]:
    """Return as whom a door is tried; where it is for everybody, it matters to nobody where they are."""
    open_to = _open_places(door, needed)
    places = (OWN,) if crowds.is_for_all(needed) and door.reach != NOBODY else TRIED[door.reach]
    mixed = [AUDITOR_MIXED] if door.reach == HERE else []
    tried = [(roles, place) for place in places for roles in parts(crowds.parted(needed, counts=place in open_to))]
    return list(dict.fromkeys([*tried, BUILDER, *mixed]))


def _auditor_with_every_role_elsewhere(units) -> Person:
    """Return somebody who finds the things of the unit, and passes every door that asks for a role on any unit."""
    person = builders.person(where=units[OTHER], roles=Role)
    give_role(person_id=person.pk, role=Role.AUDITOR, unit_id=units[OWN].pk, by=INSTALLER, at=builders.AT)
    return person


def _needed(name: str, door: Door) -> tuple[str, ...]:
    permission = VIEWS[name].access.permission
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


def _cell(name, door, who, browser, every) -> Cell:
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
    return Cell(name, door, _needed(name, door), *who, answer.status_code, code)


@pytest.mark.long
@pytest.mark.parametrize("role", list(Role))
def test_a_role_alone_opens_what_the_table_says_and_nothing_else(cells_alone, role):
    surprises = [cell for cell in cells_alone if cell.roles == {role} and not cell.expected]
    assert not surprises, "\n".join(map(str, surprises))
    assert [cell for cell in cells_alone if cell.roles == {role}]


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_what_the_table_says_and_nothing_else(cells, role):
    surprises = [cell for cell in cells if (role in cell.roles or not cell.roles) and not cell.expected]
    assert not surprises, "\n".join(map(str, surprises))


def test_each_door_is_open_to_somebody(cells):
    """A cell that nobody passes proves nothing about those who are refused."""
    opened = [cell.door for cell in cells if cell.may and cell.expected]
    assert not [door for _, door in doors() if door.reach != NOBODY and door not in opened]


def test_every_role_was_tried_at_every_door(cells):
    tried = {(cell.name, cell.door.method, role) for cell in cells for role in cell.roles}
    assert tried == {(name, door.method, role) for name, door in doors() for role in Role}
    print(f"{len(cells)} cells, {len(list(doors()))} doors, {len(Role)} roles")
