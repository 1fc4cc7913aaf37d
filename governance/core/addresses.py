"""Which network addresses a name may stand for. Pure.

The standard library's `is_global` is not enough: it calls addresses global that carry an internal one inside (NAT64, 6to4, Teredo)
and parts of 192.0.0.0/24; so the table of special addresses is our own.
Source: the IANA special-purpose address registries for IPv4 and IPv6 (RFC 6890 and its updates).
"""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from governance.core.errors import NotAllowed
from governance.core.vocabulary import Hosting

SPECIAL = tuple(
    ip_network(each)
    for each in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",
        "169.254.0.0/16",  # link local; cloud metadata services live here
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/96",  # unspecified, loopback, IPv4-compatible
        "::ffff:0:0/96",  # IPv4-mapped
        "64:ff9b::/96",  # NAT64 carries any IPv4 address
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",  # Teredo, ORCHID, benchmarking and others
        "2001:db8::/32",
        "2002::/16",  # 6to4 carries any IPv4 address
        "2620:4f:8000::/48",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
)
Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
# Never a destination, whatever networks are declared: forms that carry another address inside, which is where they lead, and
# the services of cloud hosts that hand out their machines' credentials.
NEVER = tuple(
    ip_network(each)
    for each in (
        "::/96",
        "::ffff:0:0/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2001::/32",
        "2002::/16",
        "100.100.100.200/32",
        "168.63.129.16/32",  # this one lies among public addresses
        "fd00:ec2::/32",
    )
)


def is_special(address: Address) -> bool:
    """Say whether `address` is none that the public internet routes to one place."""
    return _within(address, SPECIAL) or _within(address, NEVER)


def check_address(address: str, *, hosting: str, cidrs: Sequence[str], loopback_allowed: bool) -> None:
    """Do nothing when a destination of this hosting may be at `address` (a numeric address, without a zone).

    A self-hosted destination may only be inside the networks it declares; any other only at a public address. Loopback is allowed
    in demo mode and in tests, and nowhere else.

    Raises:
        NotAllowed: `address_not_allowed`. The address itself is not told: who sets a name could otherwise map our network.
    """
    try:
        found = ip_address(address)
    except ValueError as wrong:
        raise _refused() from wrong
    if loopback_allowed and found.is_loopback:
        return
    allowed = _is_declared(found, cidrs) if hosting == Hosting.SELF_HOSTED else not is_special(found)
    if not allowed:
        raise _refused()


def is_public_or_declared(
    address: str, *, networks: Sequence[str], loopback_allowed: bool, public_allowed: bool = True
) -> bool:
    """Say whether a program of somebody's own may be called at `address` (numeric): a public one, or inside a declared network."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if loopback_allowed and found.is_loopback:
        return True
    return (public_allowed and not is_special(found)) or _is_declared(found, networks)


def _is_declared(address: Address, cidrs: Sequence[str]) -> bool:
    if address.is_loopback or address.is_link_local or address.is_multicast or address.is_unspecified:
        return False
    try:
        declared = [ip_network(cidr) for cidr in cidrs]
    except ValueError:
        return False
    return _within(address, declared) and not _within(address, NEVER)


def _within(address: Address, networks: Iterable[Network]) -> bool:
    return any(address in network for network in networks if network.version == address.version)


def _refused() -> NotAllowed:
    return NotAllowed(
        "address_not_allowed",
        "The destination's name leads to an address it may not have. Nothing was sent.",
        remedy="Ask a policy admin to look at the destination.",
    )
