"""Server time and queries of every page for every role: `./dev bench pages [--initiatives N] [--events N] [--calls N]`.

The demo organisation in a database of its own, filled up by bulk SQL: a tenth first, then all of it. A page passes when the median of
the calls stays within 100 ms and the number of its queries is the same at both sizes. Everything here is synthetic.
"""

import argparse
import logging
import os
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from harness.environment import prepare

GOAL_MS = 100
EXCHANGES_PER_INITIATIVE = 5
READERS = {
    "requester": "lea",
    "unit_head": "priya",
    "builder": "juno",
    "data_steward": "stefan",
    "it_approver": "ines",
    "security_analyst": "nora",
    "arbiter": "arya",
    "executive": "elena",
    "auditor": "aude",
    "policy_admin": "paul",
    "platform_admin": "pia",
}
NAMED = "SELECT set_config('audit.event_id', 'the benchmark', false)"
INITIATIVES = """
INSERT INTO initiatives_initiative (id, code, title, purpose_text, state, tier, ai_act_class, accountable_unit_id,
                                    human_oversight, accuracy_need, proposed_by_id, created_at, revision)
SELECT gen_random_uuid(), 'bench-' || n, 'Synthetic initiative ' || n, 'Made for a benchmark.', 'active', 'low', 'minimal', unit.id,
       '', '', person.id, now() - n * interval '1 minute', 1
FROM generate_series(%(first)s::int, %(last)s::int) AS n
JOIN LATERAL (SELECT id FROM organisation_unit ORDER BY path OFFSET n %% (SELECT count(*) FROM organisation_unit) LIMIT 1) unit ON true
JOIN LATERAL (SELECT id FROM organisation_person ORDER BY login OFFSET n %% (SELECT count(*) FROM organisation_person) LIMIT 1) person ON true
"""
REMITS = """
INSERT INTO remits_remit (id, initiative_id, version, body, digest, state, sandbox, revision, drafted_by_id, drafted_at,
                          authors)
SELECT gen_random_uuid(), made.id, 1, model.body, '', 'approved', false, 1, made.proposed_by_id, made.created_at, '[]'
FROM initiatives_initiative made, (SELECT body FROM remits_remit WHERE state = 'approved' AND NOT sandbox ORDER BY id LIMIT 1) model
WHERE made.code LIKE 'bench-%' AND NOT EXISTS (SELECT 1 FROM remits_remit WHERE initiative_id = made.id)
"""
# A whole row of the demo with a few values changed: a column that is added later comes along by itself.
GRANTS = """
INSERT INTO remits_grant
SELECT copied.*
FROM remits_remit remit JOIN initiatives_initiative made ON made.id = remit.initiative_id,
     (SELECT grants AS whole FROM remits_grant grants WHERE state = 'active' ORDER BY id LIMIT 1) model,
     jsonb_populate_record(model.whole, jsonb_build_object(
         'id', gen_random_uuid(), 'remit_id', remit.id, 'initiative_id', remit.initiative_id,
         'starts_at', now() - interval '1 day', 'ends_at', now() + interval '90 days')) copied
WHERE made.code LIKE 'bench-%' AND NOT EXISTS (SELECT 1 FROM remits_grant WHERE initiative_id = made.id)
"""
EXCHANGES = """
INSERT INTO gateway_exchange (id, at, initiative_id, unit_id, destination_id, surface, model, mode, end_user, provenance, datasets,
                              stream, request_digest, ruleset_digest, verdict, error_code, counts, reasons, bytes_in, bytes_out,
                              timings, state)
SELECT gen_random_uuid(), made.created_at + n * interval '1 second', made.id, made.accountable_unit_id, place.id,
       'openai.chat_completions', 'stand-in-chat', 'prompt', '', 'unknown', '[]', false, '', '',
       CASE WHEN n = 1 THEN 'block' ELSE 'allow' END, CASE WHEN n = 1 THEN 'blocked' ELSE '' END, '{"PERSON": 1}', '[]', 400, 400,
       '{}', CASE WHEN n = 1 THEN 'refused' ELSE 'sent' END
FROM initiatives_initiative made, generate_series(1, %(each)s::int) AS n,
     (SELECT id FROM destinations_destination WHERE stand_in ORDER BY id LIMIT 1) place
WHERE made.code LIKE 'bench-%%' AND NOT EXISTS (SELECT 1 FROM gateway_exchange WHERE initiative_id = made.id)
"""
# The log as the sequencer leaves it; bodies are copies of the demo's own events, which `integrate` numbered before.
EVENTS = """
WITH model AS (SELECT *, row_number() OVER (ORDER BY idx) AS place FROM audit_leaf)
INSERT INTO audit_leaf (idx, event_id, occurred_at, kind, subject, actor, unit_path, canonical, leaf_hash, integrated_at)
SELECT start.idx + n, gen_random_uuid(), now() - n * interval '1 second', model.kind, model.subject, model.actor, model.unit_path,
       model.canonical, model.leaf_hash, now()
FROM (SELECT coalesce(max(idx), -1) AS idx FROM audit_leaf) start, generate_series(1, %(events)s::int) AS n
JOIN model ON model.place = 1 + n %% (SELECT count(*) FROM model)
"""
MAIN_PAGES = [
    "/",
    "/initiatives/",
    "/initiatives/?page=2",
    "/initiatives/?q=initiative+99",
    "/inbox/",
    "/inbox/decided",
    "/inbox/asked",
]
LISTS = [
    "/datasets/",
    "/destinations/",
    "/training-sets/",
    "/exchanges/",
    "/exchanges/?page=30",
    "/reviews/",
    "/keys/",
    "/people/",
]
LOG = ["/audit/", "/audit/?page=30", "/audit/?kind=remits.remit_approved"]
SUBJECTS = {  # the page of one thing -> a query for the name of the first of its kind
    "/initiatives/{}/": "SELECT code FROM initiatives_initiative WHERE code NOT LIKE 'bench-%' ORDER BY code LIMIT 1",
    "/initiatives/{}/try/": "SELECT code FROM initiatives_initiative WHERE code NOT LIKE 'bench-%' ORDER BY code LIMIT 1",
    "/inbox/{}/": "SELECT id FROM approvals_request ORDER BY opened_at DESC LIMIT 1",
    "/datasets/{}/": "SELECT ref FROM catalogue_dataset ORDER BY ref LIMIT 1",
    "/destinations/{}/": "SELECT ref FROM destinations_destination WHERE stand_in ORDER BY ref LIMIT 1",
    "/exchanges/{}/": "SELECT id FROM gateway_exchange WHERE state = 'refused' ORDER BY at DESC, id LIMIT 1",
    "/people/{}/": "SELECT id FROM organisation_person ORDER BY login LIMIT 1",
}


