"""Where a destination may be: a table of addresses, inside every form that hides another."""

import socket

import pytest

from governance.core.addresses import check_address
from governance.core.errors import NotAllowed
from governance.core.vocabulary import Hosting

# Forms that a public destination may never have, by what they are.
ANY = "0.0.0.0"  # noqa: S104 - nothing is bound
HIDDEN = {
    "this network": ANY,
    "this network, any host": "0.1.2.3",
    "private ten": "10.0.0.1",
    "private ten, last": "10.255.255.255",
    "carrier-grade NAT": "100.64.0.1",
    "carrier-grade NAT, last": "100.127.255.255",
    "metadata behind carrier-grade NAT": "100.100.100.200",
    "loopback": "127.0.0.1",
    "loopback, another": "127.8.9.10",
    "metadata": "169.254.169.254",
    "private 172, first": "172.16.0.1",
    "private 172, last": "172.31.255.255",
    "protocol assignments": "192.0.0.8",
    "documentation 1": "192.0.2.1",
    "old 6to4 relay": "192.88.99.1",
    "private 192": "192.168.1.1",
    "benchmarking": "198.18.0.1",
    "benchmarking, last": "198.19.255.255",
    "documentation 2": "198.51.100.1",
    "documentation 3": "203.0.113.1",
    "multicast": "224.0.0.1",
    "reserved": "240.0.0.1",
    "broadcast": "255.255.255.255",
    "a cloud host's own service": "168.63.129.16",
    "unspecified 6": "::",
    "loopback 6": "::1",
    "loopback 6, long": "0:0:0:0:0:0:0:1",
    "compatible form of loopback": "::7f00:1",
    "mapped loopback": "::ffff:127.0.0.1",
    "mapped metadata": "::ffff:a9fe:a9fe",
    "mapped public": "::ffff:8.8.8.8",
    "NAT64 of metadata": "64:ff9b::a9fe:a9fe",
    "NAT64, local prefix": "64:ff9b:1::a9fe:a9fe",
    "6to4 of metadata": "2002:a9fe:a9fe::",
    "6to4 of loopback": "2002:7f00:1::1",
    "Teredo": "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "discard only": "100::1",
    "documentation 6": "2001:db8::1",
    "documentation 6, new": "3fff::1",
    "segment routing": "5f00::1",
    "unique local": "fd12:3456::1",
    "metadata 6": "fd00:ec2::254",
    "link local 6": "fe80::1",
    "link local 6 with a zone": "fe80::1%eth0",
    "site local": "fec0::1",
    "multicast 6": "ff02::1",
}
PUBLIC = [
    "8.8.8.8",
    "1.1.1.1",
    "100.63.255.255",
    "100.128.0.1",
    "172.15.0.1",
    "172.32.0.1",
    "2606:4700::1111",
    "2a00::1",
]
# What is no address is refused, however a resolver might read it.
SPELLINGS = [
    "0xA9FEA9FE",
    "2852039166",
    "0251.0376.0251.0376",
    "127.1",
    "0",
    "①②⑦.0.0.1",
    "",
    " 8.8.8.8",
    "8.8.8.8 ",
    "localhost",
]


def may(address, hosting=Hosting.PUBLIC_API, cidrs=(), *, loopback_allowed=False):
    try:
        check_address(address, hosting=hosting, cidrs=cidrs, loopback_allowed=loopback_allowed)
    except NotAllowed:
        return False
    return True


@pytest.mark.parametrize("address", HIDDEN.values(), ids=HIDDEN.keys())
def test_a_public_destination_is_not_at(address):
    assert not may(address)
    assert not may(address, Hosting.TENANT_CLOUD, cidrs=["0.0.0.0/0", "::/0"])


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_destination_may_be_at(address):
    assert may(address)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_only_an_address_is_an_address(spelling):
    assert not may(spelling)
    assert not may(spelling, loopback_allowed=True)


@pytest.mark.parametrize("name", ["0xA9FEA9FE", "2852039166", "0251.0376.0251.0376", "127.1", "0", "0x7f.1"])
def test_what_a_resolver_makes_of_a_number_is_refused(name):
    found = socket.getaddrinfo(name, 443, type=socket.SOCK_STREAM)
    assert [address for *_, (address, *_) in found if may(address)] == []


@pytest.mark.parametrize(
    ("address", "cidrs", "allowed"),
    [
        pytest.param("10.1.2.3", ["10.1.0.0/16"], True, id="inside"),
        pytest.param("10.2.2.3", ["10.1.0.0/16"], False, id="outside"),
        pytest.param("10.1.2.3", [], False, id="nothing declared"),
        pytest.param("fd12::5", ["10.0.0.0/8", "fd12::/16"], True, id="the second network"),
        pytest.param("8.8.8.8", ["10.0.0.0/8"], False, id="public, not declared"),
        pytest.param("10.1.2.3", ["10.1.0.1/16"], False, id="a network that is none"),
        pytest.param("127.0.0.1", ["0.0.0.0/0"], False, id="loopback is never declared"),
        pytest.param("::1", ["::/0"], False, id="loopback 6 is never declared"),
        pytest.param("169.254.169.254", ["0.0.0.0/0"], False, id="metadata is never declared"),
        pytest.param("100.100.100.200", ["100.64.0.0/10"], False, id="nor another metadata service"),
        pytest.param("fd00:ec2::254", ["fd00::/8"], False, id="nor one in IPv6"),
        pytest.param("::ffff:127.0.0.1", ["::/0"], False, id="nor loopback inside another form"),
        pytest.param("64:ff9b::7f00:1", ["::/0"], False, id="nor behind NAT64"),
        pytest.param("2002:7f00:1::1", ["::/0"], False, id="nor in 6to4"),
        pytest.param(ANY, ["0.0.0.0/0"], False, id="the unspecified address is loopback to a system"),
        pytest.param("224.0.0.1", ["0.0.0.0/0"], False, id="multicast"),
    ],
)
def test_a_self_hosted_destination_is_where_it_declares(address, cidrs, allowed):
    assert may(address, Hosting.SELF_HOSTED, cidrs) is allowed


@pytest.mark.parametrize(
    ("address", "allowed"), [("127.0.0.1", True), ("::1", True), ("10.0.0.1", False), (ANY, False)]
)
def test_the_demo_may_use_loopback_and_nothing_else(address, allowed):
    assert may(address, loopback_allowed=True) is allowed


def test_a_refusal_does_not_tell_the_address():
    with pytest.raises(NotAllowed, match="address_not_allowed") as refused:
        check_address("10.1.2.3", hosting=Hosting.PUBLIC_API, cidrs=[], loopback_allowed=False)
    assert "10.1" not in f"{refused.value} {refused.value.reason} {refused.value.remedy}"
