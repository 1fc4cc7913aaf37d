"""The door at which applications say what people did with an answer: `POST /remit/v1/reviews`. Nothing is sent anywhere."""

import json
from datetime import datetime

from governance.core import strict_json
from governance.core.errors import NotFound
from governance.gateway.gate import Gate
from governance.gateway.handler import keyed
from governance.gateway.reviewing import read_report, reviewer_named
from governance.gateway.selectors.access import access_of
from governance.gateway.services.answer_reviews import write_review
from governance.gateway.wire import Call

LARGEST_REPORT, MOST_VALUES = 4096, 20
NEW, KNOWN = 201, 200  # HTTP


async def take_report(call: Call, gate: Gate, *, at: datetime) -> tuple[int, bytes]:
    """Write down one report and return the status and the answer: 201 for a new one, 200 for one that was sent before.

    Who looked is the end user of the token, where the initiative has an issuer and a token is given, else whom X-Remit-Actor names.

    Raises:
        NotSignedIn, NotAllowed: the key, the token. NotFound: another method; `no_such_exchange`.
        Invalid, TooLarge: the body. Conflict: `amended_too_often`. Unavailable.
    """
    if call.method != "POST":
        raise NotFound("no_such_path", "A look at an answer is reported with POST.")
    async with keyed(call, "review", gate) as case:
        async with gate.database.reading() as conn:
            access = case.access = await access_of(conn, call.key, at=at)
        report = read_report(strict_json.loads(await call.body(largest=LARGEST_REPORT), most=MOST_VALUES))
        token = call.header(access.issuer.header.lower()) if access.issuer else ""
        verified = await gate.key_sets.verify(access.issuer, token) if access.issuer and token else ""
        reviewer, vouched = reviewer_named(verified, call.header("x-remit-actor"))
        review = report.by(reviewer, verified=vouched)
        written = await write_review(
            gate.database, exchange=report.exchange, review=review, access=access, by=case.actor, at=at
        )
    told = {
        "id": str(written.id),
        "exchange": str(report.exchange),
        "number": written.number,
        "outcome": review.outcome,
        "seconds": round(review.seconds, 3),
        "verified": review.verified,
    }
    return KNOWN if written.repeated else NEW, json.dumps(told).encode()
