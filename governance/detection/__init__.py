"""The scanner: text in, findings and a receipt out. Pure Python: no Django, no Celery, no database, no network.

Once per process (a worker, a shell, a Spark partition)::

    engine = Engine.load(DEFAULT_RULESET, key=hmac_key)        # loads models, scans the canaries; raises Unavailable

For every document::

    document = Document.of({"messages[0].content": "..."})     # ordered segments with a path each
    report = engine.scan(document, deadline=2.5, cache=cache)  # seconds left; never raises for what the text holds
    decision = decide(report, policy=DEFAULT_POLICY, facts=facts)
    if decision.verdict is Verdict.REDACT:
        redacted = redact(document, decision.redactions, key=initiative_key)   # scan the result again, see `residue`

`report.receipt.complete` is False whenever a detector failed, was late or was skipped, and `decide` then answers `unavailable`:
"could not check" is never "clean". Findings carry places and keyed digests, never the text.

Where things are: spans (Span, Finding), document (Document, Segment), receipt (Receipt), report (Report), engine (Engine),
ruleset (Ruleset, DEFAULT_RULESET), policy (decide, Facts, Decision, Verdict, DEFAULT_POLICY), redact, cache (FindingsCache).
"""