@dataclass(frozen=True, slots=True)
class Visit:
    status: int
    queries: int
    median_ms: float
    least_ms: float


def visit(client, address, calls):
    from django.db import connection

    queries = []

    def count(execute, statement, parameters, many, context):
        queries.append(statement)
        return execute(statement, parameters, many, context)

    client.get(address)  # templates and plans are warm, as in a process that has run for a minute
    with connection.execute_wrapper(count):
        status = client.get(address).status_code
    took = []
    for _ in range(calls):
        began = time.perf_counter()
        client.get(address)
        took.append((time.perf_counter() - began) * 1000)
    return Visit(status, len(queries), statistics.median(took), min(took))


def browser_of(login):
    from django.test import Client

    from governance.core.clock import now
    from governance.organisation.models import Person
    from governance.web.frame.access import STEPPED_UP

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(Person.objects.get(login=login))
    session = client.session
    session[STEPPED_UP] = now().timestamp()
    session.save()
    return client


def addresses(owner):
    found = [address.format(owner.execute(ask).fetchone()[0]) for address, ask in SUBJECTS.items()]
    return [*MAIN_PAGES, *LISTS, *LOG, *found]


def fill(owner, *, first, last, events):
    owner.execute(NAMED)
    owner.execute(INITIATIVES, {"first": first, "last": last})
    owner.execute(REMITS)
    owner.execute(GRANTS)
    owner.execute(EXCHANGES, {"each": EXCHANGES_PER_INITIATIVE})
    owner.execute(EVENTS, {"events": events})
    owner.execute("ANALYZE")


def found_demo(address):
    """Tell the demo's story, then number its events as the sequencer does."""
    import psycopg

    from governance.core.clock import now
    from governance.stack.story.telling import tell_story

    tell_story(at=now(), stand_in_url="http://127.0.0.1:9/v1")
    with psycopg.connect(address.owner, autocommit=True) as owner:
        owner.execute(
            "INSERT INTO audit_leaf SELECT row_number() OVER (ORDER BY occurred_at) + (SELECT coalesce(max(idx), -1) FROM audit_leaf), "
            "event_id, occurred_at, kind, subject, actor, unit_path, canonical, sha256(canonical), now() FROM audit_outbox"
        )


def measure(owner, calls):
    return {
        (role, address): visit(browser, address, calls)
        for role, browser in ((role, browser_of(login)) for role, login in READERS.items())
        for address in addresses(owner)
    }


def report(small, large, calls):
    print(
        f"load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores; median and least of {calls} calls; goal {GOAL_MS} ms"
    )
    print(f"{'page':50} {'slowest ms':>10} {'least':>8}  {'as':18} {'queries':>8} {'at a tenth':>10}")
    missed = 0
    for address in dict.fromkeys(address for _, address in large):
        seen = {role: found for (role, there), found in large.items() if there == address and found.status == 200}
        if not seen:
            print(f"{address:50} nobody may open it")
            missed += 1
            continue
        role = max(seen, key=lambda name: seen[name].median_ms)
        grew = [name for name in seen if seen[name].queries != small[name, address].queries]
        failed = seen[role].median_ms > GOAL_MS or grew
        missed += bool(failed)
        few, many = small[grew[0] if grew else role, address].queries, seen[grew[0] if grew else role].queries
        print(
            f"{address:50} {seen[role].median_ms:10.1f} {seen[role].least_ms:8.1f}  {role:18} {many:8} {few:10} {'MISSED' if failed else ''}"
        )
    broken = sorted(
        {(address, found.status) for (_, address), found in large.items() if found.status not in {200, 403, 404}}
    )
    print(f"{missed} pages miss the goal; other answers: {broken or 'none'}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--initiatives", type=int, default=10_000)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--calls", type=int, default=20, help="of each page as each role (default: 20)")
    options = parser.parse_args()
    environment = prepare()

    import django

    django.setup()
    logging.getLogger("django.request").setLevel(logging.ERROR)  # that a role may not open a page is no news here
    import psycopg

    from harness.databases import Server, connected_to

    server = Server(environment, "bench")
    try:
        name = server.clone()
        address = environment.databases(name)
        with connected_to(name), psycopg.connect(address.owner, autocommit=True) as owner:
            found_demo(address)
            tenth = options.initiatives // 10
            fill(owner, first=1, last=tenth, events=options.events // 10)
            small = measure(owner, 1)
            fill(owner, first=tenth + 1, last=options.initiatives, events=options.events - options.events // 10)
            report(small, measure(owner, options.calls), options.calls)
    finally:
        server.stop()


if __name__ == "__main__":
    main()
