"""What is to recertify, answers, confirmations, and the extension of a remit."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, reads, writes
from governance.api.pages import ListAsk, page_shape, whole
from governance.api.parsing import In, Out, Text
from governance.api.remits import OutcomeOut
from governance.core.clock import now
from governance.core.vocabulary import Classification, Mode, Purpose
from governance.remits import selectors, services
from governance.remits.recertifying import LONGEST_COMMENT, RecertificationReason, RecertificationState


class RecertificationOut(Out):
    id = serializers.UUIDField()
    grant = serializers.UUIDField(source="grant_id")
    state = serializers.ChoiceField(list(RecertificationState))
    reason = serializers.ChoiceField(list(RecertificationReason), help_text="unused: nothing was sent by it for long.")
    initiative = serializers.CharField(source="initiative_code")
    initiative_title = serializers.CharField(source="initiative")
    dataset_title = serializers.CharField(source="dataset")
    classification = serializers.ChoiceField(list(Classification))
    purpose = serializers.ChoiceField(list(Purpose))
    mode = serializers.ChoiceField(list(Mode))
    destination_title = serializers.CharField(source="destination")
    conditions_text = serializers.CharField()
    in_grace = serializers.BooleanField()
    asked_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(help_text="When grace begins without an answer.")
    grace_ends_at = serializers.DateTimeField(allow_null=True, help_text="When the grant ends without an answer.")
    answered_by = serializers.CharField(help_text='"" before the owner has answered.')
    may_answer = serializers.BooleanField()
    may_confirm = serializers.BooleanField()


class AnsweredOut(Out):
    id = serializers.UUIDField(source="pk")
    state = serializers.ChoiceField(list(RecertificationState))


class RecertificationAnswerIn(In):
    needed = serializers.BooleanField(help_text="True: still needed, unchanged. False: the grant ends now.")
    comment = Text(required=False, allow_blank=True, max_length=LONGEST_COMMENT)


class ConfirmationIn(In):
    confirmed = serializers.BooleanField(help_text="False ends the grant now and needs a comment.")
    comment = Text(required=False, allow_blank=True, max_length=LONGEST_COMMENT)


class ExtensionIn(In):
    ends = serializers.DateField(help_text="The new last day; nothing else changes.")


class Recertifications(Endpoint):
    @reads(
        "remits:grant:read",
        asks=ListAsk,
        gives=page_shape(RecertificationOut),
        says="The grants that wait for your answer or confirmation, those due first.",
    )
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        return whole(ask, selectors.recertifications(caller.standing), RecertificationOut)


class RecertificationAnswer(Endpoint):
    @writes(
        "remits:grant:recertify",
        takes=RecertificationAnswerIn,
        gives=AnsweredOut,
        says="Answer for the owner of a grant.",
    )
    def post(self, caller: Caller, body: dict[str, Any], recertification: UUID) -> Response:
        told = {"recertification_id": recertification, **body}
        return Response(AnsweredOut(services.answer_recertification(**told, by=caller.actor, at=now())).data)


class RecertificationConfirmation(Endpoint):
    @writes("remits:grant:confirm", takes=ConfirmationIn, gives=AnsweredOut, says="Confirm for the dataset's steward.")
    def post(self, caller: Caller, body: dict[str, Any], recertification: UUID) -> Response:
        told = {"recertification_id": recertification, **body}
        return Response(AnsweredOut(services.confirm_recertification(**told, by=caller.actor, at=now())).data)


class Extension(Endpoint):
    @writes(
        "remits:remit:submit",
        takes=ExtensionIn,
        gives=OutcomeOut,
        says="Ask that a remit in force ends later: a new version, decided as the workflow says.",
    )
    def post(self, caller: Caller, body: dict[str, Any], remit: UUID) -> Response:
        selectors.remit_page(remit, standing=caller.standing)
        outcome = services.extend_remit(remit_id=remit, ends=body["ends"], by=caller.actor, at=now())
        return Response(OutcomeOut(outcome).data)
