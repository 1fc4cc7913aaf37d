"""Pages, rules and replay at the size of a large organisation: `./dev bench approvals [--requests N] [--calls N] [--keep]`.

A database of its own: the demo organisation, then units, 2,000 people, 10,000 initiatives, 50,000 requests over two years with
two versions each, and 500,000 decisions, laid by bulk SQL in the shape in which the services leave them. Everything is synthetic.
A page passes when the median of its server time stays within 100 ms and it asks no more than 40 questions.
"""

import argparse
import logging
import os
import statistics
import sys
import time
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from harness.environment import prepare

GOAL_MS, MOST_QUERIES = 100, 40
ROUTE_GOAL_MS, REPLAY_GOAL_MS, OVERLAP_GOAL_MS, REPLAYED = 1, 30_000, 200, 10_000
UNITS, PEOPLE, INITIATIVES, CALLS = 200, 2_000, 10_000, 50_000
NAMED = "SELECT set_config('audit.event_id', 'the benchmark', false)"

# Each row is a copy of one of the demo with what differs: a column that is added later needs no line here.
LAYERS = [
    (
        "units",
        """
        INSERT INTO organisation_unit
        SELECT filled.* FROM (SELECT model.whole, jsonb_build_object('id', made.id, 'parent_id', (model.whole).parent_id, 'path', root.path || made.id || '/',
            'name', 'Synthetic unit ' || made.n, 'ref', 'bench-unit-' || made.n, 'head_id', NULL) AS changed
        FROM (SELECT n, gen_random_uuid() AS id FROM generate_series(1, %(units)s) n) made,
             (SELECT whole FROM organisation_unit whole WHERE parent_id IS NOT NULL ORDER BY path LIMIT 1) model,
             (SELECT * FROM organisation_unit WHERE parent_id IS NULL) root
        ) laid, LATERAL jsonb_populate_record(laid.whole, laid.changed) filled
        """,
    ),
    (
        "people",
        """
        INSERT INTO organisation_person
        SELECT filled.* FROM (SELECT model.whole, jsonb_build_object('id', gen_random_uuid(), 'login', 'bench-' || n, 'name', 'Synthetic person ' || n,
            'email', 'bench-' || n || '@example.invalid', 'subject', NULL) AS changed
        FROM generate_series(1, %(people)s) n, (SELECT whole FROM organisation_person whole WHERE login = 'lea') model
        ) laid, LATERAL jsonb_populate_record(laid.whole, laid.changed) filled
        """,
    ),
    (
        "initiatives",
        """
        INSERT INTO initiatives_initiative
        SELECT filled.* FROM (SELECT model.whole, jsonb_build_object('id', gen_random_uuid(), 'code', 'bench-' || n, 'title', 'Synthetic initiative ' || n,
            'purpose_text', 'Synthetic purpose number ' || n || '.', 'state', (ARRAY['idea', 'proposed', 'active', 'active', 'active'])[1 + n %% 5],
            'tier', (ARRAY['low', 'low', 'medium', 'high'])[1 + n %% 4], 'accountable_unit_id', unit.id, 'proposed_by_id', person.id,
            'created_at', now() - n * interval '1 hour') AS changed
        FROM generate_series(1, %(initiatives)s) n
        JOIN (SELECT id, row_number() OVER (ORDER BY ref) AS place FROM organisation_unit WHERE ref LIKE 'bench-%%') unit
          ON unit.place = 1 + n %% %(units)s
        JOIN (SELECT id, row_number() OVER (ORDER BY login) AS place FROM organisation_person WHERE login LIKE 'bench-%%') person
          ON person.place = 1 + n %% %(people)s,
             (SELECT whole FROM initiatives_initiative whole WHERE code NOT LIKE 'bench-%%' ORDER BY code LIMIT 1) model
        ) laid, LATERAL jsonb_populate_record(laid.whole, laid.changed) filled
        """,
    ),
    (
        "claims of others",
        """
        INSERT INTO initiatives_claim
        SELECT filled.* FROM (SELECT model.whole, jsonb_build_object('id', gen_random_uuid(), 'initiative_id', made.id, 'unit_id', rival.id,
            'state', 'contested', 'made_at', now() - interval '9 days') AS changed
        FROM (SELECT id, accountable_unit_id FROM initiatives_initiative WHERE code LIKE 'bench-%%7') made
        JOIN LATERAL (SELECT id FROM organisation_unit WHERE id <> made.accountable_unit_id AND ref = 'digital') rival ON true,
             (SELECT whole FROM initiatives_claim whole ORDER BY id LIMIT 1) model
        ) laid, LATERAL jsonb_populate_record(laid.whole, laid.changed) filled
        """,
    ),
    (
        "contests",
        """
        INSERT INTO initiatives_contest
        SELECT filled.* FROM (SELECT model.whole, jsonb_build_object('id', gen_random_uuid(), 'initiative_id', made.id, 'capability_id', NULL,
            'state', 'open', 'standing_unit_id', made.accountable_unit_id, 'interim_unit_id', made.accountable_unit_id, 'closed_at', NULL,
            'opened_at', now() - interval '9 days', 'level_opened_at', now() - interval '9 days', 'due_at', now() + interval '9 days') AS changed
        FROM (SELECT id, accountable_unit_id FROM initiatives_initiative WHERE code LIKE 'bench-%%7') made,
             (SELECT whole FROM initiatives_contest whole ORDER BY id LIMIT 1) model
        ) laid, LATERAL jsonb_populate_record(laid.whole, laid.changed) filled
        """,
    ),
    (
        # Five versions each; the newest of a tenth are asked now, the other newest are in force.
        "remits",
        """
        INSERT INTO remits_remit
        SELECT filled.* FROM (SELECT model.whole, jsonb_build_object('id', gen_random_uuid(), 'initiative_id', made.id, 'version', version,
            'sandbox', false, 'digest', md5(made.code || version), 'drafted_by_id', made.proposed_by_id,
            'state', CASE WHEN version < 5 THEN 'superseded' WHEN made.code LIKE '%%3' THEN 'submitted' ELSE 'approved' END) AS changed
        FROM initiatives_initiative made, generate_series(1, 5) version,
             (SELECT whole FROM remits_remit whole WHERE state = 'approved' AND NOT sandbox ORDER BY id LIMIT 1) model
        WHERE made.code LIKE 'bench-%%'
        ) laid, LATERAL jsonb_populate_record(laid.whole, laid.changed) filled
        """,
    ),
    (
        "grants",
        """
        INSERT INTO remits_grant
        SELECT filled.* FROM (SELECT model.whole, jsonb_build_object('id', gen_random_uuid(), 'remit_id', remit.id, 'initiative_id', remit.initiative_id,
            'dataset_id', data.id) AS changed
        FROM remits_remit remit JOIN initiatives_initiative made ON made.id = remit.initiative_id AND made.code LIKE 'bench-%%'
        JOIN (SELECT id, row_number() OVER (ORDER BY ref) AS place, count(*) OVER () AS number FROM catalogue_dataset) data
          ON data.place = 1 + (right(made.code, 2)::int) %% data.number,
             (SELECT whole FROM remits_grant whole WHERE state = 'active' ORDER BY id LIMIT 1) model
        WHERE remit.state = 'approved' AND right(made.code, 2) ~ '^[0-9]+$'
        ) laid, LATERAL jsonb_populate_record(laid.whole, laid.changed) filled
        """,
    ),
    (
        "requests",
        """
        INSERT INTO approvals_request
        SELECT filled.* FROM (SELECT model.whole, jsonb_build_object('id', gen_random_uuid(), 'number', (model.whole).number + 1000 + asked.place,
            'subject_kind', 'remit', 'subject_id', asked.id, 'title', asked.title || ' wants to send data', 'requester_id', asked.proposed_by_id,
            'unit_id', asked.accountable_unit_id, 'state', asked.ending, 'opened_at', asked.opened_at, 'due_at', NULL, 'answer_due_at', NULL,
            'next_reminder_at', NULL,
            'decided_at', CASE WHEN asked.ending <> 'in_review' THEN asked.opened_at + (20 + asked.place %% 90) * interval '1 hour' END) AS changed
        FROM (SELECT remit.id, made.title, made.proposed_by_id, made.accountable_unit_id, row_number() OVER line AS place,
                     CASE WHEN remit.state = 'submitted' THEN 'in_review' WHEN row_number() OVER line %% 9 = 0 THEN 'rejected' ELSE 'approved' END AS ending,
                     now() - CASE WHEN remit.state = 'submitted' THEN row_number() OVER line %% 400 * interval '1 hour'
                                  ELSE interval '4 days' + row_number() OVER line * (interval '726 days' / %(requests)s) END AS opened_at
              FROM remits_remit remit JOIN initiatives_initiative made ON made.id = remit.initiative_id
              WHERE made.code LIKE 'bench-%%' WINDOW line AS (ORDER BY md5(remit.digest)) LIMIT %(requests)s) asked,
             (SELECT whole FROM approvals_request whole WHERE subject_kind = 'remit' ORDER BY number DESC LIMIT 1) model
        ) laid, LATERAL jsonb_populate_record(laid.whole, laid.changed) filled
        """,
    ),
    (
        "versions",
        """
        INSERT INTO approvals_revision
        SELECT filled.* FROM (SELECT model.whole, jsonb_build_object('id', gen_random_uuid(), 'request_id', asked.id, 'number', version,
            'digest', md5(asked.id::text || version), 'editor_id', asked.requester_id, 'authors', jsonb_build_array(asked.requester_id),
            'likeness', 'like-' || asked.number %% 200, 'made_at', asked.opened_at + (version - 1) * interval '6 hours') AS changed
        FROM approvals_request asked, generate_series(1, 2) version, (SELECT whole FROM approvals_revision whole WHERE body ? 'grants' ORDER BY id DESC LIMIT 1) model
        WHERE asked.number > 1000
        ) laid, LATERAL jsonb_populate_record(laid.whole, laid.changed) filled
        """,
    ),
    (
        # The first version was sent back by the last who spoke; of the second all were satisfied, or the last two still wait.
        "stages",
        """
        INSERT INTO approvals_stage
        SELECT filled.* FROM (SELECT model.whole, jsonb_build_object('id', gen_random_uuid(), 'revision_id', revision.id, 'position', kind.position,
            'name', kind.name, 'quorum', 'all', 'needed', kind.seats, 'sla_hours', 16,
            'next_reminder_at', CASE WHEN revision.number = 2 AND asked.state = 'in_review' AND kind.position = 2 THEN now() + interval '3 hours' END,
            'due_at', CASE WHEN revision.number = 2 AND asked.state = 'in_review' AND kind.position = 2 THEN now() + interval '9 hours' END,
            'next_step', CASE WHEN revision.number = 2 AND asked.state = 'in_review' AND kind.position = 2 THEN asked.number %% 2 ELSE 0 END,
            'state', CASE WHEN revision.number = 1 THEN CASE WHEN kind.place = 4 THEN 'skipped' ELSE 'satisfied' END
                          WHEN asked.state = 'in_review' AND kind.position = 2 THEN 'open'
                          WHEN asked.state = 'rejected' AND kind.place = 4 THEN 'rejected' ELSE 'satisfied' END,
            'opened_at', revision.made_at + (kind.position - 1) * interval '7 hours',
            'closed_at', CASE WHEN (revision.number = 1 AND kind.place = 4) OR (revision.number = 2 AND asked.state = 'in_review' AND kind.position = 2)
                              THEN NULL ELSE revision.made_at + (kind.position - 1) * interval '7 hours'
                                             + (1 + (asked.number * kind.place) %% 6) * interval '1 hour' END) AS changed
        FROM approvals_request asked JOIN approvals_revision revision ON revision.request_id = asked.id,
             (VALUES (1, 1, 'Data stewards', 2), (2, 1, 'IT', 1), (3, 2, 'Security', 1), (4, 2, 'Legal', 1)) kind (place, position, name, seats),
             (SELECT whole FROM approvals_stage whole ORDER BY id LIMIT 1) model
        WHERE asked.number > 1000
        ) laid, LATERAL jsonb_populate_record(laid.whole, laid.changed) filled
        """,
    ),
    (
        "seats",
        """
        INSERT INTO approvals_slot
        SELECT filled.* FROM (SELECT model.whole, jsonb_build_object('id', gen_random_uuid(), 'stage_id', stage.id, 'carried_id', NULL, 'people', '[]'::jsonb,
            'label', stage.name || ' ' || seat, 'unit_id', asked.unit_id,
            'role', CASE stage.name WHEN 'Data stewards' THEN 'data_steward' WHEN 'IT' THEN 'it_approver' WHEN 'Security' THEN 'security_approver'
                    ELSE 'legal_approver' END) AS changed
        FROM approvals_stage stage JOIN approvals_revision revision ON revision.id = stage.revision_id
        JOIN approvals_request asked ON asked.id = revision.request_id AND asked.number > 1000, generate_series(1, stage.needed) seat,
             (SELECT whole FROM approvals_slot whole ORDER BY id LIMIT 1) model
        ) laid, LATERAL jsonb_populate_record(laid.whole, laid.changed) filled
        """,
    ),
    (
        "people asked",
        """
        INSERT INTO approvals_candidate (id, slot_id, person_id, reason, live)
        SELECT gen_random_uuid(), slot.id, asked.person_id, '', slot.live
        FROM (SELECT slot.id, slot.role, request.state = 'in_review' AND revision.number = 2 AS live, row_number() OVER (ORDER BY slot.id) AS place FROM approvals_slot slot
              JOIN approvals_stage stage ON stage.id = slot.stage_id JOIN approvals_revision revision ON revision.id = stage.revision_id
              JOIN approvals_request request ON request.id = revision.request_id AND request.number > 1000) slot,
             LATERAL (SELECT person_id FROM deciding WHERE deciding.role = slot.role AND deciding.place = slot.place %% 15
                      UNION SELECT person_id FROM deciding WHERE deciding.role = slot.role AND deciding.place = (slot.place + 7) %% 15) asked
        """,
    ),
    (
        "decisions",
        """
        INSERT INTO approvals_decision
        SELECT filled.* FROM (SELECT model.whole, jsonb_build_object('id', gen_random_uuid(), 'request_id', given.request_id, 'revision_id', given.revision_id,
            'slot_id', given.slot_id, 'digest', given.digest, 'kind', given.kind, 'actor_id', given.person_id, 'on_behalf_of_id', NULL,
            'comment', '', 'at', given.at) AS changed
        FROM (SELECT DISTINCT ON (slot.id) slot.id AS slot_id, revision.id AS revision_id, revision.digest, request.id AS request_id,
                     asked.person_id, CASE WHEN stage.state = 'skipped' THEN 'request_changes' WHEN stage.state = 'rejected' THEN 'reject' ELSE 'approve' END AS kind,
                     coalesce(stage.closed_at, stage.opened_at + interval '1 hour') AS at
              FROM approvals_request request JOIN approvals_revision revision ON revision.request_id = request.id
              JOIN approvals_stage stage ON stage.revision_id = revision.id AND stage.state <> 'open'
              JOIN approvals_slot slot ON slot.stage_id = stage.id JOIN approvals_candidate asked ON asked.slot_id = slot.id
              WHERE request.number > 1000 ORDER BY slot.id, asked.person_id) given,
             (SELECT whole FROM approvals_decision whole ORDER BY id LIMIT 1) model
        ) laid, LATERAL jsonb_populate_record(laid.whole, laid.changed) filled
        ON CONFLICT DO NOTHING
        """,
    ),
    (
        "calls",
        """
        INSERT INTO gateway_exchange (id, at, initiative_id, unit_id, destination_id, surface, model, mode, end_user, provenance, datasets,
            stream, request_digest, ruleset_digest, verdict, error_code, counts, reasons, bytes_in, bytes_out, timings, state)
        SELECT gen_random_uuid(), now() - n * interval '20 minutes', made.id, made.accountable_unit_id, place.id, 'openai.chat_completions', 'm',
            'prompt', '', 'declared', CASE WHEN n %% 3 = 0 THEN '[]'::jsonb ELSE jsonb_build_array(data.ref) END, false, '', '',
            (ARRAY['allow', 'allow', 'redact', 'block'])[1 + n %% 4], CASE WHEN n %% 4 = 3 THEN 'blocked' ELSE '' END,
            jsonb_build_object('PERSON', 1 + n %% 3), '[]', 400, 400, '{}', CASE WHEN n %% 4 = 3 THEN 'refused' ELSE 'completed' END
        FROM generate_series(1, %(calls)s) n
        JOIN (SELECT id, accountable_unit_id, row_number() OVER (ORDER BY code) AS place FROM initiatives_initiative WHERE code LIKE 'bench-%%') made
          ON made.place = 1 + n %% %(initiatives)s
        JOIN (SELECT ref, row_number() OVER (ORDER BY ref) AS place, count(*) OVER () AS number FROM catalogue_dataset) data ON data.place = 1 + n %% data.number
        JOIN (SELECT id, row_number() OVER (ORDER BY ref) AS place, count(*) OVER () AS number FROM destinations_destination) place
          ON place.place = 1 + n %% place.number
        """,
    ),
]
DECIDING = """
CREATE TEMP TABLE deciding AS
SELECT kind.role, place, person.id AS person_id
FROM (VALUES ('data_steward', 0, 'dana'), ('it_approver', 1, 'ines'), ('security_approver', 2, 'samir'), ('legal_approver', 3, 'lukas'))
     kind (role, number, login), generate_series(0, 14) place
JOIN organisation_person person ON true
WHERE person.login = CASE WHEN place = 0 THEN kind.login ELSE 'bench-' || (kind.number * 20 + place) END
"""
HOLD = """
INSERT INTO organisation_role_grant
SELECT filled.* FROM (SELECT model.whole, jsonb_build_object('id', gen_random_uuid(), 'person_id', deciding.person_id, 'role', deciding.role) AS changed
FROM deciding, (SELECT whole FROM organisation_role_grant whole WHERE role = 'data_steward' AND unit_id = (SELECT id FROM organisation_unit WHERE parent_id IS NULL)) model
WHERE place > 0
        ) laid, LATERAL jsonb_populate_record(laid.whole, laid.changed) filled
"""
# Somebody who asked a lot: the first of the people made.
ASKER = "bench-1"
READERS = {
    "approver": "ines",
    "steward": "dana",
    "asker": ASKER,
    "executive": "elena",
    "arbiter": "arya",
    "auditor": "aude",
    "analyst": "nora",
}
PAGES = {
    "/": ("approver", "asker", "executive"),
    "/inbox/": ("approver", "steward"),
    "/inbox/decided": ("approver",),
    "/inbox/asked": ("asker",),
    "/inbox/{request}/": ("approver", "executive"),
    "/initiatives/?q=number+99": ("executive", "asker"),
    "/initiatives/?whose=contested": ("executive",),
    "/exchanges/": ("analyst",),
    "/audit/": ("auditor",),
    "/contests/": ("arbiter",),
    "/overlaps/": ("arbiter",),
    "/away/": ("approver",),
    "/rules/": ("arbiter",),
    "/portfolio/": ("executive",),
    "/portfolio/waiting/": ("executive",),
    "/portfolio/waiting/?days=365": ("executive",),
    "/portfolio/waiting/?unit=bench-unit-1": ("executive",),
    "/portfolio/waiting/requests/?role=security_approver": ("executive",),
    "/portfolio/ownership/": ("executive",),
    "/portfolio/flows/?days=365": ("executive",),
    "/portfolio/exposure/?days=365": ("executive",),
}


