"""Signing in by OpenID Connect, against a real provider on loopback (oidc-provider-mock): synthetic people only."""

import json
from datetime import timedelta
from http.client import HTTPConnection
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from oidc_provider_mock import run_server_in_thread

import builders
from builders import INSTALLER
from governance.core.clock import now
from governance.core.errors import NotAllowed
from governance.organisation import services
from governance.organisation.models import Person, RoleGrant, Session
from governance.organisation.roles import Role
from governance.organisation.rules import PROVIDER_CHECKED_EVERY
from governance.settings.readers import openid_connect
from governance.web.frame.access import STEPPED_UP
from governance.web.organisation import provider
from governance.web.organisation.sessions import CHECKED, TOKENS

pytestmark = pytest.mark.django_db
OWN_PAGE = "/step-up/"


def send(url, body=b"", method="POST"):
    """Return the address that the provider answers with, "" when it answers without one."""
    at = urlsplit(url)
    form = "application/x-www-form-urlencoded" if method == "POST" else "application/json"
    connection = HTTPConnection(at.hostname, at.port, timeout=5)
    try:
        connection.request(method, f"{at.path}?{at.query}", body, {"Content-Type": form})
        return connection.getresponse().headers.get("Location", "")
    finally:
        connection.close()


class Provider:
    """One identity provider, and what an administrator does there."""

    def __init__(self, port):
        self.issuer = f"http://localhost:{port}"

    def know(self, sub, **claims):
        send(f"{self.issuer}/users/{sub}", json.dumps(claims).encode(), "PUT")

    def remove(self, sub):
        send(f"{self.issuer}/users/{sub}/revoke-tokens")


@pytest.fixture(scope="module")
def server_of_people():
    with run_server_in_thread() as server:
        yield server.server_port


@pytest.fixture
def idp(server_of_people, settings):
    provider = Provider(server_of_people)
    configure(settings, provider.issuer)
    provider.know("ana", name="Ana Example", preferred_username="ana", email="ana@example.invalid", groups=["builders"])
    return provider


def configure(settings, issuer):
    settings.OIDC_ISSUER = issuer
    settings.SOCIALACCOUNT_PROVIDERS = openid_connect(
        issuer=issuer,
        client_id="remit",
        secret="synthetic",
        scopes=["openid", "profile", "email"],
        token_auth="client_secret_basic",  # the only way this provider takes a refresh token
    )


def arrive(client, sub="ana", query="?next=/inbox/"):
    """Go through the whole sign-in and return Remit's last answer."""
    asked = client.get(f"/sign-in/provider/{query}")
    back = urlsplit(send(asked["Location"], urlencode({"sub": sub}).encode()))
    return client.get(f"{back.path}?{back.query}")


def is_inside(client):
    return client.get(OWN_PAGE).status_code == 200


def make_due(client):
    session = client.session
    session[CHECKED] -= PROVIDER_CHECKED_EVERY.total_seconds()
    session.save()


def person_of(idp, sub="ana"):
    return Person.objects.get(subject=f"{idp.issuer}|{sub}")


def roles_of(person):
    return {grant.role for grant in RoleGrant.objects.filter(person=person, ends_at=None)}


@pytest.fixture
def builders_group(claims):
    services.map_group(group="builders", role=Role.BUILDER, unit_id=claims.pk, by=INSTALLER, at=builders.AT)


def test_a_person_is_made_at_the_first_sign_in(client, idp, builders_group, recorded):
    answer = arrive(client)
    assert (answer.status_code, answer["Location"]) == (302, "/inbox/")
    assert is_inside(client)
    ana = person_of(idp)
    assert (ana.login, ana.name, ana.email) == ("ana", "Ana Example", "ana@example.invalid")
    assert roles_of(ana) == {Role.BUILDER}
    assert recorded.kinds(ana.pk) == ["organisation.person_made", "organisation.role_given", "organisation.signed_in"]


def test_the_same_person_comes_back_and_follows_their_groups(client, idp, builders_group):
    arrive(client)
    idp.know("ana", name="Ana Example", groups=[])
    arrive(client)
    assert Person.objects.filter(subject__endswith="|ana").count() == 1
    assert roles_of(person_of(idp)) == set()


def test_nobody_becomes_somebody_else_by_choosing_their_login(client, idp, owner_person):
    idp.know("mallory", preferred_username=owner_person.login, email=owner_person.email)
    arrive(client, "mallory")
    mallory = person_of(idp, "mallory")
    assert mallory.pk != owner_person.pk
    assert mallory.login.startswith(f"{owner_person.login}-")


def test_only_our_own_parameters_are_sent_to_the_provider(client, idp):
    asked = client.get("/sign-in/provider/?auth_params=prompt%3Dnone%26redirect_uri%3Dhttps://evil.example&scope=admin")
    sent = parse_qs(urlsplit(asked["Location"]).query)
    assert sent["redirect_uri"] == ["http://testserver/sign-in/sso/return/"]
    assert set(sent["scope"][0].split()) == {"openid", "profile", "email"}
    assert sent["code_challenge_method"] == ["S256"]
    assert "prompt" not in sent


