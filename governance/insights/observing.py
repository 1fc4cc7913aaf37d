"""What switching the rules on would stop: counted over the calls of one period of observing."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from governance.insights.scope import rows_of

MOST_RULES, MOST_PEOPLE = 50, 50
# A call is counted when what was only noted differs from what happened.
CALLS = """
SELECT count(*) AS calls,
       count(*) FILTER (WHERE would_be = 'block' AND verdict <> 'block') AS refused,
       count(*) FILTER (WHERE would_be = 'hold' AND verdict <> 'hold') AS held,
       count(*) FILTER (WHERE would_be = 'justify' AND verdict <> 'justify') AS reasons,
       count(*) FILTER (WHERE would_be = 'redact' AND verdict <> 'redact') AS changed,
       count(*) FILTER (WHERE reply_would_be <> reply_verdict) AS answers,
       count(*) FILTER (WHERE state IN ('refused', 'held', 'justified', 'released', 'discarded')) AS stopped_anyway
FROM gateway_exchange WHERE observation_id = %(observation)s
"""
RULES = """
SELECT said.back, said.reason->>'rule' AS rule, said.reason->>'sentence' AS sentence, said.reason->>'type' AS type,
       said.reason->>'would_be' AS would_be, count(DISTINCT x.id) AS calls,
       count(DISTINCT coalesce(nullif(x.verified_user, ''), nullif(x.end_user, ''), k.made_by_id::text)) AS people, max(x.at) AS newest_at,
       (array_agg(x.id ORDER BY x.at DESC, x.id DESC))[1] AS newest
FROM gateway_exchange x
LEFT JOIN organisation_key k ON k.id = x.key_id
CROSS JOIN LATERAL (
    SELECT false AS back, reason FROM jsonb_array_elements(x.reasons) reason
    UNION ALL SELECT true, reason FROM jsonb_array_elements(x.reply_reasons) reason
) said
WHERE x.observation_id = %(observation)s AND said.reason->>'would_be' IS NOT NULL
GROUP BY 1, 2, 3, 4, 5 ORDER BY calls DESC, back, rule, type, would_be LIMIT %(most)s
"""
PEOPLE = """
SELECT coalesce(nullif(x.verified_user, ''), nullif(x.end_user, ''), p.name, '') AS name,
       x.verified_user = '' AND x.end_user <> '' AS told, count(*) AS calls,
       count(*) FILTER (WHERE x.would_be <> x.verdict OR x.reply_would_be <> x.reply_verdict) AS concerned
FROM gateway_exchange x
LEFT JOIN organisation_key k ON k.id = x.key_id LEFT JOIN organisation_person p ON p.id = k.made_by_id
WHERE x.observation_id = %(observation)s
GROUP BY 1, 2 HAVING count(*) FILTER (WHERE x.would_be <> x.verdict OR x.reply_would_be <> x.reply_verdict) > 0
ORDER BY concerned DESC, name, told LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class ObservedCalls:
    """Calls of a period. `refused`, `held`, `reasons` (asked for one) and `changed`: those that passed and would not have, or not so.

    `answers`: those whose answer would have been changed or stopped. `stopped_anyway` did not pass even so.
    """

    calls: int
    refused: int
    held: int
    reasons: int
    changed: int
    answers: int
    stopped_anyway: int


@dataclass(frozen=True, slots=True)
class ObservedRule:
    """What one rule would have done for one type; `back`: on the way back. `newest` is the last call it concerned."""

    back: bool
    rule: str
    sentence: str
    type: str
    would_be: str
    calls: int
    people: int
    newest_at: datetime
    newest: UUID


@dataclass(frozen=True, slots=True)
class ObservedPerson:
    """`told`: named by the application, and not verified; else proven by a token, or whoever made the key."""

    name: str
    told: bool
    calls: int
    concerned: int


@dataclass(frozen=True, slots=True)
class WouldBe:
    calls: ObservedCalls
    rules: tuple[ObservedRule, ...]
    people: tuple[ObservedPerson, ...]


def would_be(observation_id: UUID) -> WouldBe:
    """Return what the rules would have done in a period that the reader may see, in three queries; the most frequent of each first."""
    asked = {"observation": observation_id}
    return WouldBe(
        ObservedCalls(**rows_of(CALLS, asked)[0]),
        tuple(ObservedRule(**row) for row in rows_of(RULES, asked | {"most": MOST_RULES})),
        tuple(ObservedPerson(**row) for row in rows_of(PEOPLE, asked | {"most": MOST_PEOPLE})),
    )
