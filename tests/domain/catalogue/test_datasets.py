"""Datasets: added, changed and retired by stewards of their unit; read by everyone."""

from datetime import timedelta

import pytest

import builders
import scope
from governance.catalogue import selectors, services
from governance.catalogue.models import Dataset
from governance.core.actors import INSTALLER
from governance.core.errors import Conflict, Invalid, NotAllowed, NotFound
from governance.organisation.roles import Role
from governance.organisation.selectors import root_unit, standing_of
from governance.organisation.services import deactivate_person, make_first_admin

pytestmark = pytest.mark.django_db
FOLLOWED = []


def follow(*, dataset_id, by, at):
    FOLLOWED.append(dataset_id)


@pytest.fixture
def steward(claims):
    return builders.actor_with(Role.DATA_STEWARD, claims)


@pytest.fixture
def tickets(claims):
    return scope.dataset(claims, title="Claims tickets", personal_data=["names"], jurisdictions=["DE"])


def reader_of(actor):
    return standing_of(actor.person)


def test_a_steward_adds_a_dataset_of_their_unit(steward, claims, at, recorded):
    made = services.add_dataset(
        title="Claims letters", steward_unit_id=claims.pk, classification="confidential", by=steward, at=at
    )
    assert (made.ref, made.classification) == ("claims-letters", "confidential")
    assert recorded.kinds(made.pk) == ["catalogue.dataset_added"]


def test_a_steward_of_another_unit_does_not(steward, retail, at):
    with pytest.raises(NotAllowed, match="not_permitted"):
        services.add_dataset(title="Sales", steward_unit_id=retail.pk, classification="internal", by=steward, at=at)
    assert not Dataset.objects.filter(title="Sales").exists()


def test_a_reference_is_taken_once(claims):
    scope.dataset(claims, ref="tickets")
    with pytest.raises(Conflict, match="ref_taken"):
        scope.dataset(claims, ref="tickets")


def test_public_personal_data_is_refused(claims):
    with pytest.raises(Invalid, match="personal_data_public"):
        scope.dataset(claims, classification="public", personal_data=["names"])


def test_an_edit_changes_what_it_names_and_nothing_else(steward, tickets, at, recorded):
    edited = services.edit_dataset(
        dataset_id=tickets.pk, revision=1, title="Tickets", jurisdictions=["FR", "DE", "FR"], by=steward, at=at
    )
    edited.refresh_from_db()
    assert (edited.title, edited.jurisdictions, edited.classification) == ("Tickets", ["DE", "FR"], "internal")
    assert edited.revision == 2
    assert recorded.about(edited.pk)[-1]["detail"]["fields"] == ["jurisdictions", "title"]


def test_an_edit_that_changes_nothing_leaves_no_event(steward, tickets, at, recorded):
    edited = services.edit_dataset(dataset_id=tickets.pk, revision=1, title="Claims tickets", by=steward, at=at)
    assert edited.revision == 1
    assert "catalogue.dataset_edited" not in recorded.kinds(tickets.pk)


def test_the_second_of_two_editors_is_told(steward, tickets, at):
    services.edit_dataset(dataset_id=tickets.pk, revision=1, title="First", by=steward, at=at)
    with pytest.raises(Conflict, match="stale_revision"):
        services.edit_dataset(dataset_id=tickets.pk, revision=1, title="Second", by=steward, at=at)


def test_a_dataset_is_not_pushed_onto_another_unit(steward, tickets, retail, at):
    with pytest.raises(NotAllowed):
        services.edit_dataset(dataset_id=tickets.pk, revision=1, steward_unit_id=retail.pk, by=steward, at=at)


def test_a_raised_classification_is_followed_and_a_lowered_one_is_not(steward, tickets, settings, at):
    settings.CONSEQUENCES = settings.CONSEQUENCES | {"catalogue.classification_raised": [f"{__name__}.follow"]}
    FOLLOWED.clear()
    services.edit_dataset(dataset_id=tickets.pk, revision=1, classification="restricted", by=steward, at=at)
    services.edit_dataset(dataset_id=tickets.pk, revision=2, classification="internal", by=steward, at=at)
    assert [tickets.pk] == FOLLOWED


