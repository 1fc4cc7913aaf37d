"""An endpoint states its permission, what it takes and what it gives; the document and the checks follow from that."""

import functools
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from governance.api.auth import Caller, caller_of
from governance.api.parsing import In, Out
from governance.api.schema import REFUSALS
from governance.core.canonical import canonical
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
        doors = [(name, handler.permission) for name, handler in vars(cls).items() if hasattr(handler, "permission")]
        cls.access = Access(tuple(doors))

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
    permission: str, *, takes: type[In] | None = None, gives: type[Out] | None = None, status: int = 200, says: str
) -> Callable[[Handler], Handler]:
    """Make a method change something: `def post(self, caller, body, **ids)`, once for each idempotency key.

    A method that gives nothing back answers 204.
    """
    status = status if gives else 204

    def opened(handler: Handler) -> Handler:
        responses = {status: gives or OpenApiResponse(description="Done."), **REFUSALS}

        @extend_schema(request=takes, responses=responses, parameters=[IDEMPOTENCY_KEY], summary=says)
        @functools.wraps(handler)
        def door(self: Endpoint, request: Request, **ids: Any) -> Response:
            caller = admitted(request, permission, writes=True)
            body = checked(takes, request.data)
            return _once(request, caller, lambda: handler(self, caller, body, **ids), status)

        door.permission = permission  # type: ignore[attr-defined]
        return door

    return opened


def admitted(request: Request, permission: str, *, writes: bool) -> Caller:
    caller = caller_of(request)
    if writes and not caller.writes:
        raise NotAllowed("key_reads_only", "This key may only read.", remedy="Make a key with the scope api:write.")
    require(may(caller.standing, permission, None))
    return caller


def checked(shape: type[In] | None, data: Any) -> dict[str, Any]:
    serializer = (shape or In)(data=data if data is not None else {})
    serializer.is_valid(raise_exception=True)
    checked: dict[str, Any] = serializer.validated_data
    return checked


def _once(request: Request, caller: Caller, act: Callable[[], Response], status: int) -> Response:
    """Act, or give the first answer again to a repeated call. Without a key every call acts."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return _with_status(act(), status)
    place = f"{request.method} {request.path}\n".encode()
    digest = hashlib.sha256(place + canonical(request.data or {})).hexdigest()
    with repeatable(key=key, body_digest=digest, by=caller.actor, at=now()) as call:
        if not call.is_replay:
            response = _with_status(act(), status)
            call.answer(response.status_code, response.data)
            return response
        return Response(call.response, status=call.status)


def _with_status(response: Response, status: int) -> Response:
    response.status_code = status
    return response
