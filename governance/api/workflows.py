"""The rules of who decides: every version, drafts, their check, a dry run, a replay, and putting them to two people."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, reads, writes
from governance.api.pages import ListAsk, page_shape, whole
from governance.api.parsing import In, Out, Text
from governance.approvals import selectors, services
from governance.approvals.document import LONGEST_DOCUMENT
from governance.approvals.drafting import MOST_REPLAYED, DraftState, ReplayState
from governance.approvals.replaying import Change
from governance.approvals.selectors.drafts import checked_draft, draft, drafts
from governance.approvals.selectors.dry_runs import dry_run, facts_of_request, made_up
from governance.approvals.selectors.replays import replay, replays_of
from governance.approvals.selectors.workflows import drafted_names, workflow
from governance.core.clock import now

READ, EDIT = "approvals:workflow:read", "approvals:workflow:edit"
SOURCE = f"The document as YAML, at most {LONGEST_DOCUMENT:,} characters."


class WorkflowOut(Out):
    id = serializers.UUIDField()
    name = serializers.CharField(help_text='"default", or the kind of request it is for.')
    version = serializers.IntegerField()
    digest = serializers.CharField()
    active_from = serializers.DateTimeField(allow_null=True)
    in_force = serializers.BooleanField()
    stages = serializers.ListField(child=serializers.CharField())
    denials = serializers.ListField(child=serializers.CharField())
    text = serializers.CharField(source="source", help_text="The document as YAML.")


class RuleFaultOut(Out):
    line = serializers.IntegerField()
    place = serializers.CharField(source="field")
    text = serializers.CharField(source="said")


class DraftRowOut(Out):
    id = serializers.UUIDField()
    name = serializers.CharField()
    state = serializers.ChoiceField(list(DraftState))
    made_by = serializers.CharField()
    changed_at = serializers.DateTimeField()
    revision = serializers.IntegerField(help_text="Send it back with a change.")
    text = serializers.CharField(source="source")
    based_on_version = serializers.IntegerField(allow_null=True)
    version_id = serializers.UUIDField(allow_null=True, help_text="The version it became.")


class DraftOut(DraftRowOut):
    faults = RuleFaultOut(many=True)


class CheckOut(Out):
    faults = RuleFaultOut(many=True, help_text="Empty when every condition, seat and sentence can be read.")


class RuleSeatOut(Out):
    seat = serializers.CharField(source="label")
    people = serializers.ListField(child=serializers.CharField(), help_text="The first few who could fill it today.")


class RuleStageOut(Out):
    name = serializers.CharField()
    asked = serializers.BooleanField()
    reason = serializers.CharField()
    needed = serializers.IntegerField()
    seats = RuleSeatOut(many=True)
    sla_hours = serializers.IntegerField(allow_null=True)


class DryRunOut(Out):
    stages = RuleStageOut(many=True)
    attached = serializers.ListField(child=serializers.CharField())
    denied = serializers.CharField(help_text='Why nobody could approve it, else "".')
    remedy = serializers.CharField()
    faults = RuleFaultOut(many=True)


class ReplayCountOut(Out):
    change = serializers.ChoiceField(list(Change))
    text = serializers.CharField()
    requests = serializers.IntegerField()
    calls = serializers.IntegerField(help_text="Calls that left on the strength of these approvals.")


class ReplayedOut(Out):
    id = serializers.UUIDField()
    number = serializers.IntegerField()
    title = serializers.CharField()
    change = serializers.ChoiceField(list(Change))
    reasons = serializers.ListField(child=serializers.CharField())
    calls = serializers.IntegerField()


class ReplayOut(Out):
    id = serializers.UUIDField()
    draft_id = serializers.UUIDField()
    state = serializers.ChoiceField(list(ReplayState))
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    asked_by = serializers.CharField()
    asked_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    current = serializers.BooleanField(help_text="The draft still says what was replayed.")
    counts = ReplayCountOut(many=True)
    rows = ReplayedOut(many=True)


class SubmittedOut(Out):
    request = serializers.UUIDField()


class NameIn(In):
    name = Text(max_length=80)


class SourceIn(In):
    revision = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
    text = Text(source="source", max_length=LONGEST_DOCUMENT, help_text=SOURCE)


class CheckIn(In):
    name = Text(max_length=80, required=False, default="default")
    text = Text(source="source", max_length=LONGEST_DOCUMENT, help_text=SOURCE)


class DryRunIn(In):
    number = serializers.IntegerField(
        required=False, min_value=1, max_value=2**31 - 1, help_text="A real request; else an example is asked about."
    )
    facts = serializers.DictField(required=False, help_text="What the example states otherwise.")


class ReplayIn(In):
    last = serializers.IntegerField(min_value=1, max_value=MOST_REPLAYED)


class RuleRevisionIn(In):
    revision = serializers.IntegerField(min_value=0, max_value=2**31 - 1)


class Workflows(Endpoint):
    @reads(READ, asks=ListAsk, gives=page_shape(WorkflowOut), says="Every version of the rules, newest first.")
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        return whole(ask, selectors.workflows(at=now()), WorkflowOut)


class Workflow(Endpoint):
    @reads(READ, gives=WorkflowOut, says="One version of the rules.")
    def get(self, caller: Caller, ask: dict[str, Any], workflow_id: UUID) -> Response:
        return Response(WorkflowOut(workflow(workflow_id, at=now())).data)


class WorkflowDrafts(Endpoint):
    @reads(EDIT, asks=ListAsk, gives=page_shape(DraftRowOut), says="Drafts of rules, last changed first.")
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        return whole(ask, drafts(), DraftRowOut)

    @writes(EDIT, takes=NameIn, gives=DraftOut, status=201, says="Begin a draft from the rules in force.")
    def post(self, caller: Caller, body: dict[str, Any]) -> Response:
        return _shown(services.start_draft(**body, by=caller.actor, at=now()).pk)


class WorkflowDraft(Endpoint):
    @reads(EDIT, gives=DraftOut, says="One draft, with what is wrong with it.")
    def get(self, caller: Caller, ask: dict[str, Any], draft_id: UUID) -> Response:
        return _shown(draft_id)

    @writes(EDIT, takes=SourceIn, gives=DraftOut, says="Keep a text, right or wrong.")
    def put(self, caller: Caller, body: dict[str, Any], draft_id: UUID) -> Response:
        services.save_draft(draft_id=draft_id, **body, by=caller.actor, at=now())
        return _shown(draft_id)

    @writes(EDIT, says="Give up a draft.")
    def delete(self, caller: Caller, body: dict[str, Any], draft_id: UUID) -> Response:
        services.discard_draft(draft_id=draft_id, by=caller.actor, at=now())
        return Response()


class WorkflowCheck(Endpoint):
    @writes(EDIT, takes=CheckIn, gives=CheckOut, says="Say what is wrong with a text. Nothing is kept.")
    def post(self, caller: Caller, body: dict[str, Any]) -> Response:
        known = body["name"] if body["name"] in drafted_names() else "default"
        return Response(CheckOut(checked_draft(body["source"], known)).data)


class WorkflowDryRun(Endpoint):
    @writes(EDIT, takes=DryRunIn, gives=DryRunOut, says="What a draft would make of one request, made up or real.")
    def post(self, caller: Caller, body: dict[str, Any], draft_id: UUID) -> Response:
        row, number = draft(draft_id), body.get("number")
        at = now()
        facts = facts_of_request(number, reader=caller.standing, at=at) if number else made_up(body.get("facts", {}))
        return Response(DryRunOut(dry_run(row.source, row.name, facts, at=at)).data)


class WorkflowReplays(Endpoint):
    @reads(EDIT, asks=ListAsk, gives=page_shape(ReplayOut), says="The replays of a draft, newest first, without rows.")
    def get(self, caller: Caller, ask: dict[str, Any], draft_id: UUID) -> Response:
        draft(draft_id)
        return whole(ask, replays_of(draft_id, reader=caller.standing, at=now()), ReplayOut)

    @writes(EDIT, takes=ReplayIn, gives=ReplayOut, status=201, says="Ask a draft about the last requests.")
    def post(self, caller: Caller, body: dict[str, Any], draft_id: UUID) -> Response:
        made = services.start_replay(draft_id=draft_id, **body, by=caller.actor, at=now())
        return Response(ReplayOut(replay(made.pk, reader=caller.standing, at=now())).data)


class WorkflowReplay(Endpoint):
    @reads(EDIT, gives=ReplayOut, says="One replay: how far it is, and what would have gone another way.")
    def get(self, caller: Caller, ask: dict[str, Any], replay_id: UUID) -> Response:
        return Response(ReplayOut(replay(replay_id, reader=caller.standing, at=now())).data)


class WorkflowSubmission(Endpoint):
    @writes(
        EDIT,
        takes=RuleRevisionIn,
        gives=SubmittedOut,
        status=201,
        says="Put a draft to two people who wrote none of it.",
        step_up=True,
    )
    def post(self, caller: Caller, body: dict[str, Any], draft_id: UUID) -> Response:
        asked = services.submit_draft(draft_id=draft_id, **body, by=caller.actor, at=now())
        return Response(SubmittedOut({"request": asked}).data)


def _shown(draft_id: UUID) -> Response:
    row = draft(draft_id)
    return Response(DraftOut({**asdict(row), "faults": checked_draft(row.source, row.name).faults}).data)
