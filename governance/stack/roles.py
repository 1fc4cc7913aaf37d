"""What each database role may do. The owner migrates; nobody serves requests as the owner.

The log is append-only by privilege: who writes events can neither read them back nor change them, and only the sequencer
turns them into leaves (DECISIONS.md, Database roles).
"""

from psycopg import Connection, sql

from governance.stack.databases import ROLES, Databases, password_in

READ, WRITE = frozenset({"SELECT"}), frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})
NOTHING: frozenset[str] = frozenset()
OUTBOX = "audit_outbox"
# What people decided, and on what, and what they did with an answer, is never changed and never deleted.
WRITTEN_ONCE = {
    "organisation_record_comment",
    "approvals_workflow",
    "approvals_revision",
    "approvals_decision",
    "approvals_comment",
    "gateway_answer_review",
}
# What the gateway reads to decide about a call: keys, scopes, remits, datasets, destinations, rulesets, jobs' heartbeats.
GATEWAY_READS = ("organisation_", "initiatives_", "remits_", "catalogue_", "destinations_", "scanning_", "work_")
# How people sign in, and what they look at, is none of its business.
GATEWAY_NEVER = {"organisation_session", "organisation_attempts", "organisation_saved_view"}
GATEWAY_WRITES = {
    "organisation_key": frozenset({"SELECT", "UPDATE"}),  # when it was last used
    "scanning_scan": frozenset({"SELECT", "INSERT"}),
    "scanning_finding": frozenset({"SELECT", "INSERT"}),
    "scanning_hold": frozenset({"SELECT", "INSERT"}),
    "work_heartbeat": frozenset({"SELECT", "INSERT", "UPDATE"}),
    "work_job": frozenset({"SELECT", "INSERT", "UPDATE"}),  # the scan of a training set that was handed in
    "training_set": frozenset({"SELECT", "INSERT", "UPDATE"}),  # that it was sent
    "training_release_permit": frozenset({"SELECT", "UPDATE"}),  # that it was used
}


def rights(role: str, table: str) -> frozenset[str]:
    """Return the privileges of `role` (app, gateway or sequencer) on `table`. Anything not named here is refused."""
    match role:
        case "app":
            return _rights_of_app(table)
        case "gateway":
            return _rights_of_gateway(table)
        case "sequencer":
            return _rights_of_sequencer(table)
    raise KeyError(role)


def _rights_of_app(table: str) -> frozenset[str]:
    if table == OUTBOX:
        return frozenset({"INSERT"})
    if table in WRITTEN_ONCE:
        return frozenset({"SELECT", "INSERT"})
    return READ if table.startswith("audit_") or table == "django_migrations" else WRITE


def _rights_of_gateway(table: str) -> frozenset[str]:
    if table == OUTBOX:
        return frozenset({"INSERT"})
    if table in GATEWAY_NEVER:
        return NOTHING
    if table in WRITTEN_ONCE and table.startswith("gateway_"):
        return frozenset({"SELECT", "INSERT"})
    if table.startswith("gateway_"):
        return WRITE - {"DELETE"}
    if table in GATEWAY_WRITES:
        return GATEWAY_WRITES[table]
    return READ if table.startswith((*GATEWAY_READS, "audit_leaf")) else NOTHING


def _rights_of_sequencer(table: str) -> frozenset[str]:
    if table == OUTBOX:
        return frozenset({"SELECT", "DELETE"})
    if table == "audit_leaf":
        return frozenset({"SELECT", "INSERT"})
    if table.startswith("audit_") or table == "work_heartbeat":
        return WRITE - {"DELETE"}
    return NOTHING


def make_roles(owner: Connection, databases: Databases) -> None:
    """Make the logins that are not there, with the passwords in their addresses; set again those whose passwords are ours."""
    for role, login in ROLES.items():
        known = owner.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [login]).fetchone()
        if not known or login in databases.made_here:
            statement = "ALTER ROLE {} LOGIN PASSWORD {}" if known else "CREATE ROLE {} LOGIN PASSWORD {}"
            secret = password_in(getattr(databases, role))
            owner.execute(sql.SQL(statement).format(sql.Identifier(login), sql.Literal(secret)))


def grant_rights(owner: Connection) -> None:
    """Give each role exactly `rights`, on every table there is now."""
    tables = [row[0] for row in owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    for role, login in ROLES.items():
        owner.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(sql.Identifier(login)))
        for table in tables:
            _grant(owner, login, table, rights(role, table))


def _grant(owner: Connection, login: str, table: str, allowed: frozenset[str]) -> None:
    names = {"login": sql.Identifier(login), "table": sql.Identifier(table)}
    owner.execute(sql.SQL("REVOKE ALL ON {table} FROM {login}").format(**names))
    if allowed:
        words = sql.SQL(", ").join(sql.SQL(word) for word in sorted(allowed))
        owner.execute(sql.SQL("GRANT {words} ON {table} TO {login}").format(words=words, **names))
