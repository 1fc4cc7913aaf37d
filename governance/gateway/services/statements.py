"""The statements by which an exchange is written down: each step is one, with its event, its scan and what was found.

One statement is one transaction where nothing else belongs to it, so that the durable intent, which every call waits for, costs
one round trip. Values are named; whatever depends on the call is a value.
"""

from governance.audit.services import INSERT
from governance.gateway.selectors.standing import STANDING

SCAN = """
scan AS (
    INSERT INTO scanning_scan (id, subject, unit_id, digest, ruleset_digest, receipt, complete, verdict, at)
    SELECT %(scan)s::uuid, %(subject)s::text, %(unit)s::uuid, %(digest)s::text, %(ruleset)s::text, %(receipt)s::jsonb,
           %(complete)s::boolean, %(scan_verdict)s::text, %(began)s::timestamptz
    FROM go WHERE %(scan)s::uuid IS NOT NULL
),
found AS (
    INSERT INTO scanning_finding (
        id, scan_id, type, subtype, detector, path, start, "end", score, view, action, way, rule, sentence, would_be,
        keyed_digest
    )
    SELECT id, %(scan)s::uuid, type, subtype, detector, path, start, "end", score, view, action, way, rule, sentence, would_be,
           decode(keyed_digest, 'hex')
    FROM go, jsonb_to_recordset(%(findings)s::jsonb) AS each(
        id uuid, type text, subtype text, detector text, path text, start int, "end" int, score float8, view text,
        action text, way text, rule text, sentence text, would_be text, keyed_digest text
    )
)"""
ENTRY = f"""
event AS ({INSERT} FROM go),
{SCAN},
written AS (
    INSERT INTO gateway_exchange (
        id, at, key_id, initiative_id, unit_id, remit_id, destination_id, scan_id, surface, model, mode, end_user, provenance,
        datasets, stream, request_digest, keyed_digest, ruleset_digest, verdict, error_code, counts, reasons, bytes_in,
        bytes_out, records, timings, state, closed_at, observation_id, would_be, verified_user, run_id
    )
    SELECT %(id)s::uuid, %(began)s::timestamptz, %(key)s::uuid, %(initiative)s::uuid, %(unit)s::uuid, %(remit)s::uuid,
           %(destination)s::uuid, %(scan)s::uuid, %(surface)s::text, %(model)s::text, %(mode)s::text, %(end_user)s::text,
           %(provenance)s::text, %(datasets)s::jsonb, %(stream)s::boolean, %(digest)s::text, %(keyed_digest)s::bytea,
           %(ruleset)s::text, %(verdict)s::text, %(error_code)s::text, %(counts)s::jsonb, %(reasons)s::jsonb,
           %(bytes_in)s::bigint, %(bytes_out)s::bigint, %(records)s::integer, %(timings)s::jsonb, %(state)s::text, %(closed_at)s::timestamptz,
           %(observation)s::uuid, %(would_be)s::text, %(verified_user)s::text, %(run)s::uuid
    FROM go
    RETURNING id
)"""  # noqa: S608 - constants of this module
# Nothing of it is written unless the key and the grants hold in this very moment, and no stop is in force but those that the
# call was held against already.
INTEND = f"""
WITH {STANDING},
go AS (
    SELECT FROM standing WHERE holds AND NOT EXISTS (
        SELECT FROM gateway_stop WHERE lifted_at IS NULL AND NOT drill AND id <> ALL(%(judged)s::uuid[])
    )
),
{ENTRY}
SELECT EXISTS (SELECT FROM written), holds, stops FROM standing
"""  # noqa: S608 - constants of this module
END = f"WITH go AS (SELECT), {ENTRY} SELECT id FROM written"  # noqa: S608 - constants of this module
CLOSE = f"""
WITH go AS (SELECT),
event AS ({INSERT}),
{SCAN}
UPDATE gateway_exchange SET state = %(state)s, error_code = %(error_code)s, bytes_out = %(bytes_out)s,
       tokens_in = %(tokens_in)s, tokens_out = %(tokens_out)s, cost = %(cost)s, timings = %(timings)s, closed_at = %(at)s,
       reply_check = %(reply_check)s, reply_verdict = %(reply_verdict)s, reply_counts = %(reply_counts)s,
       reply_reasons = %(reply_reasons)s, reply_scan_id = %(scan)s, reply_would_be = %(reply_would_be)s
WHERE id = %(id)s
RETURNING id
"""  # noqa: S608 - constants of this module
