from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.db import connection

from governance.core.actors import INSTALLER
from governance.core.errors import NotAllowed
from governance.organisation import services
from governance.organisation.rules import ATTEMPTS_PER_ADDRESS, ATTEMPTS_PER_LOGIN, ATTEMPTS_WINDOW, SignInWay


def attempt(at, *, login="ana", address="192.0.2.1"):
    return services.count_attempt(login=login, address=address, by=INSTALLER, at=at)


def test_attempts_at_one_login_are_limited_until_the_window_is_over(db, at):
    tried = [attempt(at, address=f"192.0.2.{number}") for number in range(ATTEMPTS_PER_LOGIN + 1)]
    assert tried == [True] * ATTEMPTS_PER_LOGIN + [False]
    assert not attempt(at + ATTEMPTS_WINDOW - timedelta(seconds=1))
    assert attempt(at + ATTEMPTS_WINDOW)


def test_attempts_from_one_address_are_limited(db, at):
    tried = [attempt(at, login=f"person-{number}") for number in range(ATTEMPTS_PER_ADDRESS + 1)]
    assert tried == [True] * ATTEMPTS_PER_ADDRESS + [False]


def test_a_refused_attempt_is_recorded_without_what_was_typed(recorded, db, at):
    for _ in range(ATTEMPTS_PER_LOGIN + 1):
        attempt(at, login="typed my password here")
    assert recorded.kinds() == ["organisation.sign_in_refused"]
    assert "typed" not in recorded.text()


def test_signing_in_gives_the_login_its_attempts_back(owner_person, at):
    for _ in range(ATTEMPTS_PER_LOGIN):
        attempt(at, login=owner_person.login)
    services.sign_in(person_id=owner_person.pk, way=SignInWay.PASSWORD, by=INSTALLER, at=at)
    assert attempt(at, login=owner_person.login, address="192.0.2.9")


def test_attempts_at_once_do_not_slip_past_together(committed_db, at):
    def one(_):
        try:
            return attempt(at)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        within = list(pool.map(one, range(4 * ATTEMPTS_PER_LOGIN)))
    assert sum(within) == ATTEMPTS_PER_LOGIN


def test_a_refusal_is_recorded_with_its_code_and_no_reason(recorded, owner, at):
    error = NotAllowed("not_permitted", "a sentence that may name people", remedy="Ask Ana.")
    services.refuse_attempt(error=error, door="web", subject="remit:1", by=owner, at=at)
    [event] = recorded.about("remit:1")
    assert (event["kind"], event["actor"]["ref"]) == ("access.attempt_refused", str(owner.person))
    assert event["detail"] == {"code": "not_permitted", "error": "not_allowed", "door": "web"}
