"""Readers of pages: signed in, and asked for their secret a moment ago unless a test says otherwise."""

import pytest
from django.test import Client

import builders
from governance.core.clock import now
from governance.organisation.roles import Role
from governance.web.frame.access import STEPPED_UP


@pytest.fixture
def enter(db):
    """Return a function that signs a person in and returns their browser."""

    def signed_in(person, *, stepped_up=True):
        client = Client()
        client.force_login(person)
        if stepped_up:
            session = client.session
            session[STEPPED_UP] = now().timestamp()
            session.save()
        return client

    return signed_in


@pytest.fixture
def signed_in(enter):
    """Return a function that signs somebody new in, with roles on a unit, the whole organisation unless given."""

    def newcomer(*roles, where=None):
        return enter(builders.person(None, where, roles=roles))

    return newcomer


@pytest.fixture
def lead(claims):
    return builders.person(Role.REQUESTER, claims, name="Lena Lead")


@pytest.fixture
def it(group):
    return builders.person(Role.IT_APPROVER, group, name="Ines Approver")


@pytest.fixture
def steward(group):
    return builders.person(Role.DATA_STEWARD, group, name="Sanna Steward")
