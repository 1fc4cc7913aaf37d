"""What may go to a destination without a scan is nothing, until its policy names a kind."""

import pytest

import builders
import scope
from governance.core.errors import Conflict, Invalid, NotAllowed
from governance.destinations import services
from governance.detection.documents.reading import Opaque
from governance.organisation.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def policy_admin(group):
    return builders.actor_with(Role.POLICY_ADMIN, group)


def name(place, by, *, unread=(Opaque.PICTURES,), revision=None):
    revision = place.revision if revision is None else revision
    return services.set_unread(destination_id=place.pk, unread=unread, revision=revision, by=by, at=builders.AT)


def test_a_destination_begins_with_nothing_and_its_policy_names_kinds(policy_admin, recorded):
    place = scope.destination()
    assert place.unread == []
    place.refresh_from_db()
    assert name(place, policy_admin).unread == ["pictures"]
    (body,) = [each for each in recorded.about(place.pk) if each["kind"] == "destinations.unread_set"]
    assert (body["detail"]["before"], body["detail"]["after"]) == ([], ["pictures"])


@pytest.mark.parametrize(
    ("role", "changes", "error", "code"),
    [
        pytest.param(Role.POLICY_ADMIN, {"unread": ["everything"]}, Invalid, "unknown_opaque", id="no such kind"),
        pytest.param(Role.POLICY_ADMIN, {"revision": 99}, Conflict, "stale_revision", id="an old page"),
        pytest.param(Role.BUILDER, {}, NotAllowed, "not_permitted", id="a builder"),
    ],
)
def test_it_is_refused(group, role, changes, error, code):
    place = scope.destination()
    place.refresh_from_db()
    with pytest.raises(error, match=code):
        name(place, builders.actor_with(role, group), **changes)
    place.refresh_from_db()
    assert place.unread == []
