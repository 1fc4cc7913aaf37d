"""Bad input gets a clear error in OpenAI's shape, and not a byte of it leaves."""

import gzip
import json

import pytest

import sending
from governance.gateway.models import Exchange

pytestmark = pytest.mark.services
HELLO = [{"role": "user", "content": "Hello"}]


def body(**more) -> bytes:
    return json.dumps({"model": "recorder-1", "messages": HELLO} | more).encode()


def post(*args, **more):
    status, headers, told = sending.post(*args, **more)
    return status, headers, told["error"]


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        pytest.param(b"", 400, "json_syntax", id="nothing"),
        pytest.param(b"{", 400, "json_syntax", id="half a body"),
        pytest.param(b"[]", 400, "wrong_type", id="a list"),
        pytest.param(b'{"model":"recorder-1"}', 400, "field_missing", id="no messages"),
        pytest.param(b'{"model":"a","model":"b","messages":[]}', 400, "json_duplicate_key", id="the same key twice"),
        pytest.param(b"[" * 65 + b"]" * 65, 400, "json_depth", id="65 levels"),
        pytest.param(b"[" * 100_000, 400, "json_depth", id="100,000 levels"),
        pytest.param(body()[:-1] + b',"temperature":NaN}', 400, "json_number", id="NaN"),
        pytest.param(body()[:-1] + b',"temperature":1e999}', 400, "json_number", id="infinity by its digits"),
        pytest.param(body(user="a\u0000b"), 400, "json_nul", id="NUL"),
        pytest.param(body(user="\ud800"), 400, "json_surrogate", id="half a character"),
        pytest.param(b'{"model":"\xff"}', 400, "json_encoding", id="not UTF-8"),
        pytest.param('{"model":"a"}'.encode("utf-16"), 400, "json_encoding", id="UTF-16"),
        pytest.param(b"\xef\xbb\xbf{}", 400, "json_bom", id="a byte order mark"),
        pytest.param(body(messages={}), 400, "wrong_type", id="messages as an object"),
        pytest.param(body(messages=[]), 400, "wrong_type", id="no message at all"),
        pytest.param(body(messages=["Hello"]), 400, "wrong_type", id="a message as a text"),
        pytest.param(body(messages=[{"role": "king", "content": "x"}]), 400, "wrong_type", id="an unknown role"),
        pytest.param(body(messages=[{"role": "user", "content": 7}]), 400, "wrong_type", id="content as a number"),
        pytest.param(
            body(messages=[{"role": "user", "body": "x"}]), 400, "unknown_field", id="an unknown field inside"
        ),
        pytest.param(body(content_blocks="x"), 400, "unknown_field", id="an unknown field"),
        pytest.param(body(stream="yes"), 400, "wrong_type", id="a switch as a text"),
        pytest.param(body(temperature=True), 400, "wrong_type", id="a number as a switch"),
        pytest.param(body(n=0), 400, "wrong_type", id="a number out of range"),
        pytest.param(body(model=7), 400, "wrong_type", id="the model as a number"),
        pytest.param(body(model="nothing-like-it"), 400, "model_unknown", id="an unknown model"),
        pytest.param(
            body(messages=[{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:,x"}}]}]),
            403,
            "unscannable",
            id="an image",
        ),
        pytest.param(body(logit_bias={"50256": -100}), 403, "unscannable", id="token numbers"),
        pytest.param(body(web_search_options={}), 403, "tool_not_allowed", id="a web search"),
        pytest.param(body(stop=[0] * 20_000), 413, "json_too_many", id="more values than a body may hold"),
        pytest.param(body(user="x" * (4 * 1024**2)), 413, "body_too_large", id="a body over the limit"),
    ],
)
def test_it_is_refused_by_name(gateway, who, recording, raw, status, code):
    before = len(recording.bodies())
    answered, headers, error = post(gateway, who.key, raw)
    assert (answered, error["code"]) == (status, code)
    assert headers["x-should-retry"] == "false"
    assert set(error) >= {"message", "type", "param", "code", "request_id"}
    assert len(recording.bodies()) == before


def test_a_compressed_body_is_refused(gateway, who):
    status, _, error = post(gateway, who.key, gzip.compress(body()), headers={"Content-Encoding": "gzip"})
    assert (status, error["code"]) == (400, "encoding_not_supported")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/openai/v1/nothing"),
        ("POST", "/openai/v1/chat/completions/"),
        ("POST", "/openai/v1/chat/completions?x=1#"),
        ("POST", "//openai/v1/chat/completions"),
        ("PUT", "/openai/v1/chat/completions"),
        ("POST", "/v1/chat/completions"),
        ("POST", "/anthropic/v1/nothing"),
        ("GET", "/"),
    ],
)
def test_an_unknown_path_is_answered_before_anything_else(gateway, recording, method, path):
    before = len(recording.bodies())
    status, _, error = post(gateway, "no key at all", body(), method=method, path=path)
    expected = (401, "key_unknown") if "?" in path else (404, "no_such_path")
    assert (status, error["code"]) == expected
    assert len(recording.bodies()) == before


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        pytest.param("GET", "/openai/v1/files/f1/more", 404, "surface_unsupported", id="not understood"),
        pytest.param("GET", "/openai/v1/threads/t1", 403, "surface_refused", id="understood and not checkable"),
    ],
)
def test_a_listed_path_that_is_not_scanned_says_why_and_is_written_down(
    gateway, who, recording, method, path, status, code
):
    before = len(recording.bodies())
    answered, headers, error = post(gateway, who.key, None if method == "GET" else body(), method=method, path=path)
    assert (answered, error["code"], headers["x-should-retry"]) == (status, code, "false")
    assert error["remedy"]
    assert Exchange.objects.filter(initiative=who.initiative, error_code=code, state="refused").exists()
    assert len(recording.bodies()) == before


def test_an_unknown_field_whose_name_may_be_data_is_not_quoted(gateway, who):
    _, _, error = post(gateway, who.key, body(**{"Maria Keller's account": 1}))
    assert error["code"] == "unknown_field"
    assert "Keller" not in json.dumps(error)
