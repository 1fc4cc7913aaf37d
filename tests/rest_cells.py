"""For each operation of the REST API: how it is called on the things of one unit, and where its permission must hold.

HERE: the thing lies in the unit, so the role must hold there. ANYWHERE: holding the role on any unit is enough.
WHOLE: the thing is the whole organisation's, so the role must hold on the top unit.
NOBODY: the thing is somebody's own, whatever roles others hold. `also` names further permissions the answer or the thing
asks for; `rules` the codes of rules of the object, which come after the permission and may refuse whoever holds it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

HERE, ANYWHERE, WHOLE, NOBODY = "here", "anywhere", "whole", "nobody"


@dataclass(frozen=True)
class Call:
    """`body` is what is sent, or a function that makes it of the things."""

    path: Callable[[SimpleNamespace], str]
    body: Callable[[SimpleNamespace], Any] | dict[str, Any] | None = None
    reach: str = HERE
    also: tuple[str, ...] = ()
    rules: frozenset[str] = frozenset()

    def body_for(self, every: SimpleNamespace) -> Any:
        return self.body(every) if callable(self.body) else self.body


def _call(
    path: str, body: Any = None, reach: str = HERE, also: tuple[str, ...] = (), rules: tuple[str, ...] = ()
) -> Call:
    return Call(lambda every: path.format(e=every), body, reach, also, frozenset(rules))


def _listed(path: str) -> Call:
    return _call(path, reach=ANYWHERE)


def _later(every: SimpleNamespace) -> str:
    return (every.at + timedelta(days=60)).isoformat()


def _later_date(every: SimpleNamespace) -> str:
    return (every.at + timedelta(days=120)).date().isoformat()


RECOGNISER = {
    "title": "Cases",
    "type": "CASE_NUMBER",
    "patterns": ["CL-[0-9]{6}"],
    "score": 80,
    "example": "Case CL-204417.",
}
REASON = {"reason": "A synthetic reason."}
ISSUER = {
    "header": "X-Token",
    "issuer": "https://login.example/",
    "audience": "letters",
    "claim": "sub",
    "jwks_url": "https://login.example/keys",
}
WISH = {"days": 3, "reason": "A synthetic reason."}
LIMIT = {"scope": "initiative", "kind": "tokens", "period": "day", "amount": 1000}
TERMS = {"retention_days": 0, "trains_on_inputs": False, "weights_owner": "us", "cleared_for": "public"}
VERSION = "rulesets/{e.version.version}"
INITIATIVE, REMIT = "initiatives/{e.initiative.code}", "remits/{e.remit}"
PLACE, PERSON = "destinations/{e.destination.ref}", "people/{e.colleague.pk}"
REQUEST, EXCHANGE = "requests/{e.request.pk}", "exchanges/{e.exchange.pk}"
SUGGESTED = "requests/{e.narrowed.pk}/suggestions/{e.suggestion.pk}"
SENDS = ("approvals:request:read", "remits:remit:draft")
HOOK = "webhooks/{e.webhook.pk}"
PREFERENCES = {
    "mail": dict.fromkeys(("decisions", "requests", "ownership", "refusals", "security", "digests"), "daily"),
    "quiet_from": "22:00",
    "quiet_until": "07:00",
    "time_zone": "",
}
HELD = "exchanges/{e.held.pk}/hold"
TRAINING_SET = "training-sets/{e.training_set.pk}"
NOT_ASKED = ("not_asked", "no_free_seat")


def _draft(every: SimpleNamespace) -> dict[str, Any]:
    return {"revision": every.draft.revision, "body": every.draft.body}


def _pattern(every: SimpleNamespace) -> dict[str, Any]:
    named = {"name": "Another", "owner_unit": str(every.unit.pk), "ends_at": _later(every), "sampling_rate": 0.5}
    return named | {"body": every.bounds}


def _destination(every: SimpleNamespace) -> dict[str, Any]:
    place = {"ref": "another", "title": "Another", "base_url": "https://api.example/v1", "region": "EU"}
    return place | {
        "provider": str(every.provider.pk),
        "model_names": ["m"],
        "dialect": "openai",
        "hosting": "public_api",
    }


def _decision(every: SimpleNamespace) -> dict[str, Any]:
    digest = every.request.revisions.order_by("-number")[0].digest
    return {"kind": "request_changes", "digest": digest, "comment": "Fewer."}


def _delegation(every: SimpleNamespace) -> dict[str, Any]:
    window = {"starts_at": every.at.isoformat(), "ends_at": _later(every)}
    return window | {"deputy": str(every.deciders.steward_person.pk), "reason": "On leave."}


def _rules(every: SimpleNamespace) -> dict[str, Any]:
    return {"text": every.rules.source, **_revision(every)}


def _revision(every: SimpleNamespace) -> dict[str, Any]:
    return {"revision": every.rules.revision}


def _award(every: SimpleNamespace) -> dict[str, Any]:
    lots = [{"entry": str(every.entry.pk), "awarded": True}]
    return {"division": "shared", "reasons": "It is enough for one.", "lots": lots}


CALLS: dict[str, Call] = {
    "get_Me": _listed("me"),
    "get_Units": _listed("units"),
    "post_Units": _call("units", lambda e: {"name": "New", "ref": "new", "kind": "it", "parent": str(e.unit.pk)}),
    "get_Hours": _listed("units/{e.unit.pk}/hours"),
    "put_Hours": _call("units/{e.unit.pk}/hours", {"days": [1, 2], "opens": "08:00", "closes": "12:00"}),
    "post_Closures": _call(
        "units/{e.unit.pk}/closures", {"first_date": "2027-01-01", "last_date": "2027-01-02", "reason": "Feast"}
    ),
    "delete_Closure": _call("closures/{e.closure.pk}"),
    "get_Events": _listed("audit/events"),
    # datasets
    "get_Datasets": _listed("datasets"),
    "post_Datasets": _call(
        "datasets", lambda e: {"title": "New", "steward_unit": str(e.unit.pk), "classification": "internal"}
    ),
    "get_Dataset": _listed("datasets/{e.dataset.ref}"),
    "patch_Dataset": _call("datasets/{e.dataset.ref}", {"revision": 1, "title": "Other"}),
    "post_DatasetRetirement": _call("datasets/{e.dataset.ref}/retirement", {"revision": 1}),
    "get_Registers": _listed("registers"),
    "post_RegisterRetirement": _call("registers/{e.register.pk}/retirement"),
    "get_EvaluationSets": _listed("evaluation-sets"),
    "post_EvaluationSets": _call(
        "evaluation-sets", lambda e: {"ref": "another", "title": "Another", "secrecy": "secret", "unit": str(e.unit.pk)}
    ),
    "get_EvaluationSet": _listed("evaluation-sets/{e.exam.ref}"),
    "post_EvaluationSetRetirement": _call("evaluation-sets/{e.exam.ref}/retirement"),
    "get_ExamChecks": _listed("evaluation-sets/{e.exam.ref}/checks"),
    "get_ExamExposures": _listed("evaluation-sets/{e.exam.ref}/exposures"),
    "get_InitiativeExams": _call(f"{INITIATIVE}/exams"),
    "post_InitiativeExams": _call(f"{INITIATIVE}/exams", lambda e: {"exam": e.exam.ref}),
    "delete_NamedExam": _call(f"{INITIATIVE}/exams/{{e.named_exam.exam.ref}}"),
    # destinations belong to the whole organisation
    "get_Providers": _listed("providers"),
    "post_Providers": _call("providers", {"name": "Another"}, WHOLE),
    "get_Surfaces": _listed("surfaces"),
    "get_Destinations": _listed("destinations"),
    "post_Destinations": _call("destinations", _destination, WHOLE),
    "get_Destination": _listed(PLACE),
    "patch_Destination": _call(
        PLACE, lambda e: {"revision": e.destination.revision, "title": "Other", "model_names": ["m"]}, WHOLE
    ),
    "post_Terms": _call(f"{PLACE}/terms", TERMS, WHOLE),
    "put_Unread": _call(
        f"{PLACE}/unread", lambda e: {"revision": e.destination.revision, "unread": ["pictures"]}, WHOLE
    ),
    "put_Answers": _call(
        f"{PLACE}/answers", lambda e: {"revision": e.destination.revision, "reply_check": "whole"}, WHOLE
    ),
    "post_Opening": _call("destinations/{e.closed.ref}/opening", reach=WHOLE),
    "post_Suspension": _call(f"{PLACE}/suspension", REASON, WHOLE),
    "put_ProviderKey": _call(f"{PLACE}/key", {"secret": "synthetic-provider-key"}, WHOLE),
    # initiatives
    "get_Initiatives": _listed("initiatives"),
    "post_Initiatives": _call(
        "initiatives", lambda e: {"title": "Another", "purpose_text": "Something.", "unit": str(e.unit.pk)}
    ),
    "get_Initiative": _call(INITIATIVE),
    "patch_Initiative": _call(INITIATIVE, lambda e: {"revision": e.initiative.revision, "title": "Other"}),
    "post_Claims": _call(
        "initiatives/{e.new.code}/claims",
        lambda e: {
            "unit": str(e.unit.pk),
            "basis": "budget",
            "evidence": "We pay.",
            "head": str(e.head_person.pk),
        },
    ),
    "delete_Claim": _call("claims/{e.claim.pk}"),
    "post_Members": _call(f"{INITIATIVE}/members", lambda e: {"person": str(e.colleague.pk)}),
    "delete_Member": _call(f"{INITIATIVE}/members/{{e.lead_person.pk}}"),
    "get_Connection": _call(f"{INITIATIVE}/connection", rules=("not_a_member",)),
    "get_InitiativeKeys": _call(f"{INITIATIVE}/keys"),
    "post_InitiativeKeys": _call(
        f"{INITIATIVE}/keys", lambda e: {"title": "k", "expires_at": _later(e)}, rules=("not_a_member",)
    ),
    # scarce datasets, rounds, handling records
    "get_DatasetUse": _listed("datasets/{e.dataset.ref}/use"),
    "put_DatasetScarcity": _call(
        "datasets/{e.dataset.ref}/scarcity", {"scarcity": "scarce", "why": "One licence.", "round_days": 7}
    ),
    "delete_DatasetScarcity": _call("datasets/{e.scarce.ref}/scarcity"),
    "get_Allocations": _listed("allocations"),
    "get_Allocation": _call("allocations/{e.round.pk}"),
    "post_AllocationAward": _call("allocations/{e.round.pk}/award", _award),
    "put_EntryCase": _call(
        "allocation-entries/{e.entry.pk}/case", {"expected_value": "Hours.", "beneficiaries": "Customers."}
    ),
    "get_HandlingRecord": _call("units/{e.unit.pk}/handling-record", reach=ANYWHERE),
    "post_HandlingComments": _call("units/{e.unit.pk}/handling-record/comments", {"text": "We trained."}),
    "get_Owners": _call(f"{INITIATIVE}/owners"),
    "post_Transfers": _call(
        "initiatives/{e.new.code}/transfers", lambda e: {"unit": str(e.rival.pk), "reason": "Theirs."}
    ),
    "delete_Transfer": _call("transfers/{e.given.pk}"),
    "post_TransferAnswer": _call("transfers/{e.offer.pk}/answer", {"accept": True}),
    # contests
    "get_Contests": _listed("contests"),
    "get_Contest": _call("contests/{e.contest.pk}"),
    "put_Statement": _call("contests/{e.contest.pk}/statement", lambda e: {"unit": str(e.unit.pk), "text": "Ours."}),
    "post_ContestComments": _call(
        "contests/{e.contest.pk}/comments", {"text": "A word."}, also=("initiatives:contest:read",)
    ),
    "post_Rulings": _call("contests/{e.contest.pk}/ruling", lambda e: e.ruling, WHOLE, rules=("not_the_arbiter",)),
    "post_Appeals": _call(
        "contests/{e.ruled.pk}/appeal", lambda e: {"unit": str(e.unit.pk), "reasons": "It overlooked the contract."}
    ),
    "get_Capabilities": _listed("capabilities"),
    "post_Capabilities": _call("capabilities", {"title": "Another area", "purpose_text": "Drafts."}, ANYWHERE),
    "post_CapabilityClaims": _call(
        "capabilities/{e.capability.code}/claims",
        lambda e: {
            "unit": str(e.unit.pk),
            "basis": "run",
            "evidence": "We run it.",
            "head": str(e.head_person.pk),
        },
    ),
    "put_UnitHead": _call("units/{e.spare.pk}/head", {"person": None, "revision": 1}),
    "post_Dissolution": _call("units/{e.spare.pk}/dissolution", {}),
    # overlaps
    "get_Overlaps": _listed("overlaps"),
    "get_Overlap": _call("overlaps/{e.overlap.pk}"),
    "post_OverlapResolution": _call(
        "overlaps/{e.overlap.pk}/resolution", {"resolution": "distinct", "reasons": "Other customers."}
    ),
    "post_Similar": _call("similar-initiatives", {"title": "T", "purpose_text": "Something."}, ANYWHERE),
    "get_Joins": _listed("joins"),
    "post_Joins": _call("joins", lambda e: {"initiative": str(e.asked.pk), "reason": "To help."}, ANYWHERE),
    "post_JoinAnswer": _call("joins/{e.join.pk}/answer", {"accept": True}),
    # remits and grants
    "get_Remits": _call(f"{INITIATIVE}/remits"),
    "post_Remits": _call("initiatives/{e.new.code}/remits"),
    "get_Remit": _call(REMIT),
    "put_Remit": _call("remits/{e.draft.pk}", _draft),
    "get_Options": _call("remits/{e.draft.pk}/options"),
    "post_Options": _call(
        "remits/{e.draft.pk}/options",
        lambda e: {"revision": e.draft.revision, "destination": e.destination.ref, "technique": "prompt"},
    ),
    "post_Submission": _call("remits/{e.draft.pk}/submission", lambda e: {"revision": e.draft.revision}),
    "post_RemitRevocation": _call(f"{REMIT}/revocation", REASON),
    "get_Grants": _call(f"{INITIATIVE}/grants"),
    "post_GrantRevocation": _call("grants/{e.grant.pk}/revocation", REASON),
    # workflows
    "get_Workflows": _listed("workflows"),
    "get_Workflow": _listed("workflows/{e.workflow.pk}"),
    "post_WorkflowCheck": _call("workflow-check", {"text": "name: default"}, ANYWHERE),
    "get_WorkflowDrafts": _listed("workflow-drafts"),
    "post_WorkflowDrafts": _call("workflow-drafts", {"name": "default"}, ANYWHERE),
    "get_WorkflowDraft": _listed("workflow-drafts/{e.rules.pk}"),
    "put_WorkflowDraft": _call("workflow-drafts/{e.rules.pk}", _rules, ANYWHERE),
    "delete_WorkflowDraft": _call("workflow-drafts/{e.rules.pk}", None, ANYWHERE),
    "post_WorkflowDryRun": _call("workflow-drafts/{e.rules.pk}/dry-run", {"facts": {"tier": "low"}}, ANYWHERE),
    "get_WorkflowReplays": _listed("workflow-drafts/{e.rules.pk}/replays"),
    "post_WorkflowReplays": _call("workflow-drafts/{e.rules.pk}/replays", {"last": 1}, ANYWHERE),
    "get_WorkflowReplay": _listed("workflow-replays/{e.replay.pk}"),
    "post_WorkflowSubmission": _call("workflow-drafts/{e.rules.pk}/submission", _revision, ANYWHERE),
    "post_Extension": _call(f"{REMIT}/extension", lambda e: {"ends": _later_date(e)}),
    "get_Recertifications": _listed("recertifications"),
    "post_RecertificationAnswer": _call("recertifications/{e.asked_again.pk}/answer", {"needed": False}),
    "post_RecertificationConfirmation": _call("recertifications/{e.to_confirm.pk}/confirmation", {"confirmed": True}),
    # patterns
    "get_Patterns": _listed("patterns"),
    "post_Patterns": _call("patterns", _pattern),
    "get_Pattern": _listed("patterns/{e.pattern.pk}"),
    "put_Pattern": _call("patterns/{e.returned.pk}", lambda e: {"body": e.bounds}),
    "post_PatternRetirement": _call("patterns/{e.pattern.pk}/retirement"),
    "get_Samples": _listed("samples"),
    "post_SampleLook": _call("samples/{e.sample.pk}/look", {"outcome": "fine"}),
    # requests
    "get_Inbox": _listed("inbox"),
    "get_Requests": _listed("requests"),
    "get_Request": _call(REQUEST),
    "post_Decisions": _call(f"{REQUEST}/decisions", _decision, rules=NOT_ASKED),
    "post_Comments": _call(f"{REQUEST}/comments", {"text": "A word."}),
    "post_Withdrawal": _call(f"{REQUEST}/withdrawal", rules=("not_yours",)),
    "post_SuggestionTaking": _call(f"{SUGGESTED}/taking", also=SENDS),
    "post_SuggestionDeclining": _call(f"{SUGGESTED}/declining", {"answer": "We need it."}, also=SENDS),
    # overrides and delegations
    "post_RequestOverrides": _call(f"{REQUEST}/overrides", {"reason": "Hail tonight.", "hours": 2}),
    "get_Overrides": _listed("overrides"),
    "post_OverrideConfirmation": _call("overrides/{e.override.pk}/confirmation"),
    "post_OverrideReview": _call(
        "overrides/{e.overridden.pk}/review", {"verdict": "justified", "finding": "Hail it was."}
    ),
    "get_Delegations": _listed("delegations"),
    "post_Delegations": _call("delegations", _delegation, ANYWHERE),
    "delete_Delegation": _call("delegations/{e.delegation.pk}", reach=NOBODY),
    # exchanges
    "get_Exchanges": _listed("exchanges"),
    "get_Exchange": _call(EXCHANGE),
    "get_Confirmations": _listed("confirmations"),
    "get_ExchangeConfirmation": _call(f"{EXCHANGE}/confirmation"),
    "post_ExchangeConfirmation": _call(f"{EXCHANGE}/confirmation", {"confirm": True}, rules=("not_a_member",)),
    "post_ExchangeJustifications": _call(f"{EXCHANGE}/justifications", REASON, rules=("not_a_member",)),
    "get_Hold": _call(HELD),
    "post_HoldActs": _call(f"{HELD}/acts", {"act": "release", "reason": "A synthetic reason."}),
    "get_Justifications": _listed("justifications"),
    "post_JustificationReview": _call(f"{EXCHANGE}/justifications/{{e.justification.pk}}/review", {"outcome": "fine"}),
    "post_ExchangeMistakes": _call(
        f"{EXCHANGE}/mistakes", lambda e: {"finding": str(e.finding.pk)}, also=("gateway:exchange:read",)
    ),
    # end users
    "get_Issuer": _call(f"{INITIATIVE}/issuer"),
    "put_Issuer": _call(f"{INITIATIVE}/issuer", lambda e: ISSUER | {"replaces": str(e.issuer.pk)}),
    "delete_Issuer": _call(f"{INITIATIVE}/issuer", lambda e: {"replaces": str(e.issuer.pk)}),
    # observing
    "get_Observations": _listed("observations"),
    "get_Observation": _call("observations/{e.observation.pk}"),
    "put_Observation": _call("observations/{e.unsettled.pk}", WISH),
    "post_ObservationEnd": _call("observations/{e.observation.pk}/end", REASON),
    "get_ObservationReport": _call("observations/{e.observation.pk}/report"),
    "post_Observe": _call(
        "initiatives/{e.observable.code}/observations", lambda e: WISH | {"destination": e.destination.ref}
    ),
    # batches
    "get_Batches": _call(f"{INITIATIVE}/batches"),
    # runs
    "get_Runs": _call(f"{INITIATIVE}/runs"),
    "get_Run": _call("runs/{e.run.pk}"),
    # oversight
    "get_Oversight": _call(f"{INITIATIVE}/oversight"),
    "post_OversightLift": _call("initiatives/{e.at_rest.code}/oversight/lift", REASON, rules=("own_promise",)),
    # limits
    "get_Limits": _listed("limits"),
    "post_Limits": _call("limits", lambda e: LIMIT | {"target": e.asked.code}),
    "get_Limit": _call("limits/{e.limit.pk}"),
    "put_Limit": _call("limits/{e.limit.pk}", lambda e: {"amount": 5, "revision": e.limit.revision}),
    "delete_Limit": _call("limits/{e.limit.pk}"),
    "get_Usage": _listed("usage"),
    "get_Prices": _listed(f"{PLACE}/prices"),
    "post_Prices": _call(f"{PLACE}/prices", {"price_in": 1, "price_out": 2}, WHOLE),
    # stops
    "get_Stops": _listed("stops"),
    "post_Stops": _call("stops", lambda e: REASON | {"scope": "initiative", "target": e.asked.code}),
    "get_Stop": _call("stops/{e.stop.pk}"),
    "post_StopLift": _call("stops/{e.stop.pk}/lift", REASON),
    "delete_StopLift": _call("stops/{e.waiting_stop.pk}/lift", also=("gateway:stop:lift",)),
    "post_StopLiftConfirmation": _call("stops/{e.waiting_stop.pk}/lift/confirmation"),
    # scanning
    "get_Mistakes": _listed("mistakes"),
    "post_MistakeAnswer": _call("mistakes/{e.mistake.pk}/answer", {"answer": "It is one."}),
    "get_Holds": _listed("holds"),
    "get_Ruleset": _listed("ruleset"),
    "get_Recognisers": _listed("recognisers"),
    "post_Recognisers": _call("recognisers", RECOGNISER | {"ref": "cases"}, WHOLE),
    "get_Recogniser": _listed("recognisers/{e.recogniser.ref}"),
    "put_Recogniser": _call("recognisers/{e.recogniser.ref}", RECOGNISER | {"revision": 1}, WHOLE),
    "post_RecogniserSwitch": _call("recognisers/{e.recogniser.ref}/switch", {"on": False}, WHOLE),
    "get_Rulesets": _listed("rulesets"),
    "get_RulesetVersion": _listed("rulesets/1"),
    "post_Rulesets": _call(
        "rulesets", lambda e: {"basis": e.basis, "sure": 61}, WHOLE, rules=("stale_basis", "nothing_changed")
    ),
    "get_RulesetComparison": _call("rulesets/1/comparison", reach=ANYWHERE, also=("scanning:ruleset:read",)),
    "get_RulesetCalls": _call("rulesets/1/calls", reach=ANYWHERE, also=("scanning:ruleset:read",)),
    "post_RulesetShadow": _call(f"{VERSION}/shadow", {"on": True}, WHOLE, rules=("behind", "in_force")),
    "post_RulesetRenewal": _call(f"{VERSION}/renewal", reach=WHOLE, rules=("nothing_changed",)),
    "post_RulesetEnforcement": _call(
        f"{VERSION}/enforcement", reach=WHOLE, rules=("behind", "in_force", "own_version")
    ),
    # training sets
    "get_TrainingSets": _listed("training-sets"),
    "get_TrainingSet": _call(TRAINING_SET),
    "get_Progress": _call(f"{TRAINING_SET}/progress"),
    "post_RedactedCopies": _call(f"{TRAINING_SET}/redacted-copies"),
    "post_Releases": _call(
        f"{TRAINING_SET}/releases", lambda e: {"destination": str(e.destination.pk)}, rules=("no_grant",)
    ),
    "get_Publications": _call(f"{TRAINING_SET}/publications"),
    "post_Settlement": _call(
        f"{TRAINING_SET}/publications/{{e.publication.pk}}/settlement", {"arrived": True}, also=("training:set:read",)
    ),
    # people and keys
    "get_People": _listed("people"),
    "post_People": _call("people", lambda e: {"login": "new-one", "name": "Nina New", "unit": str(e.unit.pk)}),
    "get_Person": _call(PERSON),
    "post_Deactivation": _call(f"{PERSON}/deactivation"),
    "post_Memberships": _call(f"{PERSON}/memberships", lambda e: {"unit": str(e.unit.pk)}),
    "delete_Membership": _call(f"{PERSON}/memberships/{{e.unit.pk}}"),
    "post_Roles": _call(f"{PERSON}/roles", lambda e: {"role": "auditor", "unit": str(e.unit.pk)}),
    "delete_HeldRole": _call(f"{PERSON}/roles/builder/{{e.unit.pk}}"),
    "get_Keys": _listed("keys"),
    "post_Keys": _call("keys", lambda e: {"title": "k", "scope": "api:read", "expires_at": _later(e)}, ANYWHERE),
    "delete_Key": _call("keys/{e.key.pk}", also=("organisation:key:read", "organisation:key:revoke")),
    # figures
    "get_Waiting": _listed("insights/waiting"),
    "get_OpenRequests": _listed("insights/open-requests"),
    "get_Ownership": _listed("insights/ownership"),
    "get_Flows": _listed("insights/flows"),
    "get_Exposure": _listed("insights/exposure"),
    # one's own
    "get_Notices": _listed("notices"),
    "post_AllNoticesReading": _call("notices/reading", reach=ANYWHERE),
    "get_Preferences": _listed("notices/preferences"),
    "put_Preferences": _call("notices/preferences", PREFERENCES, ANYWHERE),
    "get_NoticeKinds": _listed("notice-kinds"),
    # webhooks
    "get_Webhooks": _listed("webhooks"),
    "post_Webhooks": _call(
        "webhooks", lambda e: {"title": "Another", "url": "https://hooks.example.com/", "unit": str(e.unit.pk)}
    ),
    "get_Webhook": _call(HOOK),
    "put_Webhook": _call(HOOK, {"revision": 1, "title": "T", "url": "https://hooks.example.com/"}),
    "delete_Webhook": _call(HOOK),
    "post_WebhookSecret": _call(f"{HOOK}/secret"),
    "put_WebhookSwitch": _call(f"{HOOK}/switch", {"active": False}),
    "post_WebhookTests": _call(f"{HOOK}/tests"),
    "get_Deliveries": _call(f"{HOOK}/deliveries"),
    "post_Redelivery": _call(f"{HOOK}/deliveries/{{e.delivery.pk}}/redelivery"),
    "get_Channels": _listed("channels"),
    "post_NoticeReading": _call("notices/{e.notice.pk}/reading", reach=NOBODY),
}
