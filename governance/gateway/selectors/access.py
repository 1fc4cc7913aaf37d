"""What a key may do now, read on the hot path: one statement, no ORM."""

from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import sql

from governance.core.errors import NotAllowed, NotSignedIn
from governance.core.vocabulary import Mode
from governance.destinations.rules import DestinationState
from governance.gateway.access import Access, Offer
from governance.gateway.database import Connection
from governance.gateway.end_users import Issuer
from governance.gateway.limits import Limit, LimitKind, LimitScope, Period
from governance.gateway.observing import ObservationState
from governance.gateway.stopping import InForce, StopScope
from governance.initiatives.rules import InitiativeState
from governance.organisation.key_text import matches, prefix_of
from governance.remits.rules import USABLE_GRANT, GrantState, RemitState
from governance.remits.runs import USUAL_CAPS, parse_caps
from governance.remits.tools import tool_rules
from governance.scanning.rules import RulesetMode
from governance.training.rules import TRAINING_MODES

# Initiatives whose keys open something.
RUNNING = (InitiativeState.PROPOSED, InitiativeState.ACTIVE)
# Kept in step with remits.rules by a test over generated cases.
WORDS: dict[str, str | list[str]] = {
    "usable": sorted(USABLE_GRANT),
    "approved": RemitState.APPROVED,
    "open": DestinationState.OPEN,
    "mode": Mode.PROMPT,
    "train": sorted(TRAINING_MODES),
    "enforce": RulesetMode.ENFORCE,
    "running": list(RUNNING),
    "observed": ObservationState.IN_FORCE,
}


def _written(word: str | list[str]) -> str:
    return sql.Literal(str(word) if isinstance(word, str) else [str(each) for each in word]).as_string()


