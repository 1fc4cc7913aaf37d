"""The way in by the identity provider: allauth speaks the protocol, people and sessions are made by our own services."""

from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthError, AuthProcess
from allauth.socialaccount.providers.openid_connect.views import callback
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from governance.core.actors import Actor, ActorKind
from governance.core.clock import now
from governance.core.errors import DomainError, NotAllowed, NotSignedIn
from governance.organisation.services import admit_from_provider, refuse_sign_in
from governance.web.frame import errors
from governance.web.frame.access import public, request_id_of
from governance.web.frame.preferences import local_url
from governance.web.organisation import provider, sessions

PROVE_AGAIN = {"prompt": "login", "max_age": "0"}  # max_age makes the provider say when (claim auth_time)


def door(request: HttpRequest) -> Actor:
    """Return the actor of what happens before anybody is signed in."""
    return Actor(ActorKind.PROCESS, "sign_in", "sign-in", request_id=request_id_of(request))


@public("Sends the browser to the sign-in of the organisation and shows nothing.")
@require_GET
def provider_start(request: HttpRequest) -> HttpResponse:
    """Start a sign-in; with ?again=1 the provider asks for the secret even of somebody it knows (the step-up).

    Only our own parameters are sent on: allauth's own view would pass whatever a link asks for.
    """
    if not _is_set_up():
        raise Http404
    wanted = local_url(request, request.GET.get("next", ""))
    again = PROVE_AGAIN if request.GET.get("again") else {}
    try:
        chosen = get_adapter().get_provider(request, provider.PROVIDER_ID)
        answer: HttpResponse = chosen.redirect(request, AuthProcess.LOGIN, next_url=wanted, auth_params=dict(again))
    except OSError as fault:  # requests' errors are OSErrors
        raise provider.unreachable() from fault
    return answer


@public("Only an answer that the provider gave to this browser a moment ago opens it.")
@require_GET
def provider_return(request: HttpRequest, provider_id: str) -> HttpResponse:
    if not _is_set_up() or provider_id != provider.PROVIDER_ID:
        raise Http404
    answer: HttpResponse = callback(request, provider_id)
    return answer


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """allauth ends here: it has checked the answer, and would now write accounts of its own."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> NoReturn:
        try:
            answer = _enter(request, sociallogin)
        except DomainError as refused:
            refuse_sign_in(login="", code=refused.code, by=door(request), at=now())
            answer = errors.page(request, refused)
        raise ImmediateHttpResponse(answer)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,  # noqa: ARG002 - allauth names and passes it
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002 - the same
    ) -> NoReturn:
        if error == AuthError.CANCELLED:
            raise ImmediateHttpResponse(redirect("sign_in"))
        refused = _refusal_of(exception)
        refuse_sign_in(login="", code=refused.code, by=door(request), at=now())
        raise ImmediateHttpResponse(errors.page(request, refused))


def _enter(request: HttpRequest, sociallogin: SocialLogin) -> HttpResponse:
    at, claims = now(), sociallogin.account.extra_data
    person = admit_from_provider(identity=provider.identity_of(claims), by=door(request), at=at)
    sessions.begin(request, person, at=at, proved_at=provider.proved_at(claims))
    token = sociallogin.token
    sealed = provider.sealed_tokens(token.token, token.token_secret or "", person=person.pk)
    sessions.keep_provider(request, sealed, at=at)
    return redirect(local_url(request, sociallogin.state.get("next") or ""))


def _refusal_of(exception: Exception | None) -> DomainError:
    if isinstance(exception, OSError):
        return provider.unreachable()
    if isinstance(exception, NotAllowed):
        return exception
    return NotSignedIn(
        "provider_refused", "The sign-in of your organisation did not let you in.", remedy="Go back and sign in again."
    )


def _is_set_up() -> bool:
    return bool(get_adapter().list_apps(None, provider=provider.PROVIDER_ID))
