"""What the rules cost: `./dev bench policy [--requests N]`: one route, one check of a document, a replay of N requests.

route() and the check run in this process on examples; the replay runs the real selectors and the real report over N synthetic
requests in a database of its own, each with three datasets and a destination. Goals: a route within 1 ms, a check within 2 s,
10,000 requests replayed within 30 s. Everything here is synthetic.
"""

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from harness.environment import prepare

ROUTE_MS, CHECK_MS, REPLAY_S = 1.0, 2000.0, 30.0
CALLS = 2000
REQUESTS = """
INSERT INTO approvals_request (id, number, subject_kind, subject_id, title, workflow_id, state, requester_id, unit_id, opened_at)
SELECT gen_random_uuid(), 1000000 + n, 'remit', gen_random_uuid(), 'Synthetic request ' || n, workflow.id, 'approved', person.id, unit.id,
       now() - n * interval '1 minute'
FROM generate_series(1, %(requests)s::int) AS n,
     (SELECT id FROM approvals_workflow WHERE name = 'default' ORDER BY version LIMIT 1) workflow,
     (SELECT id FROM organisation_person LIMIT 1) person, (SELECT id FROM organisation_unit WHERE parent_id IS NULL) unit
"""
REVISIONS = """
INSERT INTO approvals_revision (id, request_id, number, body, digest, facts, attached, authors, editor_id, made_at, likeness)
SELECT gen_random_uuid(), id, 1, '{}', '', %(facts)s::jsonb || jsonb_build_object('tier', (ARRAY['low', 'medium', 'high'])[1 + number %% 3],
       'classification', (ARRAY['public', 'internal', 'confidential', 'restricted'])[1 + number %% 4]), '[]', '[]', requester_id, opened_at, ''
FROM approvals_request WHERE number > 1000000
"""


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--requests", type=int, default=10_000)
    options = asked.parse_args()
    environment = prepare()

    import django

    django.setup()
    from governance.approvals.definitions import check_text
    from governance.approvals.facts import example_facts
    from governance.approvals.policy import route
    from governance.approvals.shipped import shipped_source

    facts = example_facts()
    facts["datasets"] = facts["datasets"] * 3
    definition = check_text(shipped_source()).definition
    from harness.databases import Server

    server = Server(environment, "bench")
    passed = [
        told("route, one request", timed(lambda: route(definition, facts), CALLS), ROUTE_MS),
        told("check, the shipped document", timed(lambda: check_text(shipped_source()), 20), CHECK_MS),
        told("check, as long as may be", timed(lambda: check_text(longest(shipped_source())), 3), CHECK_MS),
    ]
    try:
        passed.append(replay(server, stricter(), facts, options.requests))
    finally:
        server.stop()
    sys.exit(0 if all(passed) else 1)


def stricter():
    """Return rules that differ from the shipped ones, so that the replay has something to tell."""
    from governance.approvals.definitions import check_text
    from governance.approvals.shipped import shipped_source

    return check_text(shipped_source().replace('"confidential"', '"internal"')).definition


def longest(source: str) -> str:
    """Return the shipped document with as many stages as one may have."""
    stage = source[source.index("  - name: Security") : source.index("  - name: Legal")]
    return source + "".join(stage.replace("name: Security", f"name: Security {n}") for n in range(46))


def timed(act, times: int) -> float:
    """Return the median of `times` calls in milliseconds."""
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        spent.append((time.perf_counter() - began) * 1000)
    return statistics.median(spent)


def told(what: str, took_ms: float, goal_ms: float) -> bool:
    print(f"{what:<34} median {took_ms:9.3f} ms   goal {goal_ms:g} ms   {'met' if took_ms <= goal_ms else 'MISSED'}")
    return took_ms <= goal_ms


def replay(server, definition, facts, requests: int) -> bool:
    import psycopg

    import builders
    from governance.approvals.replaying import Report, replayed
    from governance.approvals.selectors.past import past_requests
    from governance.core.clock import now
    from governance.organisation.roles import Role
    from harness.databases import connected_to

    name = server.clone()
    address = server.environment.databases(name)
    with connected_to(name), psycopg.connect(address.owner, autocommit=True) as owner:
        builders.person(Role.REQUESTER)
        owner.execute("SELECT set_config('audit.event_id', 'the benchmark', false)")
        owner.execute(REQUESTS, {"requests": requests})
        owner.execute(REVISIONS, {"facts": json.dumps(facts)})
        began, report = time.perf_counter(), Report()
        done = replayed(definition, past_requests(requests, at=now()), report)
        took = time.perf_counter() - began
    goal = REPLAY_S * requests / 10_000
    counts = report.to_json()["counts"]
    print(
        f"replay of {done:,} requests {took:.1f} s   goal {goal:g} s   {'met' if took <= goal else 'MISSED'}   {counts}"
    )
    return took <= goal


if __name__ == "__main__":
    main()
