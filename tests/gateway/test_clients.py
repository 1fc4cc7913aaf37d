"""The official clients, with another base URL and key and nothing else changed: what they get, and what leaves."""

import hashlib
import json

import pytest

import sending
import talking
from governance.gateway.models import Exchange
from governance.gateway.routes import scanned_routes
from harness.databases import connected_to

pytestmark = pytest.mark.services
CLEAN = "Please make this sentence shorter: we would be glad to be of service to you at any time."
PERSONAL = "Write to maria.keller@example.org that her order is late."
SECRET = "Why does this fail? aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYzLq3kT9vWx"
WAYS = [pytest.param(way, id=way.id) for way in talking.WAYS]
ONE_OF_EACH = [pytest.param(way, id=surface) for surface, way in {way.surface: way for way in talking.WAYS}.items()]


@pytest.fixture
def sent(recording):
    before = len(recording.bodies())
    return lambda: recording.bodies()[before:]


@pytest.fixture(scope="module")
def key(stack, recording, django_db_setup, django_db_blocker):
    """The key of an initiative that may use a recorder of each dialect."""
    with django_db_blocker.unblock(), connected_to(stack.database):
        return sending.granted_everywhere(recording).key


@pytest.mark.parametrize("way", WAYS)
def test_a_clean_text_is_answered_and_what_left_is_what_was_scanned(gateway, key, recording, sent, way):
    assert way.ask(gateway.gateway, key, CLEAN)
    (body,) = sent()
    assert CLEAN in json.dumps(json.loads(body))
    exchange = sending.until_closed(Exchange.objects.order_by("-at").first().pk)
    assert (exchange.surface, exchange.state, exchange.verdict) == (way.surface, "completed", "allow")
    assert exchange.request_digest == hashlib.sha256(body).hexdigest()
    head = json.dumps(recording.heads()[-1])
    assert sending.PROVIDER_SECRET in head
    assert key not in head


@pytest.mark.parametrize("way", WAYS)
def test_a_secret_is_refused_with_the_clients_own_error(gateway, key, sent, way):
    with pytest.raises(way.refused) as refused:
        way.ask(gateway.gateway, key, SECRET)
    assert "SECRET" in str(refused.value)
    assert "wJalr" not in str(refused.value)
    assert sent() == []


@pytest.mark.parametrize("way", ONE_OF_EACH)
def test_personal_data_leaves_as_placeholders(gateway, key, sent, way):
    way.ask(gateway.gateway, key, PERSONAL)
    (body,) = sent()
    assert b"example.org" not in body
    assert b"<EMAIL_ADDRESS_" in body


def test_each_scanned_surface_has_been_asked_by_an_official_client():
    surfaces = {route.surface.name for _, route in scanned_routes() if route.surface}
    assert surfaces == {way.surface for way in talking.WAYS}
