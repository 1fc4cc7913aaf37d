"""What the caller was told in Remit."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, reads, writes
from governance.api.pages import ListAsk, listed, page_shape
from governance.api.parsing import In, Out, Text
from governance.core.clock import now
from governance.notices import selectors, services
from governance.notices.kinds import Group
from governance.notices.timing import MailWish

# A notice is its addressee's, whatever their roles: the permission is the one that every active person has.
OWN = "organisation:unit:read"


class NoticeOut(Out):
    id = serializers.UUIDField()
    kind = serializers.CharField()
    group = serializers.ChoiceField(list(Group))
    text = serializers.CharField()
    link = serializers.CharField(help_text="A path of a page.")
    made_at = serializers.DateTimeField()
    is_read = serializers.BooleanField()


class NoticesAsk(ListAsk):
    unread_only = serializers.BooleanField(required=False)
    group = serializers.ChoiceField(list(Group), required=False)


class ReadOut(Out):
    read = serializers.IntegerField(help_text="How many were unread before.")


class MailOut(Out):
    """How one hears of each group by e-mail."""

    decisions = serializers.ChoiceField(list(MailWish))
    requests = serializers.ChoiceField(list(MailWish))
    ownership = serializers.ChoiceField(list(MailWish))
    refusals = serializers.ChoiceField(list(MailWish))
    security = serializers.ChoiceField(list(MailWish))
    digests = serializers.ChoiceField(list(MailWish))


class MailIn(In):
    decisions = serializers.ChoiceField(list(MailWish))
    requests = serializers.ChoiceField(list(MailWish))
    ownership = serializers.ChoiceField(list(MailWish))
    refusals = serializers.ChoiceField(list(MailWish))
    security = serializers.ChoiceField([wish for wish in MailWish if wish is not MailWish.NEVER])
    digests = serializers.ChoiceField(list(MailWish))


class PreferencesOut(Out):
    mail = MailOut()
    quiet_from = serializers.TimeField(allow_null=True, source="quiet.start", default=None)
    quiet_until = serializers.TimeField(allow_null=True, source="quiet.end", default=None)
    time_zone = serializers.CharField(source="own_zone", help_text='An IANA name; "": that of one\'s unit.')
    unit_zone = serializers.CharField()


class PreferencesIn(In):
    mail = MailIn()
    quiet_from = serializers.TimeField(allow_null=True, format="%H:%M", input_formats=["%H:%M"])
    quiet_until = serializers.TimeField(allow_null=True, format="%H:%M", input_formats=["%H:%M"])
    time_zone = Text(allow_blank=True, max_length=64)


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


class AllNoticesReading(Endpoint):
    @writes(OWN, gives=ReadOut, says="Note that one has read all one's notices.")
    def post(self, caller: Caller, body: dict[str, Any]) -> Response:
        return Response(ReadOut({"read": services.mark_all_read(by=caller.actor, at=now())}).data)


class Preferences(Endpoint):
    @reads(OWN, gives=PreferencesOut, says="How one wants to hear by e-mail.")
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        return _preferences(caller)

    @writes(OWN, takes=PreferencesIn, gives=PreferencesOut, says="Choose how one wants to hear by e-mail.")
    def put(self, caller: Caller, body: dict[str, Any]) -> Response:
        services.set_preferences(**body, by=caller.actor, at=now())
        return _preferences(caller)


def _preferences(caller: Caller) -> Response:
    return Response(PreferencesOut(selectors.hearing_of(caller.standing.person)).data)


def _own(*, person: UUID, **asked: Any) -> Any:
    return selectors.notices_of(person, **asked)
