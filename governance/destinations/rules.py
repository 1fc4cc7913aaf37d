"""What a destination is, what it promises, and what it may carry."""

import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit

from governance.core.verdict import Allowed, Denied, Verdict
from governance.core.vocabulary import Classification, Hosting, WeightsOwner
from governance.detection.documents.reading import Opaque

REF = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?")
# The last part begins with a letter: resolvers read 2130706433, 127.1 and 0x7f000001 as network addresses.
HOST_NAME = re.compile(r"(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z](?:[a-z0-9-]*[a-z0-9])?")
PATH = re.compile(r"(?:/[A-Za-z0-9_][A-Za-z0-9._~-]*)*/?")
PRINTABLE = re.compile(r"[\x21-\x7e]*")
MODEL_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@/-]{0,126}")
SECRET = re.compile(r"[\x21-\x7e]{12,4096}")
WIDEST_NETWORK = {4: 8, 6: 32}  # prefix bits: a declared network names a place, not the internet
LONGEST_RETENTION_DAYS = 3660
DEAREST = 2**53


class Dialect(StrEnum):
    """The wire format a destination speaks."""

    OPENAI = "openai"
    ANTHROPIC = "anthropic"
    GEMINI = "gemini"
    DATABRICKS = "databricks"
    OLLAMA = "ollama"


class DestinationState(StrEnum):
    PROPOSED = "proposed"
    OPEN = "open"
    SUSPENDED = "suspended"
    RETIRED = "retired"


class ReplyCheck(StrEnum):
    """How the answers of a destination are checked on their way back."""

    WINDOW = "window"  # a stretch at a time, each scanned before it is passed on
    WHOLE = "whole"  # nothing is passed on before all of it was scanned
    WATCH = "watch"  # passed on as it comes, scanned afterwards and recorded


