"""The net under record(): a transaction that changes rows and names no event is refused when it commits.

It catches what code review may miss: bulk writes, raw SQL, a service that forgot. It is laid by the database's owner after
every migration, beside the rights of the roles, on every table but those named here.
"""

from typing import Any

from psycopg import Connection, sql

EXEMPT = {  # the beginning of a table's name -> why a change of it needs no event
    "audit_": "it is the log",
    "work_": "jobs, leases, signs of life and repeated calls are bookkeeping",
    "notices_notice": "what is told of is recorded",
    "notices_delivery": "what is told of is recorded; a try changes nothing that is governed",
    "organisation_saved_view": "how somebody looks at a list is their own affair",
    "notices_preference": "how somebody wants to hear is their own affair",
    "approvals_look": "that somebody has a page open decides nothing",
    "django_": "the framework's own",
    "auth_": "the framework's own",
    "account_": "the sign-in library's own",
    "socialaccount_": "the sign-in library's own",
    "gateway_comparison": "what a version in shadow would have decided has no effect",
    "training_chunk": "the scan of a set is recorded when it starts, with its chunks, and when it ends, with its counts",
    "initiatives_purpose_terms": "an index of words that are recorded where they change",
    "organisation_session": "signing in and out is recorded; each use of a session is not",
    "organisation_attempt": "what is refused is recorded; counting is not",
}
UNWATCHED = {  # columns that may change alone: what programs note about their own running
    "approvals_replay": ["done", "state"],
    "organisation_key": ["last_used_at"],
    "notices_webhook": ["failing_since"],
    "gateway_batch": ["seen", "seen_at"],
    "gateway_confirmation": ["told_at"],
    "scanning_hold": ["told_at"],
    "gateway_tuning_job": ["seen", "seen_at"],
    "gateway_run": ["calls", "last_at"],
    "gateway_upload": ["parts", "received", "changed_at"],
}
MAKE_CHECK = """
CREATE OR REPLACE FUNCTION audit_needs_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('audit.event_id', true), '') <> '' THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' AND TG_NARGS > 0 AND to_jsonb(OLD) - TG_ARGV = to_jsonb(NEW) - TG_ARGV THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'a change of % names no event', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END
$$
"""
LAY = """
CREATE CONSTRAINT TRIGGER audit_net AFTER INSERT OR UPDATE OR DELETE ON {table}
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_needs_event({unwatched})
"""
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"


def is_watched(table: str) -> bool:
    """Tell whether a change of `table` must name an event."""
    return not table.startswith(tuple(EXEMPT))


def lay_net(owner: Connection[Any]) -> None:
    """Lay the net on every watched table there is now, as the owner of the tables, in one transaction."""
    with owner.transaction():
        owner.execute(MAKE_CHECK)
        for (table,) in owner.execute(TABLES).fetchall():
            owner.execute(sql.SQL("DROP TRIGGER IF EXISTS audit_net ON {}").format(sql.Identifier(table)))
            if is_watched(table):
                unwatched = sql.SQL(", ").join(sql.Literal(column) for column in UNWATCHED.get(table, []))
                owner.execute(sql.SQL(LAY).format(table=sql.Identifier(table), unwatched=unwatched))
