"""What was recorded, seen on its way into the outbox: the application may not read it back, and `db` never commits."""

import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection


@dataclass
class Recorded:
    """The bodies of the events inserted so far, oldest first. What a refusal rolls back was inserted nevertheless."""

    bodies: list[dict[str, Any]] = field(default_factory=list)

    def kinds(self, subject: object = "") -> list[str]:
        """Return the kinds about one subject ("kind:id" or the id alone), all of them when none is given."""
        return [body["kind"] for body in self.about(subject)]

    def about(self, subject: object) -> list[dict[str, Any]]:
        return [body for body in self.bodies if body["subject"].endswith(str(subject))]

    def text(self) -> str:
        """Return everything as one text, to search for what must not be there."""
        return json.dumps(self.bodies)


@contextmanager
def recording(recorded: Recorded):
    def watch(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if "INSERT INTO audit_outbox" in sql:
            values = params.values() if isinstance(params, dict) else params
            recorded.bodies += [json.loads(value) for value in values if isinstance(value, bytes)]
        return result

    with connection.execute_wrapper(watch):
        yield recorded


@pytest.fixture
def recorded():
    """Every event that the test records, by Django's connection of this thread."""
    with recording(Recorded()) as seen:
        yield seen
