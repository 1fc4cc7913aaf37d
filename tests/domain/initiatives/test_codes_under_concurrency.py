"""Ten people propose the same title at once: ten codes, no error, nobody waits for ever."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

import builders
import scope
from governance.organisation.roles import Role


def propose(unit, actor):
    try:
        return scope.initiative(unit, title="Summaries", by=actor).code
    finally:
        connection.close()


@pytest.mark.usefixtures("committed_db")
def test_equal_titles_at_the_same_moment_get_codes_of_their_own():
    unit = builders.unit("Claims")
    actors = [builders.actor_with(Role.REQUESTER, unit) for _ in range(10)]
    with ThreadPoolExecutor(max_workers=5) as pool:
        codes = list(pool.map(lambda actor: propose(unit, actor), actors))
    assert sorted(codes) == sorted(["summaries", *(f"summaries-{n}" for n in range(2, 11))])
