"""No way of writing an internal address leads there: a listener counts who comes. The ways are told by the plain client, which does come."""

import asyncio
import socket
import time
from contextlib import suppress
from uuid import UUID

import aiohttp
import pytest

import prompt_samples as samples
from governance.detection.default_policy import DEFAULT_POLICY
from governance.gateway.decision import decide_prompt, strictest
from governance.gateway.faults import ProviderFault
from governance.gateway.permit import mint
from governance.gateway.upstream import Upstream

HERE = [
    *("127.0.0.1", "127.1", "127.0.1", "127.0.0.1.", "127.000.000.001", "127.0.0.2", "127.255.255.254"),
    *("2130706433", "0x7f000001", "0x7F000001", "0x7f.0.0.1", "0x7f.1", "0x7f.0x0.0x0.0x1", "0X7f.1"),
    *("0177.0.0.1", "0177.1", "017700000001", "0177.0.0.01", "127.0x1", "0x7f.0.1", "00000177.1"),
    *("0", "0.0.0.0", "0x0", "00", "0.0", "0.0.0"),  # noqa: S104 - nobody binds to it
    *("localhost", "LOCALHOST", "LocalHost", "localhost.", "ip6-localhost"),
    *("[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[0000::0001]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]"),
    *("[64:ff9b::7f00:1]", "[64:ff9b::127.0.0.1]", "[2002:7f00:1::]", "[::ffff:0:127.0.0.1]", "[::1%25lo]"),
    *("①②⑦.⓪.⓪.①", "１２７.0.0.1", "127。0。0。1", "127｡0｡0｡1", "𝟏𝟐𝟕.0.0.1", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ"),  # noqa: RUF001 - ambiguous is what they are
    *("8.8.8.8@127.0.0.1", "127.0.0.1:80@127.0.0.1", "%31%32%37.0.0.1", "127.0.0.1%2e"),
]
LEAST_FORMS, LEAST_REAL = 40, 15
PUBLIC, INSIDE = "93.184.215.14", "127.0.0.1"


@pytest.fixture
async def listener():
    """A port of this machine and who has come to it."""
    came = []

    async def note(_reader, writer) -> None:
        came.append(writer.get_extra_info("peername"))
        writer.close()

    server = await asyncio.start_server(note, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    yield port, came
    server.close()


async def send(base_url: str) -> ProviderFault:
    """Try to send a permitted prompt there; return how that was refused."""
    asked = samples.prompt()
    report, offer = samples.report(asked), samples.offer(base_url=base_url)
    decision = decide_prompt(report, policy=DEFAULT_POLICY, conditions=strictest([offer]), fixed=())
    permit = mint(
        asked,
        report,
        decision,
        ruleset=samples.RULESET,
        justified=False,
        released=False,
        exchange=UUID(int=7),
        destination=offer.destination,
        path="/chat/completions",
        grants=(offer.grant,),
        moment=time.monotonic(),
    )
    upstream = Upstream(timeout_s=2, loopback_allowed=False)
    try:
        with pytest.raises(ProviderFault) as refused:
            await upstream.send(permit, asked.body, offer, headers={})
    finally:
        await upstream.close()
    return refused.value


async def come(host: str, port: int) -> None:
    """Be a client that checks nothing: go where the library leads, and where the system's own reading of the name does."""
    with suppress(aiohttp.ClientError, ValueError, OSError):
        async with aiohttp.ClientSession() as session, session.post(f"http://{host}:{port}/v1", data=b"x"):
            pass
    with suppress(OSError, UnicodeError):
        socket.create_connection((host.strip("[]"), port), timeout=1).close()


@pytest.mark.parametrize("host", HERE)
async def test_nobody_comes(listener, host):
    port, came = listener
    refused = await send(f"http://{host}:{port}/v1")
    assert (came, refused.sent) == ([], False)
    assert refused.code in {"provider_address", "provider_unreachable"}


@pytest.mark.long
async def test_they_are_ways_to_this_machine(listener):
    port, came = listener
    real = 0
    for host in HERE:
        before = len(came)
        await come(host, port)
        await asyncio.sleep(0.01)
        real += len(came) > before
    assert len(HERE) >= LEAST_FORMS
    assert real >= LEAST_REAL


@pytest.fixture
async def names(monkeypatch):
    """Let every name lead where a test says, from one question to the next; and who asked."""
    answers, asked = [], []

    async def told(host, port, **_how):
        asked.append(host)
        found = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", told)
    return answers, asked


async def test_a_name_with_one_address_inside_is_refused_whole(listener, names):
    port, came = listener
    names[0].append([PUBLIC, INSIDE])
    refused = await send(f"http://two.example:{port}/v1")
    assert (refused.code, came) == ("provider_address", [])


async def test_a_name_that_changes_its_mind_is_asked_once(listener, names):
    """The address that was looked at is the one that is connected, wherever the name leads a moment later."""
    port, came = listener
    answers, asked = names
    answers += [[PUBLIC], [INSIDE]]
    refused = await send(f"http://rebinding.example:{port}/v1")
    assert (refused.code, refused.sent, came, asked) == ("provider_unreachable", False, [], ["rebinding.example"])
