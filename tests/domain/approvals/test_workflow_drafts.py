"""New rules are written, tried on the past, and put in force by two people who did not write them."""

import pytest

import asking
import builders
from governance.approvals import services
from governance.approvals.document import read_document
from governance.approvals.models import Replay, Request, WorkflowDraft
from governance.approvals.selectors import request_page, workflow_for
from governance.approvals.selectors.replays import replay, replays_of
from governance.approvals.shipped import shipped_source
from governance.core.actors import INSTALLER
from governance.core.errors import Conflict, Invalid, NotAllowed
from governance.organisation.roles import Role
from governance.organisation.selectors import standing_of
from governance.work.models import Job
from governance.work.running import run_job

pytestmark = pytest.mark.django_db
AT, LATER = asking.AT, asking.LATER
OURS = shipped_source().replace("IT answers for", "Our IT answers for")  # in force since AT
STRICTER = OURS.replace('classification.at_least("confidential")', 'classification.at_least("internal")')
WITHOUT_IT = OURS.replace("- {role: it_approver, label: IT approver}", "- {role: unit_head, label: head}")


@pytest.fixture
def writer(group):
    return builders.actor(builders.person(Role.POLICY_ADMIN, group, name="Paul Policy"))


@pytest.fixture
def legal(group):
    return builders.actor(builders.person(Role.LEGAL_APPROVER, group, name="Lea Legal"))


@pytest.fixture
def draft(writer):
    services.install_workflow(document=read_document(OURS), by=INSTALLER, at=AT)
    return services.start_draft(name="default", by=writer, at=AT)


def written(draft, source, *, by):
    return services.save_draft(draft_id=draft.pk, source=source, revision=draft.revision, by=by, at=AT)


def replayed(draft, *, by, last=100):
    return services.start_replay(draft_id=draft.pk, last=last, by=by, at=LATER)


def submitted(draft, source, *, by):
    saved = written(draft, source, by=by)
    replayed(saved, by=by)
    asked = services.submit_draft(draft_id=draft.pk, revision=saved.revision, by=by, at=LATER)
    return Request.objects.get(pk=asked)


def test_two_people_put_rules_in_force_and_open_requests_stay_on_theirs(request_for_letters, draft, writer, it, legal):
    before = workflow_for("remit", at=LATER)
    request = submitted(draft, STRICTER, by=writer)
    asking.approve(request, it, at=LATER)
    assert workflow_for("remit", at=LATER) == before
    asking.approve(request, legal, at=LATER)
    in_force = workflow_for("remit", at=LATER)
    assert (in_force.version, in_force.source) == (before.version + 1, STRICTER)
    request_for_letters.refresh_from_db()
    assert request_for_letters.workflow != in_force


def test_whoever_wrote_part_of_them_never_puts_them_in_force(draft, writer, it, legal, group):
    second = builders.actor(builders.person(Role.POLICY_ADMIN, group, name="Quinn Policy"))
    builders.services.give_role(person_id=it.person, role=Role.POLICY_ADMIN, unit_id=group.pk, by=INSTALLER, at=AT)
    draft = written(draft, STRICTER + "\n# A remark.\n", by=it)
    request = submitted(draft, STRICTER, by=writer)
    for author in (writer, it):
        with pytest.raises(NotAllowed):
            asking.approve(request, author, at=LATER)
    assert asking.approve(request, second, at=LATER).state == "in_review"


def test_the_replay_is_shown_to_the_two_as_evidence(request_for_letters, draft, writer, it, legal):
    request = submitted(draft, WITHOUT_IT, by=writer)
    page = request_page(request.pk, reader=standing_of(it.person), at=LATER)
    assert ("Other people asked", "1") in [(fact.label, fact.text) for fact in page.evidence]
    assert "stages: IT" in [row.field for row in page.difference]


