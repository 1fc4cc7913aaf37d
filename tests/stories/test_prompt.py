"""A day with one prompt: a lead asks, different people approve, a builder's unchanged SDK sends, an analyst reads what was refused."""

import hashlib
import json
from datetime import timedelta

import openai
import pytest

import asking
import builders
import sending
from governance.audit.models import Leaf
from governance.core.clock import now
from governance.gateway import selectors
from governance.initiatives.services import propose_initiative
from governance.organisation.roles import Role
from governance.organisation.rules import UnitKind
from governance.organisation.selectors import standing_of
from governance.organisation.services import make_key
from governance.remits import services as remits
from governance.remits.models import Grant
from harness.databases import connected_to
from harness.processes import wait_until

pytestmark = pytest.mark.services
CLEAN = "Please shorten: the chairs you ordered will arrive on Tuesday."
PERSONAL = "Write to Maria Keller, maria.keller@example.org, that her chairs arrive on Tuesday."
SECRET = "It fails with aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYzLq3kT9vWx"


@pytest.fixture(scope="module")
def stack(start_remit):
    return start_remit(only=("gateway", "interactive", "sequencer"), extra=sending.PATIENT)


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    started = sending.Recording.start(tmp_path_factory.mktemp("recorded"))
    yield started
    started.stop()


@pytest.fixture
def day(stack, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), connected_to(stack.database):
        yield stack


def test_from_a_request_to_a_recorded_prompt(day, recording):
    letters, place = sending.dataset(), sending.destination(recording.url)
    at = now()
    group = builders.organisation(at=at)
    shop = builders.unit("Shop", at=at)
    builders.unit("IT", kind=UnitKind.IT, at=at)
    lead = builders.person(Role.REQUESTER, shop, roles=[Role.BUILDER], name="Lea Lead", at=at)
    steward, engineer, guard = (
        builders.actor_with(role, group, at=at)
        for role in (Role.DATA_STEWARD, Role.IT_APPROVER, Role.SECURITY_APPROVER)
    )
    analyst = builders.person(Role.SECURITY_ANALYST, group, name="Ada Analyst", at=at)
    by = builders.actor(lead)
    chairs = propose_initiative(
        title="Letters about chairs", purpose_text="Shorten letters to customers.", unit_id=shop.pk, by=by, at=at
    )
    _, key = make_key(
        title="Letters", scope=f"initiative:{chairs.pk}", expires_at=at + timedelta(days=30), by=by, at=at
    )
    client = sending.client(day, key)

    # Before anybody decided, nothing leaves.
    assert refused(client, CLEAN) in {"initiative_closed", "model_unknown"}

    ends = (at + timedelta(days=60)).date().isoformat()
    grant = asking.grant(letters, place, at=at, ends=ends)
    request = asking.sent(chairs, [grant], by=by, at=at, ends=ends)
    assert refused(client, CLEAN) in {"model_unknown", "grant_not_in_force"}
    assert recording.bodies() == []
    asking.approve(request, steward, engineer, guard, at=now())

    # A clean prompt, one with personal data, and one with a key.
    ask(client, CLEAN)
    ask(client, PERSONAL)
    assert refused(client, SECRET) == "blocked"
    clean, redacted = recording.bodies()
    assert json.loads(clean)["messages"][0]["content"] == CLEAN
    assert "Keller" not in redacted.decode()
    assert "example.org" not in redacted.decode()

    # The analyst sees what left and why the rest did not; what left hashes to what was scanned.
    page = selectors.exchanges(standing=standing_of(analyst.pk), initiative=chairs.pk, at=now())
    told = {(row.verdict, row.state) for row in page.rows}
    assert {("allow", "completed"), ("redact", "completed"), ("block", "refused")} <= told
    pages = [selectors.exchange(row.id, standing=standing_of(analyst.pk), at=now()) for row in page.rows]
    digests = {each.digest for each in pages if each.digest}
    assert digests == {hashlib.sha256(body).hexdigest() for body in (clean, redacted)}
    (blocked,) = [each for each in pages if each.row.error_code == "blocked"]
    assert {finding.type for finding in blocked.findings} == {"SECRET"}

    # The grant is taken back in the middle of a stream: it ends, and the next prompt is refused.
    stream = client.chat.completions.create(model="slow-1", messages=[{"role": "user", "content": CLEAN}], stream=True)
    next(iter(stream))
    held = Grant.objects.get(initiative=chairs, destination=place)
    remits.revoke_grant(grant_id=held.pk, reason="The chairs are sold.", by=steward, at=now())
    with pytest.raises(openai.APIError) as cut:
        list(stream)
    assert cut.value.code == "no_longer_allowed"
    assert refused(client, CLEAN) == "grant_revoked"
    assert len(recording.bodies()) == 3

    # All of it is in the log, and no text of it.
    kinds = wait_until(lambda: whole_log(chairs), what="the log")
    assert {"gateway.exchange_intended", "gateway.exchange_closed", "gateway.exchange_refused"} <= kinds


def ask(client, text):
    return client.chat.completions.create(model="recorder-1", messages=[{"role": "user", "content": text}])


def refused(client, text) -> str:
    with pytest.raises(openai.APIStatusError) as error:
        ask(client, text)
    assert error.value.response.headers["x-should-retry"] == "false"
    return error.value.code


def whole_log(initiative) -> set[str]:
    leaves = list(Leaf.objects.order_by("idx"))
    everything = b"".join(bytes(leaf.canonical) for leaf in leaves)
    for words in (b"maria.keller", b"wJalr", b"chairs you ordered"):
        assert words not in everything
    kinds = {leaf.kind for leaf in leaves}
    return kinds if "gateway.exchange_closed" in kinds else set()
