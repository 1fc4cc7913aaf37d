"""What every endpoint may also answer, for the OpenAPI document."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers

from governance.api.parsing import Out


class Described(AutoSchema):
    """Names an operation by its method and resource, e.g. get_Dataset, which no other has."""

    def get_operation_id(self) -> str:
        return f"{self.method.lower()}_{type(self.view).__name__}"


class FaultOut(Out):
    field = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemOut(Out):
    """Problem details (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Stable and machine-readable.")
    detail = serializers.CharField(help_text="A sentence for people.")
    field = serializers.CharField(required=False, help_text="The input at fault.")
    remedy = serializers.CharField(required=False, help_text="What to do next.")
    errors = FaultOut(many=True, required=False)  # type: ignore[assignment]  # the name of RFC 9457's examples
    request_id = serializers.CharField()


REFUSALS: dict[Any, Any] = {
    (status, "application/problem+json"): OpenApiResponse(ProblemOut, description=description)
    for status, description in {
        400: "The input is not as described here.",
        401: "Nobody is signed in, or the key is unknown, expired or revoked.",
        403: "The caller may not do this.",
        404: "There is no such thing, or it is not the caller's to see.",
        405: "This resource has no such method.",
        406: "None of the accepted forms is offered.",
        409: "Somebody or something was here before.",
        413: "The body is too large.",
        415: "The body is not JSON.",
        422: "The input is well formed, but a rule stands against it.",
        429: "Too many calls.",
        503: "Something Remit needs does not answer; nothing was done.",
    }.items()
}


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "governance.api.auth.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A key with the scope api:read or api:write."}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "governance.api.auth.SignedIn"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}


UPLOADS = (  # place, operation, summary, media types, further parameters
    (
        "/api/v1/initiatives/{code}/training-sets",
        "put_TrainingSetBytes",
        "Send a training set (JSONL), sealed while it arrives, and have it scanned.",
        ("application/jsonl",),
        ("title",),
    ),
    (
        "/api/v1/evaluation-sets/{ref}/items",
        "put_EvaluationSetItems",
        "Send the items of an evaluation set (JSON lines, CSV or Parquet): only keyed fingerprints of them stay.",
        ("application/jsonl", "text/csv", "application/vnd.apache.parquet"),
        (),
    ),
)


def with_uploads(result: dict[str, Any], **_asked: Any) -> dict[str, Any]:
    """Add the operations that Django does not serve: files that are sealed while they arrive (governance.api.uploads)."""
    refusals = result["paths"]["/api/v1/initiatives"]["post"]["responses"]
    text = {"type": "string"}
    made = dict.fromkeys(("id", "title", "digest", "state"), text) | {"bytes": {"type": "integer"}}
    shape = {"type": "object", "required": list(made), "properties": made}
    for place, operation, summary, types, asked in UPLOADS:
        named = place.partition("{")[2].partition("}")[0]
        result["paths"][place] = {
            "put": {
                "operationId": operation,
                "summary": summary,
                "parameters": [
                    {"in": "path", "name": named, "required": True, "schema": text},
                    *({"in": "query", "name": name, "required": True, "schema": text} for name in asked),
                    {"in": "header", "name": "Content-Digest", "schema": text, "description": "RFC 9530, sha-256."},
                ],
                "requestBody": {"required": True, "content": {kind: {"schema": text} for kind in types}},
                "security": [{"key": []}],
                "responses": {
                    "201": {"description": "Received.", "content": {"application/json": {"schema": shape}}},
                    **{status: answer for status, answer in refusals.items() if status != "201"},
                },
            }
        }
    return result