@pytest.mark.parametrize(
    ("source", "code"),
    [
        pytest.param(OURS, "nothing_new", id="the same as in force"),
        pytest.param(STRICTER, "replay_missing", id="not replayed as it stands"),
        pytest.param("name: default", "rules_wrong", id="no rules"),
        pytest.param(
            STRICTER.replace("role: it_approver,", "role: it_approver, on: nowhere,"), "rules_wrong", id="no unit"
        ),
        pytest.param(STRICTER.replace("name: default", "name: workflow"), "rules_wrong", id="the rules of rules"),
    ],
)
def test_what_is_not_ready_is_not_put_to_anybody(draft, writer, source, code):
    saved = written(draft, source, by=writer)
    with pytest.raises((Conflict, Invalid)) as refused:
        services.submit_draft(draft_id=draft.pk, revision=saved.revision, by=writer, at=LATER)
    assert refused.value.code == code
    assert not Request.objects.exists()


def test_the_rules_of_rules_cannot_be_drafted(writer):
    with pytest.raises(Invalid):
        services.start_draft(name="workflow", by=writer, at=AT)


@pytest.mark.parametrize("role", [Role.IT_APPROVER, Role.PLATFORM_ADMIN, Role.AUDITOR])
def test_only_a_policy_admin_writes_rules(group, role):
    with pytest.raises(NotAllowed):
        services.start_draft(name="default", by=builders.actor(builders.person(role, group)), at=AT)


def test_a_stale_form_changes_nothing(draft, writer):
    written(draft, STRICTER, by=writer)
    with pytest.raises(Conflict):
        written(draft, WITHOUT_IT, by=writer)
    assert WorkflowDraft.objects.get(pk=draft.pk).source == STRICTER


def test_a_text_that_is_too_large_is_not_kept(draft, writer):
    with pytest.raises(Invalid, match="10,001 lines"):
        written(draft, "a: b\n" * 10_000, by=writer)


def test_newer_rules_meanwhile_send_a_draft_back(draft, writer, it, legal):
    request = submitted(draft, STRICTER, by=writer)
    asking.approve(request, it, at=LATER)
    other = services.start_draft(name="default", by=writer, at=LATER)
    newer = submitted(other, WITHOUT_IT, by=writer)
    asking.approve(newer, it, legal, at=LATER)
    assert asking.approve(request, legal, at=LATER).state == "stale"
    assert WorkflowDraft.objects.get(pk=draft.pk).state == "writing"


def test_a_replay_tells_what_would_have_changed_for_whom(request_for_letters, draft, writer, it):
    request_for_letters.refresh_from_db()
    forbidden = OURS.replace('== "prohibited"', '!= "prohibited"')
    found = replayed(written(draft, forbidden, by=writer), by=writer)
    row = replay(found.pk, reader=standing_of(it.person), at=LATER).rows[0]
    assert (row.id, row.change, row.readable) == (request_for_letters.pk, "denied", True)
    assert "Article 5" in row.reasons[0]


def test_a_title_is_told_only_to_those_who_may_read_the_request(request_for_letters, draft, writer):
    found = replayed(written(draft, WITHOUT_IT, by=writer), by=writer)
    stranger = builders.person(Role.POLICY_ADMIN, builders.unit("Elsewhere"))
    row = replay(found.pk, reader=standing_of(stranger.pk), at=LATER).rows[0]
    assert (row.title, row.readable) == (f"Request {request_for_letters.number}", False)


def test_a_long_replay_is_a_job_that_tells_how_far_it_is(request_for_letters, draft, writer, monkeypatch):
    monkeypatch.setattr("governance.approvals.services.replays.AT_ONCE", 0)
    found = replayed(written(draft, WITHOUT_IT, by=writer), by=writer)
    assert (found.state, found.total) == ("waiting", 1)
    work(found)
    assert [
        (row.state, row.done, row.current) for row in replays_of(draft.pk, reader=standing_of(writer.person), at=LATER)
    ] == [("done", 1, True)]


def work(found: Replay):
    """Do the job of a replay as a worker does."""
    assert run_job(Job.objects.get(input__replay=str(found.pk)).pk)