def test_a_retired_dataset_leaves_the_list_and_stays_as_it_was(steward, tickets, at):
    services.retire_dataset(dataset_id=tickets.pk, revision=1, by=steward, at=at)
    assert selectors.datasets(standing=reader_of(steward)).rows == []
    assert selectors.datasets(standing=reader_of(steward), retired=True).total == 1
    with pytest.raises(Conflict, match="retired"):
        services.edit_dataset(dataset_id=tickets.pk, revision=2, title="Again", by=steward, at=at)


def test_what_staff_type_is_made_once_and_never_changed(group, at, recorded):
    first = services.ensure_built_in(unit_id=group.pk, by=INSTALLER, at=at)
    assert services.ensure_built_in(unit_id=group.pk, by=INSTALLER, at=at) == first
    assert (first.ref, first.classification, first.built_in) == ("what-staff-type", "internal", True)
    assert recorded.kinds(first.pk) == ["catalogue.dataset_added"]
    assert selectors.built_in_dataset() == first
    with pytest.raises(Conflict, match="built_in"):
        services.retire_dataset(dataset_id=first.pk, revision=1, by=INSTALLER, at=at)


def test_an_installation_without_a_demo_has_it_from_its_first_admin_on(db, at):
    make_first_admin(
        organisation="Example", login="pia", name="Pia", email="", password=builders.PASSWORD, by=INSTALLER, at=at
    )
    assert selectors.built_in_dataset().steward_unit == root_unit()


def test_everyone_signed_in_reads_the_catalogue(outsider, tickets, at):
    page = selectors.dataset("claims-tickets", standing=reader_of(outsider), at=at)
    assert page.row.title == "Claims tickets"
    assert not page.may_edit


def test_somebody_who_left_reads_nothing(outsider, tickets, at):
    deactivate_person(person_id=outsider.person, by=INSTALLER, at=at)
    with pytest.raises(NotAllowed, match="not_active"):
        selectors.datasets(standing=reader_of(outsider))


def test_a_page_names_the_stewards_and_what_the_reader_may_do(steward, tickets, at):
    page = selectors.dataset(tickets.pk, standing=reader_of(steward), at=at + timedelta(minutes=1))
    assert page.stewards == (steward.name,)
    assert page.may_edit


def test_an_unknown_dataset_is_not_found(steward, at):
    with pytest.raises(NotFound, match="no_such_dataset"):
        selectors.dataset("nothing", standing=reader_of(steward), at=at)


@pytest.mark.parametrize(
    ("wish", "titles"),
    [
        pytest.param({}, ["Maps", "Payroll", "Tickets"], id="all by title"),
        pytest.param({"sort": "-title"}, ["Tickets", "Payroll", "Maps"], id="the other way round"),
        pytest.param({"search": "pay"}, ["Payroll"], id="by a part of the title"),
        pytest.param({"classification": "public"}, ["Maps"], id="by classification"),
        pytest.param({"personal_data": "financial"}, ["Payroll"], id="by kind of personal data"),
        pytest.param({"page": 2, "size": 2}, ["Tickets"], id="page by page"),
        pytest.param({"search": "100%"}, [], id="a sign of the database's own is only a sign"),
    ],
)
def test_the_list_filters_sorts_and_pages(owner, claims, wish, titles):
    scope.dataset(claims, title="Tickets")
    scope.dataset(claims, title="Payroll", classification="restricted", personal_data=["financial", "names"])
    scope.dataset(claims, title="Maps", classification="public")
    page = selectors.datasets(standing=reader_of(owner), **wish)
    assert [row.title for row in page.rows] == titles
    assert page.total == (3 if "page" in wish else len(titles))


def test_an_unknown_order_is_refused(owner):
    with pytest.raises(Invalid, match="unknown_sort"):
        selectors.datasets(standing=reader_of(owner), sort="steward_unit__head__password")


def test_a_list_takes_two_queries_however_long(owner, claims, django_assert_num_queries):
    for _ in range(12):
        scope.dataset(claims)
    standing = reader_of(owner)
    with django_assert_num_queries(2):
        selectors.datasets(standing=standing)