# Written into the statements: a parameter is converted for every call, and these never change.
FIXED = {name: _written(word) for name, word in WORDS.items()}
IN_FORCE = f"""
    g.state = ANY({FIXED["usable"]}) AND g.starts_at <= %(at)s AND g.ends_at > %(at)s
    AND (r.state = {FIXED["approved"]} OR g.by_override) AND d.state = {FIXED["open"]} AND s.retired_at IS NULL
"""
USABLE = f"g.mode = {FIXED['mode']} AND {IN_FORCE}"
JOINED = """
    remits_grant g
    JOIN remits_remit r ON r.id = g.remit_id
    JOIN catalogue_dataset s ON s.id = g.dataset_id
    JOIN destinations_destination d ON d.id = g.destination_id
    JOIN destinations_terms t ON t.id = g.terms_id
"""
# One at most: a constraint of the table.
OBSERVED = f"""
    ob.state = {FIXED["observed"]} AND ob.starts_at <= %(at)s AND ob.ends_at > %(at)s
"""
# As pairs of an array: read by `stops_in`. It depends on no row, so it is read once, and nearly always from an empty index.
STOPS = """(
    SELECT jsonb_agg(jsonb_build_array(id, scope, coalesce(initiative_id, destination_id, person_id), reason))
    FROM gateway_stop WHERE lifted_at IS NULL AND NOT drill
)"""
ISSUER = """(
    SELECT jsonb_build_object('id', id, 'header', header, 'issuer', issuer, 'audience', audience, 'claim', claim,
                              'jwks_url', jwks_url, 'keys', keys)
    FROM gateway_issuer WHERE initiative_id = i.id AND ended_at IS NULL
)"""
OFFERS_BY = f"""
    SELECT g.id, g.remit_id, r.sandbox, s.ref, s.classification, g.conditions, t.cleared_for,
           t.trains_on_inputs OR t.retention_days > 0, t.price_in, t.price_out,
           d.id, d.ref, d.revision, d.dialect, d.base_url, d.model_names, d.hosting, d.cidrs, d.stand_in, s.pictures, d.unread,
           d.reply_check, pk.sealed, (
               SELECT jsonb_object_agg(model, jsonb_build_array(price_in, price_out)) FROM (
                   SELECT DISTINCT ON (model) model, price_in, price_out FROM destinations_price pr
                   WHERE pr.destination_id = d.id AND pr.in_force_from <= %(at)s
                   ORDER BY model, in_force_from DESC, pr.id DESC
               ) newest
           ), (
               SELECT ob.id FROM gateway_observation ob
               WHERE ob.initiative_id = g.initiative_id AND ob.destination_id = d.id AND {OBSERVED}
           ), r.body -> 'tools', r.body -> 'runs'
    FROM {JOINED}
    LEFT JOIN destinations_provider_key pk ON pk.destination_id = d.id AND pk.replaced_at IS NULL
    WHERE g.initiative_id = {{initiative}} AND {{usable}}
"""  # noqa: S608 - constants of this module
OFFERS = OFFERS_BY.format(initiative="i.id", usable=USABLE)
TO_TRAIN = OFFERS_BY.format(initiative="%(initiative)s", usable=f"g.mode = ANY({FIXED['train']}) AND {IN_FORCE}")
ACCESS = f"""
SELECT k.digest, k.revoked_at, k.expires_at, p.is_active, i.state = ANY({FIXED["running"]}),
       k.id, k.prefix, k.made_by_id, i.id, i.code, u.id, u.path,
       (SELECT digest FROM scanning_ruleset WHERE mode = {FIXED["enforce"]}),
       {STOPS}, lim.its, {ISSUER},
       o.*
FROM organisation_key k
JOIN organisation_person p ON p.id = k.made_by_id
LEFT JOIN initiatives_initiative i
       ON i.id = CASE WHEN k.scope LIKE 'initiative:%%' THEN substr(k.scope, 12)::uuid END
LEFT JOIN organisation_unit u ON u.id = i.accountable_unit_id
LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_array(l.id, l.scope, l.kind, l.period, l.amount, lp.name)) AS its
    FROM gateway_limit l LEFT JOIN organisation_unit lu ON lu.id = l.unit_id
    LEFT JOIN organisation_person lp ON lp.id = l.set_by_id
    WHERE l.ended_at IS NULL AND (
        l.key_id = k.id OR l.key_id IS NULL AND l.initiative_id = i.id OR starts_with(u.path, lu.path)
    )
) lim ON true
LEFT JOIN LATERAL (
    {OFFERS}
) o ON true
WHERE k.prefix = %(prefix)s
"""  # noqa: S608 - constants of this module
WHY_NOT = f"""
SELECT g.state, g.ends_at <= %(at)s FROM remits_grant g JOIN destinations_destination d ON d.id = g.destination_id
WHERE g.initiative_id = %(initiative)s AND g.mode = {FIXED["mode"]} AND (d.ref = %(named)s OR %(model)s = ANY(d.model_names))
ORDER BY g.ends_at DESC, g.id DESC LIMIT 1
"""  # noqa: S608 - constants of this module
HEAD = 16
OFFER = [each.name for each in fields(Offer)]  # in the order of the statement


async def access_of(conn: Connection, key: str, *, at: datetime) -> Access:
    """Return what the bearer of the key text `key` may do.

    Raises:
        NotSignedIn: `key_missing`, `key_unknown`, `key_revoked`, `key_expired` or `key_holder_left`.
        NotAllowed: `key_without_initiative`, `initiative_closed`.
    """
    prefix = prefix_of(key)
    if prefix is None:
        raise NotSignedIn("key_missing" if not key else "key_unknown", "A Remit key is needed here.", remedy=GET_A_KEY)
    rows = await (await conn.execute(ACCESS, {"prefix": prefix, "at": at})).fetchall()
    if not rows or not matches(key, bytes(rows[0][0])):
        raise NotSignedIn("key_unknown", "This key is not known.", remedy=GET_A_KEY)
    _check_key(rows[0], at)
    offers = tuple(_offer(row[HEAD:]) for row in rows if row[HEAD] is not None)
    _, _, expires_at, _, _, key_id, prefix, made_by, initiative, code, unit, path, *more = rows[0][:HEAD]
    ruleset, stops, limits, issuer = more
    return Access(
        key_id,
        expires_at,
        prefix,
        made_by,
        initiative,
        code,
        unit,
        path,
        ruleset or "",
        stops_in(stops),
        tuple(map(_limit, limits or ())),
        Issuer(**issuer | {"id": UUID(issuer["id"])}) if issuer else None,
        offers,
        at,
    )


