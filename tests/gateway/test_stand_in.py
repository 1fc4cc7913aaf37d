"""The demo's provider: it speaks OpenAI's format, says what it is and what reached it, and exists in the demo only."""

import os
import subprocess
import sys

import openai
import pytest

import sending
from governance.stack.places import ROOT

COMMAND = [sys.executable, "-m", "governance.stack.stand_in", "--port"]


@pytest.fixture(scope="module")
def client():
    port = sending.free_port()
    process = subprocess.Popen([*COMMAND, str(port)], cwd=ROOT, env=os.environ | {"REMIT_DEMO": "on"})
    sending.wait_for(port)
    yield openai.OpenAI(base_url=f"http://127.0.0.1:{port}/v1", api_key="none")
    process.terminate()
    process.wait(timeout=5)


def ask(client, **more):
    return client.chat.completions.create(
        model="stand-in-chat", messages=[{"role": "user", "content": "Hello <PERSON_1>"}], **more
    )


def test_it_says_what_it_is_and_what_reached_it(client):
    answer = ask(client).choices[0].message.content
    assert "stand-in" in answer
    assert answer.endswith("Hello <PERSON_1>")


def test_a_stream_says_the_same(client):
    whole = ask(client).choices[0].message.content
    parts = [piece.choices[0].delta.content or "" for piece in ask(client, stream=True)]
    assert "".join(parts).strip() == whole


def test_it_lists_its_models(client):
    assert [model.id for model in client.models.list()] == ["stand-in-chat", "stand-in-large"]


def test_outside_the_demo_it_does_not_start():
    environment = {name: value for name, value in os.environ.items() if name != "REMIT_DEMO"}
    ended = subprocess.run([*COMMAND, "1"], check=False, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert "demo mode only" in ended.stderr
