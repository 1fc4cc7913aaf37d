"""The same call made at the same moment, on connections of their own, has one effect."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection

from governance.core.actors import Actor
from governance.core.errors import Conflict
from governance.work.services import repeatable

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ANA = Actor.of_key("rmt_ana", person=None)


def call(response="first"):
    with repeatable(key="k1", body_digest="d1", by=ANA, at=AT) as made:
        if not made.is_replay:
            made.answer(201, {"says": response})
    return made.is_replay, made.response


def test_a_call_in_flight_is_refused_and_not_waited_for(committed_db):
    def same_call():
        try:
            call()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other, repeatable(key="k1", body_digest="d1", by=ANA, at=AT) as made:
        made.answer(200, None)
        with pytest.raises(Conflict, match="call_in_flight"):
            other.submit(same_call).result(timeout=10)


def test_twenty_calls_at_once_have_one_effect(committed_db):
    def attempt(number):
        try:
            return call(response=f"call {number}")
        except Conflict:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as crowd:
        answers = [answer for answer in crowd.map(attempt, range(20)) if answer]
    assert sum(not is_replay for is_replay, _ in answers) == 1
    assert len({response["says"] for _, response in answers}) == 1
