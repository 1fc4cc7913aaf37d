"""Databricks' model serving, path by path; it takes what OpenAI's client sends as well."""

from governance.destinations.rules import Dialect
from governance.gateway.dialects.databricks.invocations import INVOCATIONS
from governance.gateway.dialects.openai.chat import CHAT
from governance.gateway.dialects.openai.completions import COMPLETIONS
from governance.gateway.dialects.openai.errors import body_of
from governance.gateway.dialects.openai.models import listing
from governance.gateway.dialects.openai.numbers import EMBEDDINGS
from governance.gateway.dialects.openai.responses import RESPONSES
from governance.gateway.dialects.wire_format import Route, WireFormat, bearer, lists_models, refused, scanned

ROUTES: tuple[Route, ...] = (
    scanned("POST", "/{model}/invocations", "Invocations", INVOCATIONS),
    scanned("POST", "/chat/completions", "Chat completions, as OpenAI's", CHAT),
    scanned("POST", "/completions", "Completions, as OpenAI's", COMPLETIONS),
    scanned("POST", "/embeddings", "Embeddings, as OpenAI's", EMBEDDINGS),
    scanned("POST", "/responses", "Responses, as OpenAI's", RESPONSES),
    lists_models("/models"),
    refused(
        "/{rest}/served-models/{rest}",
        "Calls of one served version",
        "A remit names the endpoint, not its parts.",
        "Call /{name}/invocations.",
    ),
)
DATABRICKS = WireFormat(
    Dialect.DATABRICKS, "Databricks", "/databricks/serving-endpoints", ROUTES, body_of, bearer, listing
)
