"""What the page of a training set says: never "nothing" where something was not read."""

import io

import pytest

import builders
import scope
from governance.core.storage import SealedFile
from governance.organisation.roles import Role
from governance.training.services import register_set
from governance.training.vault import vault

pytestmark = pytest.mark.django_db


@pytest.fixture
def builder(claims):
    return builders.person(None, claims, roles=[Role.BUILDER, Role.REQUESTER])


@pytest.fixture
def letters(builder, claims) -> SealedFile:
    """Return a set that was received and waits to be read."""
    initiative = scope.initiative(claims, by=builders.actor(builder))
    with vault().writer(f"test-{initiative.pk}") as writer:
        for block in io.BytesIO(b'{"prompt": "What is hail?", "completion": "Frozen rain."}\n'):
            writer.write(block)
    by = builders.actor(builder)
    return register_set(initiative_id=initiative.pk, title="Hail letters", file=writer.file, by=by, at=builders.AT)


def test_a_set_that_is_not_read_yet_is_not_called_clean(enter, builder, letters):
    page = enter(builder).get(f"/training-sets/{letters.pk}/").text
    assert "Nothing was found" not in page
    assert 'hx-trigger="every 2s"' in page


def test_the_progress_alone_goes_back_to_htmx(enter, builder, letters):
    part = enter(builder).get(f"/training-sets/{letters.pk}/", headers={"HX-Request": "true"}).text
    assert 'id="progress"' in part
    assert "<html" not in part


def test_a_set_of_another_unit_is_not_there(signed_in, letters, retail):
    assert signed_in(Role.BUILDER, where=retail).get(f"/training-sets/{letters.pk}/").status_code == 404


def test_the_upload_offers_what_the_reader_builds(enter, builder, letters):
    page = enter(builder).get("/training-sets/new")
    assert letters.initiative.title in page.text
    assert "no-store" in page["Cache-Control"]


def test_a_set_that_is_not_read_cannot_be_asked_for(enter, builder, letters):
    browser = enter(builder)
    assert "Ask that it may leave" not in browser.get(f"/training-sets/{letters.pk}/").text
    assert browser.post(f"/training-sets/{letters.pk}/redact").status_code == 403
