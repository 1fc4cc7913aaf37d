"""How an exchange ended is written when the record is there again, once, and what is given up is named."""

import asyncio
import json
from contextlib import contextmanager
from urllib.parse import urlsplit
from uuid import UUID

import psycopg
import pytest

import sending
from builders import INSTALLER
from governance.audit.events import EventKind
from governance.core.clock import now
from governance.core.ids import uuid7
from governance.destinations.rules import ReplyCheck
from governance.gateway import outcomes
from governance.gateway.address import Target
from governance.gateway.case import Case, Outcome
from governance.gateway.database import Database
from governance.gateway.limits import LimitKind, LimitScope, Period, Use, takings
from governance.gateway.models import Exchange, Spending
from governance.gateway.outcomes import LIFE, Ended, Outcomes
from governance.gateway.rules import ExchangeState
from governance.gateway.selectors.access import access_of
from governance.gateway.services.exchanges import close_exchange
from governance.gateway.services.limits import set_limit
from governance.stack.keys import passwords
from harness.processes import wait_until, wait_until_async

pytestmark = pytest.mark.services
PATH = "/openai/v1/chat/completions"
SLOWLY = {"model": "slow-1", "stream": True, "messages": [{"role": "user", "content": "Say it slowly."}]}
AT_ONCE = {"model": "recorder-1", "messages": [{"role": "user", "content": "Say it at once."}]}


@pytest.fixture
def asker(gateway, recording):
    made = sending.builder()
    sending.grant(made, sending.destination(recording.url, check=ReplyCheck.WATCH))
    return made


@contextmanager
def record_away(gateway):
    """Let nothing be written of exchanges; who wants to waits until their patience ends."""
    with psycopg.connect(sending.owner_address(gateway)) as owner:
        owner.execute("LOCK TABLE gateway_exchange IN EXCLUSIVE MODE")
        yield
        owner.rollback()


def closings(gateway, exchange) -> int:
    """Return how many events tell of an outcome of the exchange."""
    asked = "SELECT count(*) FROM audit_outbox WHERE kind = %s AND subject = %s"
    with psycopg.connect(sending.owner_address(gateway)) as owner:
        return owner.execute(asked, [EventKind.EXCHANGE_CLOSED, f"exchange:{exchange}"]).fetchone()[0]


def ended(at=None) -> Ended:
    return Ended(Case(uuid7(), now(), "Synthetic"), Outcome(ExchangeState.COMPLETED), at or now())


def test_an_outcome_that_the_record_did_not_take_is_written_when_it_does(gateway, asker):
    reply = sending.reply_to(gateway, json.dumps(SLOWLY).encode(), PATH, asker.key)
    assert reply.readline()
    exchange = reply.headers["x-remit-exchange"]
    told = f"outcome not written yet, exchange {exchange}"
    with record_away(gateway):
        reply.close()
        wait_until(lambda: told in gateway.log("gateway"), what="the end of the call")
        assert Exchange.objects.get(pk=exchange).closed_at is None
    row = sending.until_closed(exchange)
    assert (row.state, row.error_code) == (ExchangeState.FAILED, "client_left")
    assert closings(gateway, exchange) == 1


def test_one_that_was_written_and_was_not_known_to_be_is_not_written_twice(gateway, asker):
    limit = set_limit(
        scope=LimitScope.KEY,
        target=asker.key_id,
        kind=LimitKind.TOKENS,
        amount=100_000,
        period=Period.DAY,
        by=INSTALLER,
        at=now(),
    )
    _, headers, _ = sending.post(gateway, asker.key, json.dumps(AT_ONCE).encode())
    exchange = headers["x-remit-exchange"]
    closed_at = sending.until_closed(exchange).closed_at
    before = Spending.objects.filter(limit=limit).values("reserved", "spent").get()
    asyncio.run(written_again(gateway, asker.key, UUID(exchange)))
    assert closings(gateway, exchange) == 1
    assert Exchange.objects.get(pk=exchange).closed_at == closed_at
    assert Spending.objects.filter(limit=limit).values("reserved", "spent").get() == before


async def written_again(gateway, key: str, exchange: UUID) -> None:
    """Do what the gateway does that has not heard whether the outcome was committed."""
    secret, of_owner = passwords(gateway.state / "keys")["gateway"], urlsplit(sending.owner_address(gateway))
    place = f"{of_owner.hostname}:{of_owner.port}{of_owner.path}"
    database = Database(f"postgresql://remit_gateway:{secret}@{place}")
    await database.open()
    while not await database.answers():
        pass
    async with database.reading() as conn:
        access = await access_of(conn, key, at=now())
    case = Case(exchange, now(), "Synthetic")
    case.access, case.target = access, Target("recorder-1", access.offers)
    case.taken = takings(access.limits, Use(5, 5), None, now())
    outcome = Outcome(ExchangeState.COMPLETED, used=Use(5, 5))
    await close_exchange(database, case, outcome=outcome, by=case.actor, at=now(), again=True)
    await database.close()


def test_one_too_many_is_given_up_and_named(monkeypatch, caplog):
    monkeypatch.setattr(outcomes, "MOST", 2)
    kept = Outcomes(Database(""))
    first, *rest = [ended() for _ in range(3)]
    for each in (first, *rest):
        kept.keep(each)
    assert (kept.waiting, kept.given_up) == (2, 1)
    assert f"outcome given up, exchange {first.case.id}" in caplog.text


async def test_what_waited_too_long_is_given_up_and_named(caplog):
    kept, late = Outcomes(Database("")), ended(at=now() - 2 * LIFE)
    kept.start()
    kept.keep(late)
    await wait_until_async(lambda: kept.given_up == 1)
    await kept.stop()
    assert f"outcome given up, exchange {late.case.id}" in caplog.text
