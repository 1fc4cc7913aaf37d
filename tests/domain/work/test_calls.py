"""A repeated call has one effect and one answer."""

from datetime import UTC, datetime

import pytest

from governance.core.actors import Actor
from governance.core.errors import Invalid
from governance.work.models import IdempotentCall
from governance.work.services import repeatable

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ANA, BEN = Actor.of_key("rmt_ana", person=None), Actor.of_key("rmt_ben", person=None)


def call(by=ANA, key="k1", body="d1", response="first"):
    with repeatable(key=key, body_digest=body, by=by, at=AT) as made:
        if not made.is_replay:
            made.answer(201, {"says": response})
    return made.is_replay, made.status, made.response


def test_a_repeated_call_gets_the_first_answer():
    assert call() == (False, 201, {"says": "first"})
    assert call(response="second") == (True, 201, {"says": "first"})


def test_a_key_with_another_body_is_refused():
    call()
    with pytest.raises(Invalid, match="key_reused"):
        call(body="d2")


def test_the_same_key_of_another_actor_is_another_call():
    call()
    assert call(by=BEN, response="of ben") == (False, 201, {"says": "of ben"})


def test_a_call_that_failed_may_be_made_again():
    with pytest.raises(ZeroDivisionError), repeatable(key="k1", body_digest="d1", by=ANA, at=AT):
        raise ZeroDivisionError
    assert not IdempotentCall.objects.exists()
    assert call() == (False, 201, {"says": "first"})


def test_a_call_without_an_answer_is_a_fault():
    with pytest.raises(RuntimeError), repeatable(key="k1", body_digest="d1", by=ANA, at=AT):
        pass