def test_an_answer_that_nobody_asked_for_is_refused(client, idp, recorded):
    answer = client.get("/sign-in/sso/return/?code=x&state=y")
    assert answer.status_code == 401
    assert recorded.kinds() == ["organisation.sign_in_refused"]


def test_a_person_who_was_shut_out_here_stays_out(client, idp, admin):
    arrive(client)
    services.deactivate_person(person_id=person_of(idp).pk, by=admin, at=now())
    assert not is_inside(client)
    assert arrive(client).status_code == 403
    assert not is_inside(client)


def test_the_tokens_are_not_readable_in_the_session(client, idp):
    arrive(client)
    kept = client.session[TOKENS]
    assert "access" not in kept
    assert "refresh" not in kept


# The check every quarter of an hour


def test_the_provider_is_not_asked_before_the_check_is_due(client, idp):
    arrive(client)
    idp.remove("ana")
    assert is_inside(client)


def test_a_person_removed_at_the_provider_is_out_at_the_next_check(client, idp, recorded):
    arrive(client)
    idp.remove("ana")
    make_due(client)
    assert not is_inside(client)
    assert recorded.about(person_of(idp).pk)[-1]["detail"] == {"code": "left_provider", "sessions": 0}


def test_every_browser_of_a_removed_person_is_signed_out(client, idp):
    from django.test import Client

    other = Client()
    arrive(client)
    arrive(other)
    idp.remove("ana")
    make_due(client)
    client.get(OWN_PAGE)
    assert not Session.objects.filter(person=person_of(idp)).exists()
    assert not is_inside(other)


def test_a_check_passes_and_follows_the_groups(client, idp, builders_group, recorded):
    arrive(client)
    before = client.session[CHECKED]
    make_due(client)
    idp.know("ana", name="Ana Example", groups=[])
    assert is_inside(client)
    assert client.session[CHECKED] >= before
    assert roles_of(person_of(idp)) == set()
    assert recorded.kinds(person_of(idp).pk)[-1] == "organisation.provider_confirmed"


def test_a_second_check_works_with_the_tokens_of_the_first(client, idp):
    arrive(client)
    for _ in range(2):
        make_due(client)
        assert is_inside(client)


def test_a_provider_that_does_not_answer_lets_nobody_pass(client, idp, settings):
    arrive(client)
    make_due(client)
    configure(settings, "http://127.0.0.1:9")
    refused = client.get(OWN_PAGE)
    assert refused.status_code == 503
    assert "does not answer" in refused.content.decode()
    configure(settings, idp.issuer)
    assert is_inside(client)


def test_a_provider_that_is_down_cannot_be_signed_in_by(client, settings, db):
    configure(settings, "http://127.0.0.1:9")
    assert client.get("/sign-in/provider/").status_code == 503


def test_without_a_provider_there_is_no_such_door(client, db):
    assert client.get("/sign-in/provider/").status_code == 404
    assert client.get("/sign-in/sso/return/?code=x&state=y").status_code == 404


# Step-up


def test_the_provider_is_told_to_ask_for_the_secret_again(client, idp):
    sent = parse_qs(urlsplit(client.get("/sign-in/provider/?again=1")["Location"]).query)
    assert (sent["prompt"], sent["max_age"]) == (["login"], ["0"])


@pytest.mark.parametrize(
    ("ago", "counts"),
    [
        pytest.param(timedelta(seconds=5), True, id="a moment ago"),
        pytest.param(timedelta(hours=3), False, id="this morning"),
    ],
)
def test_a_sign_in_counts_as_proof_from_when_the_secret_was_entered(client, idp, ago, counts):
    idp.know("ana", name="Ana Example", auth_time=int((now() - ago).timestamp()))
    arrive(client, query="?again=1")
    assert (now().timestamp() - client.session[STEPPED_UP] < 300) is counts


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({}, id="no ID token"),
        pytest.param({"id_token": {"sub": "1"}}, id="no auth_time"),
        pytest.param({"id_token": {"sub": "1", "auth_time": "today"}}, id="not a number"),
        pytest.param({"userinfo": {"auth_time": 1}}, id="unsigned"),
    ],
)
def test_a_provider_that_does_not_say_when_proves_nothing(claims):
    assert provider.proved_at(claims) is None


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"userinfo": {"sub": "1"}}, id="no ID token"),
        pytest.param({"id_token": {"iss": "https://idp.example"}}, id="no subject"),
        pytest.param(
            {"id_token": {"iss": "https://idp.example", "sub": "1"}, "userinfo": {"sub": "2"}}, id="two people"
        ),
    ],
)
def test_an_answer_that_names_nobody_is_refused(claims):
    with pytest.raises(NotAllowed, match="provider_answer"):
        provider.identity_of(claims)


@pytest.mark.parametrize("groups", [None, "admins", {"admins": 1}])
def test_groups_that_are_no_list_are_no_groups(groups):
    assert provider.groups_in({"groups": groups}) == ()