@contextmanager
def timed(what):
    began = time.perf_counter()
    yield
    print(f"  {what:20} {time.perf_counter() - began:6.1f} s", flush=True)


def lay(owner, sizes):
    owner.execute(NAMED)
    for name, statement in LAYERS:
        if name == "people asked":
            owner.execute(DECIDING)
            owner.execute(HOLD)
            owner.execute("ANALYZE")
        with timed(name):
            owner.execute(statement, sizes)
        if name in {"people", "stages", "seats"}:
            owner.execute("ANALYZE")
    with timed("statistics"):
        owner.execute("ANALYZE")


def sizes_of(owner):
    for table in (
        "initiatives_initiative",
        "approvals_request",
        "approvals_stage",
        "approvals_decision",
        "organisation_person",
        "gateway_exchange",
    ):
        yield table, owner.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - names of our own


def percentile(took, share):
    return sorted(took)[min(len(took) - 1, int(len(took) * share))]


def measured(client, address, calls):
    """Return (status, questions, median ms, p95 ms) of `calls` calls."""
    from django.db import connection

    asked = []

    def count(execute, statement, parameters, many, context):
        asked.append(statement)
        return execute(statement, parameters, many, context)

    client.get(address)  # templates and plans are warm, as in a process that has run for a minute
    with connection.execute_wrapper(count):
        status = client.get(address).status_code
    took = []
    for _ in range(calls):
        began = time.perf_counter()
        client.get(address)
        took.append((time.perf_counter() - began) * 1000)
    return status, len(asked), statistics.median(took), percentile(took, 0.95)


