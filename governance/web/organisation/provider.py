"""What the identity provider says about a person: at sign-in, and again every quarter of an hour.

Source: OpenID Connect Core 1.0, sections 2 (ID token), 5.3 (userinfo) and 12 (refresh).
"""

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest

from governance.core.errors import NotAllowed, Unavailable
from governance.core.sealing import KeyRing, seal, unseal
from governance.organisation.rules import Identity

PROVIDER_ID = "sso"  # there is one; allauth wants a name for it
REFUSED = {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}


@dataclass(frozen=True, slots=True)
class Known:
    """The provider still knows the person: their groups now, and the tokens for the next check, sealed."""

    groups: tuple[str, ...]
    sealed: str


def identity_of(claims: dict[str, Any]) -> Identity:
    """Return who signed in. `claims` holds "id_token" and "userinfo" as allauth read and checked them.

    Raises:
        NotAllowed: "provider_answer" when there is no ID token, or the two speak of different people.
    """
    signed, told = claims.get("id_token") or {}, claims.get("userinfo") or {}
    if not signed.get("sub") or told.get("sub", signed["sub"]) != signed["sub"]:
        raise NotAllowed("provider_answer", "The sign-in of your organisation gave an answer that cannot be used.")
    merged = {**signed, **told}
    return Identity(
        subject=f"{signed['iss']}|{signed['sub']}",
        login=str(merged.get("preferred_username") or merged.get("email") or ""),
        name=str(merged.get("name") or merged.get("preferred_username") or merged.get("email") or ""),
        email=str(merged.get("email") or ""),
        groups=groups_in(merged),
    )


def groups_in(claims: dict[str, Any]) -> tuple[str, ...]:
    """Return the names in the groups claim; () when it is absent or not a list, for no group is no role."""
    groups = claims.get(settings.OIDC_GROUPS_CLAIM)
    return tuple(str(group) for group in groups) if isinstance(groups, list) else ()


def proved_at(claims: dict[str, Any]) -> datetime | None:
    """Return when the person last entered a secret at the provider; None when it does not say (claim auth_time)."""
    seconds = (claims.get("id_token") or {}).get("auth_time")
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int | float) else None


def sealed_tokens(access: str, refresh: str, *, person: UUID) -> str:
    """Return the tokens for a session: whoever reads the database must not be able to use them."""
    plain = json.dumps({"access": access, "refresh": refresh}).encode()
    ring = KeyRing.load(settings.STORAGE_KEY_FILE)
    return base64.b64encode(seal(ring, plain, context=_place(person))).decode()


def look_again(request: HttpRequest, sealed: str, *, person: UUID) -> Known | None:
    """Ask the provider about a person once more; None: it knows them no more, or will not say without a new sign-in.

    A refresh token is asked first: providers refuse it for people who left, also where an access token still works.

    Raises:
        Unavailable: "provider_unreachable", also for answers that are neither yes nor no.
    """
    ring = KeyRing.load(settings.STORAGE_KEY_FILE)
    tokens = json.loads(unseal(ring, base64.b64decode(sealed), context=_place(person)))
    try:
        fresh = _refreshed(request, tokens) if tokens["refresh"] else tokens
        claims = _userinfo(request, fresh["access"]) if fresh else None
    except (OSError, ValueError, KeyError) as fault:  # requests' errors are OSErrors
        raise unreachable() from fault
    if fresh is None or claims is None:
        return None
    return Known(groups_in(claims), sealed_tokens(fresh["access"], fresh["refresh"], person=person))


def unreachable() -> Unavailable:
    return Unavailable(
        "provider_unreachable",
        "The sign-in of your organisation does not answer, so we cannot tell whether you still work here.",
        remedy="Try again in a minute.",
    )


def _refreshed(request: HttpRequest, tokens: dict[str, str]) -> dict[str, str] | None:
    provider = OpenIDConnectOAuth2Adapter(request, PROVIDER_ID)
    application = provider.get_provider().app
    asked = {"grant_type": "refresh_token", "refresh_token": tokens["refresh"]}
    named = {"client_id": application.client_id, "client_secret": application.secret}
    with get_adapter().get_requests_session() as session:
        if provider.basic_auth:
            answer = session.post(provider.access_token_url, data=asked, auth=tuple(named.values()))
        else:
            answer = session.post(provider.access_token_url, data=asked | named)
    # "This person may not" and a fault of our own set-up are both 400. Source: RFC 6749, section 5.2.
    if answer.status_code in REFUSED and answer.json().get("error") == "invalid_grant":
        return None
    answer.raise_for_status()
    given = answer.json()
    return {"access": given["access_token"], "refresh": given.get("refresh_token", tokens["refresh"])}


def _userinfo(request: HttpRequest, access: str) -> dict[str, Any] | None:
    url = OpenIDConnectOAuth2Adapter(request, PROVIDER_ID).profile_url
    with get_adapter().get_requests_session() as session:
        answer = session.get(url, headers={"Authorization": f"Bearer {access}"})
    if answer.status_code in REFUSED:
        return None
    answer.raise_for_status()
    claims: dict[str, Any] = answer.json()
    return claims


def _place(person: UUID) -> str:
    return f"organisation_session.provider_tokens:{person}"
