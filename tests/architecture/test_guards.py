"""Each guard bites: it is tried against a deliberate mistake, and against the right way beside it."""

import textwrap

import pytest

from tests.architecture import guards

MISTAKES = [
    pytest.param(guards.writes, "web/pages.py", "def view(row):\n    row.save()", id="a page saves a row"),
    pytest.param(
        guards.writes, "web/pages.py", "async def view(row):\n    await row.asave()", id="an async page saves a row"
    ),
    pytest.param(guards.writes, "api/unit.py", "Unit.objects.create(name=1)", id="an endpoint creates a row"),
    pytest.param(
        guards.writes, "api/unit.py", "Unit.objects.filter(pk=1).update(name=1)", id="an endpoint updates rows"
    ),
    pytest.param(guards.writes, "api/unit.py", "Unit.objects.get(pk=1).people.add(2)", id="an endpoint links rows"),
    pytest.param(
        guards.writes, "api/unit.py", "async def v():\n    await Unit.objects.aupdate(name=1)", id="an async update"
    ),
    pytest.param(guards.writes, "work/selectors.py", "row.delete()", id="a selector deletes"),
    pytest.param(
        guards.writes, "gateway/handler.py", 'SQL = "INSERT INTO gateway_exchange VALUES (1)"', id="raw insert"
    ),
    pytest.param(guards.writes, "gateway/handler.py", 'SQL = "UPDATE work_job SET tries = 1"', id="raw update"),
    pytest.param(guards.writes, "gateway/handler.py", 'SQL = """\n  DELETE FROM work_job"""', id="raw delete"),
    pytest.param(
        guards.without_actor_or_time, "work/services.py", "def enqueue(*, kind): ...", id="a write without actor"
    ),
    pytest.param(
        guards.without_actor_or_time, "work/services.py", "async def go(by, at): ...", id="actor not by keyword"
    ),
    pytest.param(
        guards.without_event,
        "gateway/services/open.py",
        "def open_it(*, by, at):\n    pass",
        id="a write without event",
    ),
    pytest.param(guards.large_modules, "web/big.py", "x = 1\n" * 401, id="a module of 401 lines"),
    pytest.param(guards.long_functions, "web/long.py", "def f():\n" + "    x = 1\n" * 50, id="a function of 51 lines"),
    pytest.param(guards.http_clients, "scanning/remote.py", "import aiohttp", id="a worker that can call out"),
    pytest.param(
        guards.http_clients, "gateway/decision.py", "from urllib.request import urlopen", id="urlopen in a rule"
    ),
    pytest.param(guards.http_clients, "work/tasks.py", "def f():\n    import httpx", id="a client imported inside"),
    pytest.param(
        guards.names_of_two_shapes,
        "api/units.py",
        "class RowOut:\n    pass\nclass RowOut:\n    pass",
        id="two shapes of one name",
    ),
    pytest.param(
        guards.shares_said_otherwise, "web/exams.py", 'said = f"{share:.0%} of it"', id="a share as Python says it"
    ),
    pytest.param(guards.shares_said_otherwise, "web/exams.py", 'said = f"{share} % of it"', id="a share by hand"),
    pytest.param(guards.unfinished, "web/pages.py", "x = 1  # " + "TODO: later", id="work put off without a name"),
]

RIGHT = [
    pytest.param(guards.writes, "work/services.py", "row.save()", id="services save"),
    pytest.param(
        guards.writes, "gateway/services/close.py", 'SQL = "UPDATE work_job SET tries = 1"', id="services hold SQL"
    ),
    pytest.param(guards.writes, "core/storage.py", 'folder.delete("ref")', id="a file is no row"),
    pytest.param(guards.writes, "core/hash.py", "digest.update(part)", id="a digest is no queryset"),
    pytest.param(guards.without_event, "work/services.py", "def go(*, by, at):\n    record(1)", id="it records"),
    pytest.param(
        guards.without_event,
        "work/services.py",
        "def go(*, by, at):\n    _tell()\ndef _tell():\n    record(1)",
        id="it records through a function of its own module",
    ),
    pytest.param(guards.http_clients, "gateway/upstream.py", "import aiohttp", id="the one door"),
    pytest.param(
        guards.unfinished, "web/pages.py", "x = 1  # " + "TODO(#3): issue 3 builds contests", id="an issue is named"
    ),
]


def planted(root, place, text):
    path = root / place
    path.parent.mkdir(parents=True)
    path.write_text(textwrap.dedent(text))


@pytest.mark.parametrize(("guard", "place", "mistake"), MISTAKES)
def test_a_mistake_is_seen(tmp_path, guard, place, mistake):
    planted(tmp_path, place, mistake)
    assert len(guard(tmp_path)) == 1


@pytest.mark.parametrize(("guard", "place", "text"), RIGHT)
def test_the_right_way_passes(tmp_path, guard, place, text):
    planted(tmp_path, place, text)
    assert guard(tmp_path) == []