def addresses(owner):
    from django.urls import Resolver404, resolve

    asked = "SELECT id FROM approvals_request WHERE number > 1000 AND state = 'in_review' ORDER BY opened_at LIMIT 1"
    request = owner.execute(asked).fetchone()[0]
    for named, readers in PAGES.items():
        address = named.format(request=request)
        try:
            resolve(address.partition("?")[0])
        except Resolver404:
            print(f"{address:52} not there yet")
        else:
            yield address, readers


def pages(owner, calls):
    from pages import browser_of

    browsers = {reader: browser_of(login) for reader, login in READERS.items()}
    missed = 0
    print(f"{'page':52} {'as':10} {'p50 ms':>7} {'p95 ms':>7} {'questions':>9}")
    for address, readers in addresses(owner):
        for reader in readers:
            status, questions, median, slow = measured(browsers[reader], address, calls)
            failed = status != 200 or median > GOAL_MS or questions > MOST_QUERIES
            missed += failed
            shown = address if len(address) < 52 else f"{address[:48]}..."
            print(
                f"{shown:52} {reader:10} {median:7.1f} {slow:7.1f} {questions:9} {'MISSED' if failed else ''} {status if status != 200 else ''}",
                flush=True,
            )
    return missed


def shipped():
    from governance.approvals.definitions import parse_definition
    from governance.approvals.shipped import shipped_definition

    return parse_definition(shipped_definition())


