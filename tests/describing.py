"""Cases of the OpenAPI document, made by schemathesis, and how an answer to one is judged."""

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from governance.wsgi import application

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
UPLOADS = [
    "put_TrainingSetBytes",
    "put_EvaluationSetItems",
]  # served ahead of Django, and tested with the real web process


def described(phases):
    """Return the document, to be tried in these phases."""
    document = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application).exclude(operation_id=UPLOADS)
    document.config.phases.update(phases=phases)
    return document


def tried(most):
    slow = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much]
    return settings(max_examples=most, deadline=None, derandomize=True, suppress_health_check=slow)
