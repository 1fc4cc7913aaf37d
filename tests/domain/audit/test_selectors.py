"""What a reader sees of the log: their own units, filtered, in pages, by number."""

import tracemalloc
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import connection

from governance.audit.events import EventKind, event_row
from governance.audit.selectors import events, events_after, size
from governance.audit.services import INSERT, INTEGRATE
from governance.core.actors import Actor
from harness.databases import connected_to
from harness.log_writers import empty_log

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ROOT, LEFT, RIGHT = "/r/", "/r/left/", "/r/right/"
ANA = Actor.of_key("ana", person=None)
BEN = Actor.of_process("ben")
STORY = [  # kind, subject, actor, unit path
    (EventKind.UNIT_MADE, "unit:1", ANA, ROOT),
    (EventKind.UNIT_MADE, "unit:2", ANA, LEFT),
    (EventKind.KEY_MADE, "key:1", BEN, LEFT),
    (EventKind.KEY_MADE, "key:2", BEN, RIGHT),
    (EventKind.PERSON_MADE, "person:1", BEN, ""),
]


@pytest.fixture(scope="module")
def log(server, django_db_setup, django_db_blocker):
    name = server.clone()
    databases = server.environment.databases(name)
    empty_log(databases)
    with psycopg.connect(databases.app) as app:
        for n, (kind, subject, by, path) in enumerate(STORY):
            row = event_row(kind, subject=subject, by=by, at=AT + timedelta(minutes=n), unit_path=path, n=n)
            app.execute(INSERT, asdict(row))
    with psycopg.connect(databases.sequencer) as sequencer:
        sequencer.execute(INTEGRATE, {"most": 100, "at": AT})
    with django_db_blocker.unblock(), connected_to(name):
        yield
    server.drop(name)


@pytest.mark.parametrize(
    ("asked", "seen"),
    [
        pytest.param({"paths": ["/"]}, [4, 3, 2, 1, 0], id="everywhere"),
        pytest.param({"paths": []}, [], id="nowhere"),
        pytest.param({"paths": [ROOT]}, [4, 3, 2, 1, 0], id="a root, with what belongs to no unit"),
        pytest.param({"paths": [LEFT]}, [2, 1], id="a unit and no other"),
        pytest.param({"paths": ["/r/le/"]}, [], id="a path is not any prefix"),
        pytest.param({"paths": [LEFT, RIGHT]}, [3, 2, 1], id="two units"),
        pytest.param({"paths": ["/"], "kinds": [EventKind.KEY_MADE]}, [3, 2], id="a kind"),
        pytest.param({"paths": [LEFT], "subject": "key:1"}, [2], id="a subject"),
        pytest.param({"paths": ["/"], "subject": "unit:"}, [1, 0], id="all subjects of a kind"),
        pytest.param({"paths": ["/"], "actor": str(BEN)}, [4, 3, 2], id="an actor"),
        pytest.param({"paths": ["/"], "since": AT + timedelta(minutes=3)}, [4, 3], id="since, inclusive"),
        pytest.param({"paths": ["/"], "until": AT + timedelta(minutes=1)}, [0], id="until, exclusive"),
        pytest.param({"paths": ["/"], "newest_first": False}, [0, 1, 2, 3, 4], id="oldest first"),
        pytest.param({"paths": ["/"], "size": 2, "page": 2}, [2, 1], id="a page"),
        pytest.param({"paths": ["/"], "size": 2, "page": 9}, [], id="a page behind the last"),
    ],
)
def test_a_reader_sees(log, asked, seen):
    assert [event.idx for event in events(**asked).rows] == seen


def test_a_page_counts_what_the_reader_may_see(log):
    page = events(paths=[LEFT], size=1)
    assert (page.total, page.last, page.has_next) == (2, 2, True)


def test_an_event_says_what_it_is_about(log):
    [event] = events(paths=["/"], subject="key:2").rows
    assert (event.detail, event.actor, event.unit_path) == ({"n": 3}, "process:ben", RIGHT)


def test_an_export_is_scoped_too_and_continues_where_it_ended(log):
    assert [event.idx for event in events_after(-1, 3)] == [0, 1, 2]
    assert [event.idx for event in events_after(2, 100)] == [3, 4]
    assert [event.idx for event in events_after(-1, 100, paths=[RIGHT])] == [3]
    assert list(events_after(-1, 0)) == []


def test_the_log_knows_its_size(log):
    assert size() == 5


def test_an_export_holds_one_batch_and_not_the_log(server, committed_db):
    filling = """
        INSERT INTO audit_leaf (idx, event_id, occurred_at, kind, subject, actor, unit_path, canonical, leaf_hash, integrated_at)
        SELECT n, gen_random_uuid(), now(), 'test.filled', 'unit:1', 'process:test', '', decode(repeat('20', 600), 'hex'), '', now()
        FROM generate_series(0, %s) AS n
    """
    with psycopg.connect(server.environment.databases(committed_db).owner) as owner:
        owner.execute(filling, [29_999])
    connection.ensure_connection()
    peaks = []
    for limit in (3_000, 30_000):
        tracemalloc.start()
        assert sum(1 for _ in events_after(-1, limit)) == limit
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    print(f"peak bytes for 3,000 and 30,000 events: {peaks}")
    assert peaks[1] < peaks[0] * 1.2