async def offers_to_train(conn: Connection, initiative: UUID, *, at: datetime) -> tuple[Offer, ...]:
    """Return the grants by which models may be trained, with their destinations, as `access_of` returns those for prompts."""
    rows = await (await conn.execute(TO_TRAIN, {"initiative": initiative, "at": at})).fetchall()
    return tuple(map(_offer, rows))


GET_A_KEY = "Make a key on the initiative's page."


def _check_key(row: tuple[Any, ...], at: datetime) -> None:
    _, revoked_at, expires_at, active, running = row[:5]
    if revoked_at is not None:
        raise NotSignedIn("key_revoked", "This key was revoked.", remedy=GET_A_KEY)
    if expires_at <= at:
        raise NotSignedIn("key_expired", "This key has run out.", remedy=GET_A_KEY)
    if not active:
        raise NotSignedIn("key_holder_left", "The person who made this key is no longer here.", remedy=GET_A_KEY)
    if running is None:
        raise NotAllowed("key_without_initiative", "This key belongs to no initiative.", remedy=GET_A_KEY)
    if not running:
        raise NotAllowed("initiative_closed", "This initiative is not running.", remedy="Ask its owner.")


def _offer(row: tuple[Any, ...]) -> Offer:
    values = dict(zip(OFFER, row, strict=True))
    sealed = values["sealed_key"]
    lists: dict[str, Any] = {name: tuple(values[name]) for name in ("models", "cidrs", "unread")}
    lists["tools"] = tool_rules(values["tools"], "tools") if values["tools"] else ()
    lists["prices"] = {model: tuple(price) for model, price in (values["prices"] or {}).items()}
    lists["runs"] = parse_caps(values["runs"], "runs") if values["runs"] else USUAL_CAPS
    return Offer(**{**values, **lists, "sealed_key": bytes(sealed) if sealed is not None else None})


def _limit(value: list[Any]) -> Limit:
    key, scope, kind, period, amount, set_by = value
    return Limit(UUID(key), LimitScope(scope), LimitKind(kind), Period(period), amount, set_by or "Remit's installer")


def stops_in(value: list[list[Any]] | None) -> tuple[InForce, ...]:
    """Return what STOPS selected. Raises ValueError for a scope that nobody knows: then nothing is sent at all."""
    return tuple(
        InForce(UUID(key), StopScope(scope), UUID(target) if target else None, reason)
        for key, scope, target, reason in value or ()
    )


async def why_no_grant(conn: Connection, access: Access, *, model: str, named: str, at: datetime) -> NotAllowed | None:
    """Return the refusal that tells more than "no such model": a grant toward it ended; None when there never was one."""
    asked = {"initiative": access.initiative, "named": named, "model": model, "at": at}
    row = await (await conn.execute(WHY_NOT, asked)).fetchone()
    if row is None:
        return None
    state, over = row
    if state == GrantState.REVOKED:
        return NotAllowed("grant_revoked", "The grant toward this model was revoked.", remedy=ASK_AGAIN)
    if over or state == GrantState.EXPIRED:
        return NotAllowed("grant_expired", "The grant toward this model has ended.", remedy=ASK_AGAIN)
    if state in USABLE_GRANT:
        return NotAllowed(
            "grant_not_in_force", "The destination, the dataset or the remit of this grant is closed now."
        )
    return NotAllowed("grant_not_in_force", f"The grant toward this model is {state}.", remedy=ASK_AGAIN)


ASK_AGAIN = "Ask for the grant at the link."
