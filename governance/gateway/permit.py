"""The egress permit: the right to send exactly these bytes to exactly one path of one destination, once, within five seconds.

It is minted in one place, from a complete receipt of a scan of the very prompt whose bytes leave, or from the signed release of the
training set that leaves, and the upstream client takes nothing else. So forgetting to scan is not a mistake that this program can make quietly.
"""

import hashlib
from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from governance.core.canonical import canonical
from governance.core.errors import NotAllowed, Unavailable
from governance.detection.policy import Decision
from governance.detection.report import Report
from governance.gateway.decision import may_leave
from governance.gateway.dialects.prompt import Prompt
from governance.gateway.releases import Release

LIFE_S = 5.0
_MINT = object()


@dataclass(slots=True)
class EgressPermit:
    """`expires` is a moment of the monotonic clock. `exchange` and `grants` name what it stands for in the log."""

    exchange: UUID
    destination: UUID
    path: str  # below the destination's base URL, where the bytes mean what was scanned
    grants: tuple[UUID, ...]
    digest: str  # SHA-256 of the bytes
    expires: float
    _origin: object = field(repr=False)
    _spent: bool = False
    method: str = field(default="POST", kw_only=True)

    def __post_init__(self) -> None:
        if self._origin is not _MINT:
            raise NotAllowed("permit_forged", "A permit is minted from a scan and nowhere else.")

    def spend(self, body: "Body", destination: UUID, *, moment: float) -> bytes | AsyncIterator[bytes]:
        """Use the permit up for these bytes and return them. `moment` is of the monotonic clock.

        Of a body that is streamed the last block is only given out once all of them have proved to be the ones permitted.

        Raises:
            NotAllowed: `permit_spent`, `permit_expired`, `permit_elsewhere` or `permit_other_bytes`.
        """
        spent, self._spent = self._spent, True
        if spent:
            raise NotAllowed("permit_spent", "This permit was used before.")
        if moment >= self.expires:
            raise NotAllowed("permit_expired", "This permit has run out.")
        if destination != self.destination:
            raise NotAllowed("permit_elsewhere", "This permit is for another destination.")
        if isinstance(body, Streamed):
            return self._proved(body)
        if digest_of(body) != self.digest:
            raise _other_bytes()
        return body

    async def _proved(self, body: "Streamed") -> AsyncIterator[bytes]:
        seen, last = hashlib.sha256(), b""
        async for block in body.blocks():
            seen.update(block)
            if last:
                yield last
            last = block
        if seen.hexdigest() != self.digest:
            raise _other_bytes()
        yield last


@dataclass(frozen=True, slots=True)
class Streamed:
    """A body too long to hold: `size` bytes, in blocks that come anew each time they are asked for."""

    size: int
    blocks: Callable[[], AsyncIterator[bytes]] = field(repr=False)


Body = bytes | Streamed


def _other_bytes() -> NotAllowed:
    return NotAllowed("permit_other_bytes", "This permit is for other bytes.")


def digest_of(body: bytes) -> str:
    """Return the SHA-256 of the bytes, 64 hex characters."""
    return hashlib.sha256(body).hexdigest()


def mint(
    prompt: Prompt,
    report: Report,
    decision: Decision,
    *,
    ruleset: str,
    justified: bool,
    released: bool,
    exchange: UUID,
    destination: UUID,
    path: str,
    grants: tuple[UUID, ...],
    moment: float,
    unread: Collection[str] = (),
    method: str = "POST",
) -> EgressPermit:
    """Return the permit for the bytes of `prompt`. `ruleset` is the digest of the detectors that had to look at it.

    `unread` are the kinds of opaque content that may go along.

    Raises:
        Unavailable: `permit_without_scan` when the report is not a complete one of this prompt under this ruleset.
        NotAllowed: `permit_without_verdict` when the decision lets nothing leave.
    """
    receipt = report.receipt
    covered = (
        receipt.segments == len(prompt.texts) and receipt.bytes_seen == receipt.bytes_given == prompt.document.size
    )
    read = not prompt.unread and prompt.opaque.keys() <= set(unread)
    if not (report.complete and covered and read and receipt.ruleset == ruleset and grants):
        reason, remedy = "There is no complete scan of what would be sent.", "Nothing was sent. Try again in a moment."
        raise Unavailable("permit_without_scan", reason, remedy=remedy)
    if not may_leave(decision, justified=justified, released=released):
        raise NotAllowed("permit_without_verdict", "The verdict lets nothing leave.")
    return EgressPermit(
        exchange, destination, path, grants, digest_of(prompt.body), moment + LIFE_S, _MINT, method=method
    )


def mint_for_release(
    release: Release,
    signed_by: Ed25519PublicKey,
    *,
    set_digest: str,
    form_digest: str,
    destination_ref: str,
    exchange: UUID,
    destination: UUID,
    path: str,
    grants: tuple[UUID, ...],
    moment: float,
) -> EgressPermit:
    """Return the permit for a form that holds the training set of `set_digest` and nothing else, by the right to send it there.

    Raises:
        Unavailable: `release_permit_forged`: it is not signed, or not for this set and this destination.
    """
    body = release.body
    meant = body.get("training_set") == set_digest and body.get("destination") == destination_ref
    try:
        signed_by.verify(release.signature, canonical(dict(body)))
    except InvalidSignature:
        meant = False
    if not (meant and grants):
        remedy = "Nothing was sent. Ask for its release again."
        raise Unavailable(
            "release_permit_forged", "The release permit is not one for this training set.", remedy=remedy
        )
    return EgressPermit(exchange, destination, path, grants, form_digest, moment + LIFE_S, _MINT)
