"""A permit comes of a complete scan of the very bytes, and opens once, for them, there, in time."""

import asyncio
from dataclasses import replace
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import prompt_samples as samples
from governance.core.canonical import canonical
from governance.core.errors import NotAllowed, Unavailable
from governance.core.ids import uuid7
from governance.detection.default_policy import DEFAULT_POLICY
from governance.detection.receipt import State
from governance.gateway.decision import decide_prompt, strictest
from governance.gateway.permit import LIFE_S, EgressPermit, Streamed, digest_of, mint, mint_for_release
from governance.gateway.releases import Release

HERE, ELSEWHERE = UUID(int=1000), UUID(int=2000)


def minted(asked, report, **changes) -> EgressPermit:
    decision = decide_prompt(report, policy=DEFAULT_POLICY, conditions=strictest([samples.offer()]), fixed=())
    values = {
        "ruleset": samples.RULESET,
        "justified": False,
        "released": False,
        "exchange": UUID(int=7),
        "destination": HERE,
        "path": "/chat/completions",
        "grants": (UUID(int=1),),
        "moment": 100.0,
    }
    return mint(asked, report, decision, **(values | changes))


@pytest.fixture
def asked():
    return samples.prompt()


@pytest.fixture
def permit(asked):
    return minted(asked, samples.report(asked))


def test_it_opens_once_for_the_bytes_that_were_scanned(asked, permit):
    permit.spend(asked.body, HERE, moment=101.0)
    with pytest.raises(NotAllowed, match="permit_spent"):
        permit.spend(asked.body, HERE, moment=101.0)


@pytest.mark.parametrize(
    ("change", "destination", "moment", "code"),
    [
        pytest.param(b" ", HERE, 101.0, "permit_other_bytes", id="one byte more"),
        pytest.param(b"", ELSEWHERE, 101.0, "permit_elsewhere", id="another destination"),
        pytest.param(b"", HERE, 100.0 + LIFE_S, "permit_expired", id="too late"),
    ],
)
def test_it_opens_for_nothing_else_and_is_spent_by_the_attempt(asked, permit, change, destination, moment, code):
    with pytest.raises(NotAllowed, match=code):
        permit.spend(asked.body + change, destination, moment=moment)
    with pytest.raises(NotAllowed, match="permit_spent"):
        permit.spend(asked.body, HERE, moment=101.0)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"state": State.FAILED}, id="a detector failed"),
        pytest.param({"state": State.TIMEOUT}, id="a detector was late"),
        pytest.param({"bytes_seen": 0}, id="not all was seen"),
        pytest.param({"bytes_given": 1, "bytes_seen": 1}, id="another size was scanned"),
        pytest.param({"segments": 7}, id="another text was scanned"),
        pytest.param({"ruleset": "other"}, id="other detectors"),
        pytest.param({"required": ()}, id="no detector was required"),
    ],
)
def test_without_a_complete_scan_there_is_none(asked, changes):
    """That is no verdict on the text: the client is told that it could not be checked."""
    with pytest.raises(Unavailable, match="permit_without_scan"):
        minted(asked, samples.report(asked, **changes))


def test_without_a_verdict_that_lets_it_leave_there_is_none(asked):
    with pytest.raises(NotAllowed, match="permit_without_verdict"):
        minted(asked, samples.report(asked, samples.finding("SECRET")))


def test_without_a_grant_there_is_none(asked):
    with pytest.raises(Unavailable, match="permit_without_scan"):
        minted(asked, samples.report(asked), grants=())


def test_nobody_makes_one_by_hand(asked):
    with pytest.raises(NotAllowed, match="permit_forged"):
        EgressPermit(UUID(int=1), HERE, "/", (), digest_of(asked.body), 1e9, object())


SIGNER = Ed25519PrivateKey.generate()
FORM = [b"head ", b"the set ", b"tail"]


def release(**body):
    said = {"training_set": "a" * 64, "destination": "quill", **body}
    return Release(uuid7(), said, SIGNER.sign(canonical(said)))


def by_release(of, signer=SIGNER):
    return mint_for_release(
        of,
        signer.public_key(),
        set_digest="a" * 64,
        form_digest=digest_of(b"".join(FORM)),
        destination_ref="quill",
        exchange=uuid7(),
        destination=HERE,
        path="/files",
        grants=(uuid7(),),
        moment=100.0,
    )


@pytest.mark.parametrize(
    ("of", "signer"),
    [
        pytest.param(release(training_set="b" * 64), SIGNER, id="another set"),
        pytest.param(release(destination="elsewhere"), SIGNER, id="another destination"),
        pytest.param(replace(release(), body={**release().body, "expires_at": "2999"}), SIGNER, id="changed later"),
        pytest.param(release(), Ed25519PrivateKey.generate(), id="signed by another"),
    ],
)
def test_a_release_that_is_not_for_this_set_opens_nothing(of, signer):
    with pytest.raises(Unavailable) as refused:
        by_release(of, signer)
    assert refused.value.code == "release_permit_forged"


async def arriving(blocks):
    for each in blocks:
        yield each


def taken(permit, blocks):
    """Return what is given out of a streamed body, and the code of the refusal that ends it."""
    out = []

    async def take():
        body = Streamed(sum(map(len, blocks)), lambda: arriving(blocks))
        async for each in permit.spend(body, HERE, moment=101.0):
            out.extend([each])  # what came before a refusal counts

    try:
        asyncio.run(take())
    except NotAllowed as refused:
        return out, refused.code
    return out, ""


def test_the_last_of_a_streamed_body_waits_until_all_of_it_is_proved():
    assert taken(by_release(release()), FORM) == (FORM, "")
    assert taken(by_release(release()), [*FORM[:2], b"other"]) == (FORM[:2], "permit_other_bytes")
