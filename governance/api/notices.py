"""What the caller was told in Remit."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, reads, writes
from governance.api.pages import ListAsk, listed, page_shape
from governance.api.parsing import Out
from governance.core.clock import now
from governance.notices import selectors, services

# A notice is its addressee's, whatever their roles: the permission is the one that every active person has.
OWN = "organisation:unit:read"


class NoticeOut(Out):
    id = serializers.UUIDField()
    kind = serializers.CharField()
    text = serializers.CharField()
    link = serializers.CharField(help_text="A path of a page.")
    made_at = serializers.DateTimeField()
    is_read = serializers.BooleanField()


class NoticesAsk(ListAsk):
    unread_only = serializers.BooleanField(required=False)


class Notices(Endpoint):
    @reads(OWN, asks=NoticesAsk, gives=page_shape(NoticeOut), says="One's own notices, the newest first.")
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        return listed(ask, _own, NoticeOut, person=caller.standing.person)


class NoticeReading(Endpoint):
    @writes(OWN, gives=NoticeOut, says="Note that one has read a notice.")
    def post(self, caller: Caller, body: dict[str, Any], notice: UUID) -> Response:
        selectors.notice(notice, person=caller.standing.person)
        services.mark_read(notice_id=notice, by=caller.actor, at=now())
        return Response(NoticeOut(selectors.notice(notice, person=caller.standing.person)).data)


def _own(*, person: UUID, **asked: Any) -> Any:
    return selectors.notices_of(person, **asked)
