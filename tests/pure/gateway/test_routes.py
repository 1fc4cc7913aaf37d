"""The table of paths: what is not in it does not exist, and what it does not scan it says why."""

import pytest

from governance.gateway.dialects.wire_format import Treatment
from governance.gateway.routes import FORMATS, door_of, format_of

NOT_SCANNED = {Treatment.REFUSED, Treatment.UNSUPPORTED}
LINES = [
    pytest.param(wire, route, id=f"{route.method} {wire.base}{route.path} {route.alt}".strip())
    for wire in FORMATS
    for route in wire.routes
]


def called(wire, route):
    method = "POST" if route.method == "ANY" else route.method
    path = (wire.base + route.path).replace("{model}", "quill/m-1").replace("{rest}", "x/y").replace("{batch}", "b_1")
    path = path.replace("{file}", f"file-set-{'0' * 32}").replace("{kept}", f"remit-{'0' * 32}")
    path = path.replace("{named}", "file_0")
    path = path.replace("{upload}", f"upload_{'0' * 32}")
    return door_of(method, path, alt=route.alt)


@pytest.mark.parametrize(("wire", "route"), LINES)
def test_each_line_is_found_by_its_own_path(wire, route):
    door = called(wire, route)
    assert (door.format, door.route) == (wire, route)
    assert door.model == ("quill/m-1" if "{model}" in route.path else "")


@pytest.mark.parametrize(("wire", "route"), LINES)
def test_each_line_says_what_its_caller_needs(wire, route):
    assert bool(route.surface) == (route.treatment is Treatment.SCANNED)
    assert bool(route.why and route.remedy) == (route.treatment in NOT_SCANNED)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/"),
        ("POST", "/v1/chat/completions"),
        ("POST", "//openai/v1/chat/completions"),
        ("POST", "/openai/v1/chat/completions/"),
        ("PUT", "/openai/v1/chat/completions"),
        ("POST", "/openai/v1/models"),
        ("GET", "/remit/v1/check"),
    ],
)
def test_anything_else_leads_nowhere(method, path):
    assert door_of(method, path) is None


def test_clients_of_a_format_are_answered_in_it():
    assert format_of("/openai/v1/nothing").dialect == "openai"
    assert format_of("/nowhere").dialect == "openai"


@pytest.mark.parametrize(
    ("path", "dry"),
    [
        pytest.param("/openai/v1/chat/completions", True, id="a scanned call"),
        pytest.param("/openai/v1/images/generations", True, id="a refused call is refused by name"),
        pytest.param("/openai/v1/models", None, id="what we answer ourselves"),
        pytest.param("/remit/v1/check", None, id="a dry run of a dry run"),
        pytest.param("/nothing/like/it", None, id="an unknown path"),
    ],
)
def test_a_dry_run_stands_before_the_path_of_a_call(path, dry):
    method = "GET" if path.endswith("models") else "POST"
    door = door_of(method, f"/remit/v1/check{path}")
    assert getattr(door, "dry", None) is dry


@pytest.mark.parametrize(
    ("asked", "passed_on"),
    [
        pytest.param("", None, id="none"),
        pytest.param(
            "context-1m-2025-08-07, files-api-2025-04-14", "context-1m-2025-08-07", id="one with unread fields"
        ),
        pytest.param("no-such-beta", None, id="an unknown one"),
        pytest.param(
            "prompt-caching-2024-07-31,interleaved-thinking-2025-05-14",
            "interleaved-thinking-2025-05-14,prompt-caching-2024-07-31",
            id="two that bring no field",
        ),
    ],
)
def test_only_betas_that_bring_no_unread_field_reach_anthropic(asked, passed_on):
    told = format_of("/anthropic/v1/messages").provider_headers(
        "synthetic", lambda name: {"anthropic-beta": asked}.get(name, "")
    )
    assert told.get("anthropic-beta") == passed_on
