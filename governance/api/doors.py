"""An endpoint states its permission, what it takes and what it gives; the document and the checks follow from that."""

import functools
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.crypto import salted_hmac
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from governance.api.auth import Caller, caller_of
from governance.api.parsing import In, Out
from governance.api.schema import REFUSALS
from governance.core.clock import now
from governance.core.errors import NotAllowed
from governance.core.verdict import require
from governance.organisation.permissions import may
from governance.work.services import repeatable

Handler = Callable[..., Response]
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    location=OpenApiParameter.HEADER,
    description="Send the same key with the same body to be sure that a write happens once: the first answer comes again.",
    required=False,
    type={"type": "string", "maxLength": 128, "pattern": "^[!-~]+$"},
)
STEP_UP = "Over a session: only within five minutes of entering one's secret at /step-up/."
IN_PERSON = "Only over a session: a key is refused."


@dataclass(frozen=True, slots=True)
class Access:
    """What the methods of an endpoint need, e.g. {"get": "catalogue:dataset:read"}."""

    permissions: tuple[tuple[str, str], ...]
    step_up: bool = False
    public: str = ""


class Endpoint(APIView):
    """One resource. Its methods are doors; each begins with the caller and the checked input."""

    access: ClassVar[Access]

    def __init_subclass__(cls) -> None:
        doors = {name: handler for name, handler in vars(cls).items() if hasattr(handler, "permission")}
        careful = any(getattr(handler, "step_up", False) for handler in doors.values())
        cls.access = Access(tuple((name, handler.permission) for name, handler in doors.items()), step_up=careful)

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        view: Any = super().as_view(**initkwargs)
        view.access = cls.access
        return view


def reads(permission: str, *, gives: Any, asks: type[In] | None = None, says: str) -> Callable[[Handler], Handler]:
    """Make a method answer GET: `def get(self, caller, ask, **ids)`. `asks` checks the query; `gives` shapes the answer."""

    def opened(handler: Handler) -> Handler:
        @extend_schema(parameters=[asks] if asks else [], responses={200: gives, **REFUSALS}, summary=says)
        @functools.wraps(handler)
        def door(self: Endpoint, request: Request, **ids: Any) -> Response:
            caller = admitted(request, permission, writes=False)
            return handler(self, caller, checked(asks, request.query_params.dict()), **ids)

        door.permission = permission  # type: ignore[attr-defined]
        return door

    return opened


def writes(
    permission: str,
    *,
    says: str,
    takes: type[In] | None = None,
    gives: type[Out] | None = None,
    status: int = 200,
    step_up: bool = False,
    in_person: bool = False,
    told_once: tuple[str, ...] = (),
) -> Callable[[Handler], Handler]:
    """Make a method change something: `def post(self, caller, body, **ids)`, once for each idempotency key.

    A method that gives nothing back answers 204. `step_up`: a person must have entered their secret just now.
    `in_person`: no key will do. `told_once` names the fields of the answer that a repeated call does not get again.
    """
    status = status if gives else 204

    def opened(handler: Handler) -> Handler:
        responses = {status: gives or OpenApiResponse(description="Done."), **REFUSALS}
        notes = " ".join(note for note, holds in ((STEP_UP, step_up), (IN_PERSON, in_person)) if holds)

        @extend_schema(
            request=takes, responses=responses, parameters=[IDEMPOTENCY_KEY], summary=says, description=notes or None
        )
        @functools.wraps(handler)
        def door(self: Endpoint, request: Request, **ids: Any) -> Response:
            caller = admitted(request, permission, writes=True)
            _require_presence(caller, step_up=step_up, in_person=in_person)
            body = checked(takes, request.data)
            act = functools.partial(handler, self, caller, body, **ids)
            return _once(request, caller, act, status=status, told_once=told_once)

        door.permission = permission  # type: ignore[attr-defined]
        door.step_up = step_up  # type: ignore[attr-defined]
        return door

    return opened


def admitted(request: Request, permission: str, *, writes: bool) -> Caller:
    caller = caller_of(request)
    if writes and not caller.writes:
        raise NotAllowed("key_reads_only", "This key may only read.", remedy="Make a key with the scope api:write.")
    require(may(caller.standing, permission, None))
    return caller


def _require_presence(caller: Caller, *, step_up: bool, in_person: bool) -> None:
    if in_person and not caller.in_person:
        raise NotAllowed(
            "person_needed", "A person answers for this, not a program.", remedy="Sign in and do it there."
        )
    if step_up and not caller.stepped_up:
        raise NotAllowed(
            "step_up_needed", "This needs your secret again.", remedy="Enter it at /step-up/, then repeat."
        )


def checked(shape: type[In] | None, data: Any) -> dict[str, Any]:
    serializer = (shape or In)(data=data if data is not None else {})
    serializer.is_valid(raise_exception=True)
    checked: dict[str, Any] = serializer.validated_data
    return checked


def _once(
    request: Request, caller: Caller, act: Callable[[], Response], *, status: int, told_once: tuple[str, ...]
) -> Response:
    """Act, or give the first answer again to a repeated call. Without a key every call acts."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return _with_status(act(), status)
    with repeatable(key=key, body_digest=_digest(request), by=caller.actor, at=now()) as call:
        if not call.is_replay:
            response = _with_status(act(), status)
            call.answer(response.status_code, _without(response.data, told_once))
            return response
        return Response(call.response, status=call.status)


def _digest(request: Request) -> str:
    # Keyed: a body may hold a password, and a bare hash of it could be guessed from a copy of the database.
    place = f"{request.method} {request.path}\n".encode()
    # Not the canonical form: that has no numbers beyond 2**53, and a body that is refused may hold any.
    written = json.dumps(request.data or {}, sort_keys=True).encode()
    return salted_hmac("governance.api.once", place + written, algorithm="sha256").hexdigest()


def _without(answer: Any, told_once: tuple[str, ...]) -> Any:
    """Return an answer as it may be kept: what is told once is not in it."""
    if not isinstance(answer, dict) or not told_once:
        return answer
    return {name: "" if name in told_once else _without(value, told_once) for name, value in answer.items()}


def _with_status(response: Response, status: int) -> Response:
    response.status_code = status
    return response
