"""Each list asks the database the same number of questions, however long it is."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import builders
import everything
import rest
from governance.core.actors import INSTALLER
from governance.core.clock import now
from governance.notices.services import notify
from governance.organisation.roles import Role
from governance.organisation.services import make_key

pytestmark = pytest.mark.django_db
LISTS = (
    *("datasets", "destinations", "initiatives", "patterns", "samples", "inbox", "exchanges", "justifications"),
    *("mistakes", "holds", "training-sets", "people", "keys", "notices", "requests?whose=decided"),
    *("overrides",),
)


def grow(reader, name):
    """Add one of everything, of a unit of its own, so that every list of the reader has more rows."""
    every, at = everything.of(builders.unit(name)), now()
    notify(people=[reader.pk], kind=f"tests.{name}", text="Something.", link="/", by=INSTALLER, at=at)
    by = builders.actor(reader)
    make_key(title=name, scope="api:read", expires_at=at + timedelta(days=1), by=by, at=at)
    return every


@pytest.fixture
def reader(group):
    """Somebody who reads everything, and is asked to decide everything."""
    return builders.person(where=group, roles=list(Role))


def asked(call, path):
    with CaptureQueriesContext(connection) as queries:
        answer = call("get", path)
    assert answer.status_code == 200, answer.content
    return len(answer.json()["rows"]), [query["sql"] for query in queries]


def test_a_list_asks_the_same_number_of_questions_however_long_it_is(reader):
    grow(reader, "first")
    call = rest.by_session(reader)
    asked(call, "datasets")  # the first request of a session writes when it was seen
    before = {path: asked(call, path) for path in LISTS}
    decided, _ = grow(reader, "second"), grow(reader, "third")
    said = {"kind": "request_changes", "digest": decided.request.revisions.first().digest, "comment": "Fewer."}
    assert call("post", f"requests/{decided.request.pk}/decisions", said).status_code == 201
    for path, (rows, queries) in before.items():
        more, then = asked(call, path)
        assert more > rows, path
        assert len(then) == len(queries), f"{path}: {len(queries)} became {len(then)}:\n" + "\n".join(then)
