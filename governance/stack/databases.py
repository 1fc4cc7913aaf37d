"""The four logins of one database and their addresses."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from governance.stack.places import StackError

ROLES = {"app": "remit_app", "gateway": "remit_gateway", "sequencer": "remit_sequencer"}
OWNER = "remit_owner"
DATABASE = "remit"
GIVEN = {"app": "DATABASE_URL", "gateway": "DATABASE_GATEWAY_URL", "sequencer": "DATABASE_SEQUENCER_URL"}


@dataclass(frozen=True, slots=True)
class Databases:
    """Addresses by login. `made_here` names the roles whose passwords are ours to set."""

    owner: str
    app: str
    gateway: str
    sequencer: str
    made_here: frozenset[str] = frozenset()


def embedded_databases(port: int, passwords: Mapping[str, str]) -> Databases:
    return _derived(f"postgresql://{OWNER}:{quote(passwords['owner'])}@127.0.0.1:{port}/{DATABASE}", passwords)


def given_databases(environment: Mapping[str, str], passwords: Mapping[str, str]) -> Databases | None:
    """Return what the environment names, or None when it names no database.

    A role whose address is not given is made by the owner, with a password of ours.

    Raises:
        StackError: a given address logs in as another role than the one that gets the rights.
    """
    owner = environment.get("DATABASE_OWNER_URL")
    if owner is None:
        lone = environment.get("DATABASE_URL")
        return _derived(lone, passwords) if lone else None
    given = {role: environment[name] for role, name in GIVEN.items() if name in environment}
    for role, url in given.items():
        if urlsplit(url).username != ROLES[role]:
            raise StackError(f"{GIVEN[role]} must log in as {ROLES[role]}, the role that is given its rights.")
    derived = _derived(owner, passwords)
    return replace(derived, **given, made_here=derived.made_here - {ROLES[role] for role in given})


def with_login(url: str, user: str, password: str) -> str:
    parts = urlsplit(url)
    host = parts.netloc.rsplit("@", 1)[-1]
    return urlunsplit(parts._replace(netloc=f"{quote(user)}:{quote(password, safe='')}@{host}"))


def with_name(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def password_in(url: str) -> str:
    return unquote(urlsplit(url).password or "")


def _derived(owner: str, passwords: Mapping[str, str]) -> Databases:
    urls = {role: with_login(owner, login, passwords[role]) for role, login in ROLES.items()}
    return Databases(owner=owner, **urls, made_here=frozenset(ROLES.values()))