def told(what, took_ms, goal_ms):
    median, failed = statistics.median(took_ms), statistics.median(took_ms) > goal_ms
    print(
        f"{what:52} p50 {median:.3f} ms, p95 {percentile(took_ms, 0.95):.3f} ms, goal {goal_ms:,} ms {'MISSED' if failed else ''}"
    )
    return int(failed)


def each_timed(act, times):
    took = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        took.append((time.perf_counter() - began) * 1000)
    return took


def route_time(owner):
    from governance.approvals.policy import route

    asked = "SELECT facts FROM approvals_revision WHERE body ? 'grants' ORDER BY id DESC LIMIT 1"
    facts, definition = owner.execute(asked).fetchone()[0], shipped()
    return told("route(), each", each_timed(lambda: route(definition, facts), 2_000), ROUTE_GOAL_MS)


def replay_time():
    from governance.approvals.replaying import Report, replayed
    from governance.approvals.selectors.past import past_requests
    from governance.core.clock import now

    counted = []
    took = each_timed(lambda: counted.append(replayed(shipped(), past_requests(REPLAYED, at=now()), Report())), 1)
    return told(f"replay of {counted[0]:,} requests", took, REPLAY_GOAL_MS)


def overlap_time():
    from governance.organisation.models import Person
    from governance.organisation.selectors import standing_of
    from governance.remits.selectors.overlaps import similar_initiatives

    reader = standing_of(Person.objects.get(login="lea").pk)
    asked = {
        "title": "Synthetic letters",
        "purpose_text": "Drafts synthetic letters for a purpose.",
        "purpose": "summarise",
    }
    took = each_timed(lambda: similar_initiatives(standing=reader, **asked), 20)
    return told(f"what is like a new initiative, among {INITIATIVES:,}", took, OVERLAP_GOAL_MS)


