"""The API does what its OpenAPI document says, whatever is sent: no fault, no answer that the document does not name."""

from datetime import timedelta

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

import builders
from governance.core.clock import now
from governance.organisation.roles import Role
from governance.organisation.services import make_key
from governance.wsgi import application

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.fixture
def key(committed_db):
    """A key of somebody with every role, so that cases get past the permissions."""
    somebody = builders.person(roles=list(Role))
    at = now()
    _, text = make_key(
        title="cases", scope="api:write", expires_at=at + timedelta(days=1), by=builders.actor(somebody), at=at
    )
    return text


@schema.parametrize()
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)
def test_an_operation_answers_as_described(case, key):
    case.call_and_validate(headers={"Authorization": f"Bearer {key}"}, checks=CHECKS)
