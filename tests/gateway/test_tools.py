"""The official clients declare tools: what the remit lists leaves, and anything else is refused in their own shape."""

import anthropic
import ollama
import openai
import pytest
from google import genai

import sending
import talking
from governance.gateway.models import Exchange
from governance.remits.tools import ToolRule
from harness.databases import connected_to

pytestmark = pytest.mark.services
SCHEMA = {"type": "object", "properties": {}}
LISTED = (ToolRule("look_up"), ToolRule("provider:mcp:tools.quill.example"))


@pytest.fixture(scope="module")
def key(stack, recording, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), connected_to(stack.database):
        return sending.granted_everywhere(recording, tools=LISTED).key


def chat(gateway, key, name):
    tools = [{"type": "function", "function": {"name": name, "parameters": SCHEMA}}]
    with talking.openai_client(gateway, key) as client:
        client.chat.completions.create(model=talking.MODEL, messages=talking.said("Hi"), tools=tools)


def respond_with_server(gateway, key, name):
    host = "tools.quill.example" if name == "look_up" else f"{name}.example"
    server = {"type": "mcp", "server_label": "t", "server_url": f"https://{host}/mcp", "require_approval": "never"}
    with talking.openai_client(gateway, key) as client:
        client.responses.create(model=talking.MODEL, input="Hi", tools=[server])


def message(gateway, key, name):
    tools = [{"name": name, "input_schema": SCHEMA}]
    with anthropic.Anthropic(base_url=f"{gateway}/anthropic", api_key=key, max_retries=0) as client:
        client.messages.create(model=talking.MODEL, max_tokens=9, messages=talking.said("Hi"), tools=tools)


def generate(gateway, key, name):
    tools = [genai.types.Tool(function_declarations=[genai.types.FunctionDeclaration(name=name)])]
    config = genai.types.GenerateContentConfig(tools=tools)
    client = talking.gemini_client(gateway, key)
    client.models.generate_content(model=talking.MODEL, contents="Hi", config=config)


def ollama_chat(gateway, key, name):
    tools = [{"type": "function", "function": {"name": name, "parameters": SCHEMA}}]
    client = talking.ollama_client(gateway, key)
    client.chat(model=talking.MODEL, messages=talking.said("Hi"), tools=tools)


WAYS = [
    pytest.param(chat, openai.PermissionDeniedError, id="openai"),
    pytest.param(respond_with_server, openai.PermissionDeniedError, id="an MCP server of responses"),
    pytest.param(message, anthropic.PermissionDeniedError, id="anthropic"),
    pytest.param(generate, genai.errors.ClientError, id="gemini"),
    pytest.param(ollama_chat, ollama.ResponseError, id="ollama"),
]


@pytest.mark.parametrize(("ask", "error"), WAYS)
def test_what_the_remit_lists_leaves_and_nothing_else(gateway, key, recording, ask, error):
    before = recording.count()
    with pytest.raises(error, match="wipe"):
        ask(gateway.gateway, key, "wipe")
    assert recording.count() == before
    assert Exchange.objects.order_by("-at", "-pk").first().error_code == "tool_not_allowed"
    ask(gateway.gateway, key, "look_up")
    assert recording.count() == before + 1