def report(owner, calls):
    print(", ".join(f"{table.partition('_')[2]} {number:,}" for table, number in sizes_of(owner)))
    print(
        f"load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores; {calls} calls each; goal {GOAL_MS} ms, {MOST_QUERIES} questions"
    )
    missed = pages(owner, calls) + route_time(owner) + replay_time() + overlap_time()
    print(f"{missed} goals missed")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=50_000)
    parser.add_argument("--calls", type=int, default=20, help="of each page as each reader (default: 20)")
    parser.add_argument("--keep", action="store_true", help="the database for the next run, which then starts with it")
    options = parser.parse_args()
    environment = prepare()

    import django

    django.setup()
    logging.getLogger("django.request").setLevel(logging.ERROR)
    import psycopg

    from harness.databases import Server, connected_to
    from pages import found_demo

    server = Server(environment, "bench")
    sizes = {"units": UNITS, "people": PEOPLE, "initiatives": INITIATIVES, "calls": CALLS, "requests": options.requests}
    try:
        name, laid = server.kept("kept_approvals") if options.keep else (server.clone(), False)
        address = environment.databases(name)
        with connected_to(name), psycopg.connect(address.owner, autocommit=True) as owner:
            if not laid:
                found_demo(address)
                lay(owner, sizes)
            report(owner, options.calls)
    finally:
        server.stop()


if __name__ == "__main__":
    main()
