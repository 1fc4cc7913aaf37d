"""What Gemini's requests are made of. Source: the types of the official `google-genai` package, version 3.6.

Its servers take every field in camelCase and in snake_case; so does this. Sound and files at the provider cannot be scanned.
Tools that run at the provider are scanned whole, and a remit has to list them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from governance.gateway.dialects.enclosures import DOCUMENTS, PICTURES, Carried, carrying
from governance.gateway.dialects.replies import MOST_TOKENS, objects_in
from governance.gateway.dialects.shapes import (
    Shape,
    both_spellings,
    flag,
    free,
    listed,
    number,
    record,
    text,
    unscannable_field,
    word,
)
from governance.gateway.dialects.tools import Declared, host_of, unlisted
from governance.remits.tools import ProviderTool

MEDIA = unscannable_field("Pictures and sound cannot be scanned.")
ELSEWHERE = unscannable_field("It lies elsewhere, where it cannot be scanned.")
ANYTHING = free(only_objects=False)
COUNT = number(0, MOST_TOKENS, whole=True)


def spelled(fields: dict[str, Shape], *, required: frozenset[str] = frozenset()) -> Shape:
    return record(both_spellings(fields), required=required)


INLINE = carrying(
    Carried(("data",), media=("mimeType", "mime_type")),
    both_spellings({"displayName": text()}),
    only=DOCUMENTS | PICTURES,
)
FUNCTION_CALL = spelled(
    {
        "id": text(),
        "name": text(),
        "args": free(),
        "partialArgs": listed(free(), most=10_000),
        "willContinue": flag(),
    }
)
FUNCTION_RESPONSE = spelled(
    {
        "id": text(),
        "name": text(),
        "response": free(),
        "parts": listed(spelled({"inlineData": INLINE, "fileData": ELSEWHERE}), most=1000),
        "willContinue": flag(),
        "scheduling": text(),
    }
)
PART = spelled(
    {
        "text": text(),
        "thought": flag(),
        # Signed by the provider: what had to be replaced in it blocks.
        "thoughtSignature": text(fixed=True),
        "functionCall": FUNCTION_CALL,
        "functionResponse": FUNCTION_RESPONSE,
        "executableCode": spelled({"id": text(), "code": text(), "language": text()}),
        "codeExecutionResult": spelled({"id": text(), "outcome": text(), "output": text()}),
        "toolCall": free(),
        "toolResponse": free(),
        "partMetadata": free(),
        "inlineData": INLINE,
        "fileData": ELSEWHERE,
    }
)
CONTENT = spelled({"role": word("user", "model", "function", "system"), "parts": listed(PART, most=10_000)})
FUNCTION = spelled(
    {
        "name": text(),
        "description": text(),
        "parameters": free(),
        "parametersJsonSchema": ANYTHING,
        "response": free(),
        "responseJsonSchema": ANYTHING,
        "behavior": text(),
    },
    required=frozenset({"name"}),
)
WEB_TOOLS = ("googleSearch", "googleSearchRetrieval", "enterpriseWebSearch", "urlContext")
UNLISTED = ("retrieval", "computerUse", "fileSearch", "googleMaps", "parallelAiSearch", "exaAiSearch")
INNER = ("generateContentRequest", "generate_content_request")
TOOL = spelled(
    {
        "functionDeclarations": listed(FUNCTION, most=1000),
        **dict.fromkeys((*WEB_TOOLS, "codeExecution"), free()),
        "mcpServers": listed(free(), most=100),
        **{name: unlisted(name) for name in UNLISTED},
    }
)


def declares(tree: Mapping[str, Any], within: str = "") -> Iterator[Declared]:
    """Yield the tools of a body whose shape is known, in either spelling, and of a whole request inside it."""
    for index, tool in objects_in(tree.get("tools")):
        place = f"{within}tools[{index}]"
        for name, value in tool.items():
            if value is not None:
                yield from _of_field(name, value, f"{place}.{name}")
    for name in INNER:
        if inner := tree.get(name):
            yield from declares(inner, f"{name}.")


def _of_field(name: str, value: Any, place: str) -> Iterator[Declared]:
    if name in both_spellings(dict.fromkeys(WEB_TOOLS, ANYTHING)):
        yield Declared(name, place, ProviderTool.WEB)
    elif name in {"codeExecution", "code_execution"}:
        yield Declared(name, place, ProviderTool.CODE)
    elif name in {"mcpServers", "mcp_servers"}:
        for index, server in objects_in(value):
            yield Declared("mcp", f"{place}[{index}]", ProviderTool.MCP, _address(server))
    else:
        for index, function in objects_in(value):
            yield Declared(function["name"], f"{place}[{index}]")


def _address(server: Mapping[str, Any]) -> tuple[str, ...]:
    transport = server.get("streamableHttpTransport") or server.get("streamable_http_transport")
    return host_of(transport.get("url")) if isinstance(transport, dict) else ()


GENERATION = spelled(
    {
        "temperature": number(0, 2),
        "topP": number(0, 1),
        "topK": number(0, 1_000_000),
        "candidateCount": number(1, 128, whole=True),
        "maxOutputTokens": COUNT,
        "stopSequences": listed(text(), most=1000),
        "presencePenalty": number(-2, 2),
        "frequencyPenalty": number(-2, 2),
        "seed": number(-(2**63), 2**63 - 1, whole=True),
        "responseLogprobs": flag(),
        "logprobs": number(0, 20, whole=True),
        "responseMimeType": text(),
        "responseSchema": free(),
        "responseJsonSchema": ANYTHING,
        "responseFormat": ANYTHING,
        "responseModalities": listed(word("TEXT"), most=1),
        "thinkingConfig": spelled(
            {
                "includeThoughts": flag(),
                "thinkingBudget": number(-1, MOST_TOKENS, whole=True),
                "thinkingLevel": text(),
            }
        ),
        "mediaResolution": text(),
        "enableEnhancedCivicAnswers": flag(),
        "speechConfig": MEDIA,
        "imageConfig": MEDIA,
    }
)
ASKED = {
    "contents": listed(CONTENT, least=1, most=100_000),
    "systemInstruction": CONTENT,
    "tools": listed(TOOL, most=1000),
    "toolConfig": free(),
    "safetySettings": listed(free(), most=100),
    "generationConfig": GENERATION,
    "labels": free(),
    "serviceTier": text(),
    "cachedContent": ELSEWHERE,
}
