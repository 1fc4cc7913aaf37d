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
from harness.databases import connected_to

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


short = described(["examples", "fuzzing"])
whole = described(["examples", "coverage", "fuzzing"])


@pytest.fixture(scope="module")
def key(server, django_db_setup, django_db_blocker):
    """A key of somebody with every role, so that cases get past the permissions. What cases write stays in its database."""
    name = server.clone()
    with django_db_blocker.unblock(), connected_to(name):
        somebody, at = builders.person(roles=list(Role)), now()
        ends = at + timedelta(days=1)
        _, text = make_key(title="cases", scope="api:write", expires_at=ends, by=builders.actor(somebody), at=at)
        yield text
    server.drop(name)


@short.parametrize()
@tried(8)
def test_an_operation_answers_as_described(case, key):
    case.call_and_validate(headers={"Authorization": f"Bearer {key}"}, checks=CHECKS)


@pytest.mark.long
@whole.parametrize()
@tried(60)
def test_an_operation_answers_as_described_at_length(case, key):
    case.call_and_validate(headers={"Authorization": f"Bearer {key}"}, checks=CHECKS)
