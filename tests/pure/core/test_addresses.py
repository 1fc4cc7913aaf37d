"""No name leads inside: every form of an internal address is refused."""

import pytest

from governance.core.addresses import check_address
from governance.core.errors import NotAllowed
from governance.core.vocabulary import Hosting

INTERNAL = [
    "0.0.0.1",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.1.2.3",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.0.170",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:8.8.8.8",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:10::1",
    "2001:db8::1",
    "2002:a9fe:a9fe::",
    "2002:7f00:1::",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "5f00::1",
]
PUBLIC = ["8.8.8.8", "1.1.1.1", "93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "2a00:1450:4001:81b::200e"]
NO_ADDRESS = [
    "0xA9FEA9FE",
    "2852039166",
    "0251.0376.0251.0376",
    "127.1",
    "fe80::1%eth0",
    "①②⑦.0.0.1",
    "",
    "localhost",
    "8.8.8.8 ",
]


def check(address, *, hosting=Hosting.PUBLIC_API, cidrs=(), loopback=False):
    check_address(address, hosting=hosting, cidrs=cidrs, loopback_allowed=loopback)


@pytest.mark.parametrize("address", INTERNAL + NO_ADDRESS)
def test_a_public_provider_is_never_inside(address):
    with pytest.raises(NotAllowed) as refused:
        check(address)
    assert refused.value.code == "address_not_allowed"
    assert not address or address not in refused.value.reason


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_provider_is_at_a_public_address(address):
    check(address)


def test_a_self_hosted_destination_is_in_the_networks_it_declares_and_nowhere_else():
    here = {"hosting": Hosting.SELF_HOSTED, "cidrs": ["10.20.0.0/16", "fd12::/16"]}
    check("10.20.3.4", **here)
    check("fd12::1", **here)
    for address in ("10.21.0.1", "8.8.8.8", "169.254.169.254"):
        with pytest.raises(NotAllowed):
            check(address, **here)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "169.254.169.254", "::"])
def test_a_declared_network_does_not_open_this_machine(address):
    with pytest.raises(NotAllowed):
        check(address, hosting=Hosting.SELF_HOSTED, cidrs=["0.0.0.0/0", "::/0"])


def test_loopback_is_open_where_it_is_allowed_and_nothing_else_is():
    check("127.0.0.1", loopback=True)
    check("::1", loopback=True)
    with pytest.raises(NotAllowed):
        check("10.0.0.1", loopback=True)