MOVES: dict[DestinationState, frozenset[DestinationState]] = {
    DestinationState.PROPOSED: frozenset({DestinationState.OPEN, DestinationState.RETIRED}),
    DestinationState.OPEN: frozenset({DestinationState.SUSPENDED, DestinationState.RETIRED}),
    DestinationState.SUSPENDED: frozenset({DestinationState.OPEN, DestinationState.RETIRED}),
    DestinationState.RETIRED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class TermsFacts:
    """What a destination promises. Prices in micro-euro per million tokens, None when not known."""

    retention_days: int
    trains_on_inputs: bool
    weights_owner: str
    cleared_for: str
    price_in: int | None = None
    price_out: int | None = None
    contract: str = ""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a destination stands and what it speaks, as it came from a form or the API."""

    ref: str
    model_names: tuple[str, ...]
    dialect: str
    base_url: str
    hosting: str
    cidrs: tuple[str, ...] = ()


def may_move(state: DestinationState, to: DestinationState) -> Verdict:
    if to in MOVES[state]:
        return Allowed()
    return Denied("wrong_state", f"A destination that is {state} cannot become {to}.")


def may_carry(classification: Classification, terms: TermsFacts, hosting: Hosting) -> Verdict:
    """Data may go no higher than its destination is cleared for, whatever the terms were made to say."""
    height = classification.height
    if height > Classification(terms.cleared_for).height:
        return Denied(
            "not_cleared", f"This destination is cleared for {terms.cleared_for} data; this data is {classification}."
        )
    if terms.trains_on_inputs and height > Classification.PUBLIC.height:
        return Denied(
            "trains_on_inputs", "This destination trains on what it is sent, so only public data may go there."
        )
    if hosting is Hosting.PUBLIC_API and height >= Classification.RESTRICTED.height:
        return Denied("restricted_stays", "Restricted data does not go to a public API.")
    return Allowed()


def may_set_terms(terms: TermsFacts, hosting: Hosting) -> Verdict:
    """Terms must clear a destination only for what it may carry under those same terms."""
    if terms.cleared_for not in list(Classification):
        return Denied("unknown_classification", f"Choose one of: {', '.join(Classification)}.")
    if terms.weights_owner not in list(WeightsOwner):
        return Denied("unknown_weights_owner", f"Choose one of: {', '.join(WeightsOwner)}.")
    if not 0 <= terms.retention_days <= LONGEST_RETENTION_DAYS:
        return Denied("bad_retention", f"Retention is 0 to {LONGEST_RETENTION_DAYS} days.")
    if any(price is not None and not 0 <= price < DEAREST for price in (terms.price_in, terms.price_out)):
        return Denied("bad_price", "A price is 0 or more.")
    return may_carry(Classification(terms.cleared_for), terms, hosting)


def may_go_unread(kinds: Collection[str]) -> Verdict:
    """Only what has a name can be let through: what nobody has thought of is refused."""
    if unknown := sorted(set(kinds) - set(Opaque)):
        return Denied("unknown_opaque", f"Not kinds of opaque content: {', '.join(unknown)}.")
    return Allowed()


def may_price(price_in: int, price_out: int) -> Verdict:
    """Prices are whole micro-euro per million tokens."""
    if all(0 <= price < DEAREST for price in (price_in, price_out)):
        return Allowed()
    return Denied("bad_price", "A price is 0 or more.")


def may_stand(endpoint: Endpoint, *, loopback: bool) -> Verdict:
    """Return whether the endpoint is well formed. `loopback`: this machine counts as a place (demo and tests)."""
    if not REF.fullmatch(endpoint.ref):
        return Denied("bad_ref", "A reference is 1 to 48 lower-case letters, digits and hyphens.")
    if not endpoint.model_names or not all(MODEL_NAME.fullmatch(name) for name in endpoint.model_names):
        return Denied("bad_model_names", "Name at least one model, exactly as the provider writes it, without spaces.")
    if endpoint.dialect not in list(Dialect):
        return Denied("unknown_dialect", f"Choose one of: {', '.join(Dialect)}.")
    if endpoint.hosting not in list(Hosting):
        return Denied("unknown_hosting", f"Choose one of: {', '.join(Hosting)}.")
    hosting = Hosting(endpoint.hosting)
    return _first_denied(
        may_declare(endpoint.cidrs, hosting), may_address(endpoint.base_url, hosting, loopback=loopback)
    )


def may_address(base_url: str, hosting: Hosting, *, loopback: bool) -> Verdict:
    """Return whether `base_url` is an address prompts may be sent to.

    https everywhere, except toward networks of our own (a self-hosted destination) and this machine in a demo. What a
    name resolves to is looked at when the connection is made, for it may change after this.
    """
    try:
        url = urlsplit(base_url)
        port = url.port
    except ValueError:
        return Denied("bad_address", "This is not an address; write https://host/path.")
    if url.scheme not in {"http", "https"} or not url.hostname or port == 0:
        return Denied("bad_address", "This is not an address; write https://host/path.")
    if "@" in url.netloc:
        return Denied(
            "address_with_secret", "An address holds no user or password.", remedy="Set a provider key instead."
        )
    # urlsplit drops line breaks and tabs without a word, so the text itself is looked at.
    if not PRINTABLE.fullmatch(base_url) or "?" in base_url or "#" in base_url or not PATH.fullmatch(url.path):
        return Denied("bad_address", "An address is a host and a plain path, without ? or #.")
    return _may_reach(url, hosting, loopback=loopback)


def _may_reach(url: SplitResult, hosting: Hosting, *, loopback: bool) -> Verdict:
    host = url.hostname or ""
    if is_loopback(host):
        if loopback:
            return Allowed()
        return Denied("loopback", "A destination on this machine exists only in the demo.")
    if not HOST_NAME.fullmatch(host) and _literal(host) is None:
        return Denied("bad_address", "The host is not a name in plain letters, nor a network address.")
    if url.scheme != "https" and hosting is not Hosting.SELF_HOSTED:
        return Denied("not_https", "Prompts leave the organisation encrypted only: the address must begin with https.")
    literal = _literal(host)
    if literal is not None and hosting is not Hosting.SELF_HOSTED and not literal.is_global:
        return Denied("private_address", "A provider's address must be on the public internet.")
    return Allowed()


def may_declare(cidrs: tuple[str, ...], hosting: Hosting) -> Verdict:
    """Only a self-hosted destination declares networks, and it declares at least one."""
    if hosting is not Hosting.SELF_HOSTED:
        return Denied("cidrs_not_wanted", "Only a self-hosted destination declares networks.") if cidrs else Allowed()
    if not cidrs:
        return Denied("cidrs_missing", "Say which networks the destination may be in, for example 10.20.0.0/16.")
    for cidr in cidrs:
        try:
            network = ipaddress.ip_network(cidr)
        except ValueError:
            return Denied("bad_cidr", "A network is written like 10.20.0.0/16.")
        if network.prefixlen < WIDEST_NETWORK[network.version]:
            return Denied("cidr_too_wide", f"{network} is too wide to say where data goes.")
        if network.is_link_local or network.is_multicast or network.is_unspecified:
            return Denied("cidr_special", f"{network} is set apart for other uses.")
    return Allowed()


def may_use_secret(secret: str) -> Verdict:
    """A key is one word of printable ASCII: anything else could smuggle a second header."""
    if SECRET.fullmatch(secret):
        return Allowed()
    return Denied("bad_provider_key", "A provider key is 12 to 4096 printable characters without spaces.")


def key_context(destination_id: str) -> str:
    """Return the place a provider key is sealed for; the gateway opens it with the same words."""
    return f"destinations_provider_key:{destination_id}"


def is_loopback(host: str) -> bool:
    literal = _literal(host)
    return host == "localhost" or host.endswith(".localhost") or (literal is not None and literal.is_loopback)


def _literal(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _first_denied(*verdicts: Verdict) -> Verdict:
    return next((verdict for verdict in verdicts if not verdict), Allowed())
