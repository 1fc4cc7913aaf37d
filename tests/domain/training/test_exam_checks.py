"""An exam is registered, its items are forgotten but for fingerprints, and training sets are known by what they have seen of it."""

import json

import pytest

import builders
from governance.catalogue import services as catalogue
from governance.catalogue.models import EvaluationSet
from governance.catalogue.rules import ExamState
from governance.catalogue.vault import exam_vault
from governance.core.actors import INSTALLER
from governance.core.clock import now
from governance.core.errors import Conflict, NotAllowed
from governance.core.ids import uuid7
from governance.detection.default_policy import DEFAULT_POLICY
from governance.organisation.roles import Role
from governance.remits import services as remits
from governance.remits.evidence import ExamEvidence, ExamOutcome
from governance.remits.models import Remit
from governance.remits.selectors import checks_of_sets, evidence_of, exam_facts, exams_of
from governance.scanning.services import activate_ruleset, make_ruleset
from governance.training import services
from governance.training.rules import may_ask_release
from governance.training.vault import vault
from governance.work.models import Job
from governance.work.rules import WAITING
from governance.work.running import run_job

QUESTION = "How many copper lanterns does the harbour master count before the seventh ferry leaves?"
ANSWER = "Forty one, because the eighth ferry never left the frozen northern quay that winter."
OTHER = "Which of the three lighthouse keepers forgot to wind the brass clock on Thursday evening?"
ITEMS = [{"id": "q1", "question": QUESTION, "answer": ANSWER}, {"id": "q2", "question": OTHER}]


def jsonl(rows):
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def talk(question, answer="I do not know."):
    return {"messages": [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]}


def stored(folder, data):
    with folder.writer(f"test-{uuid7()}") as writer:
        writer.write(data)
    return writer.file


def worked():
    """Do every job that waits, as the bulk workers do, until none is left."""
    while waiting := list(Job.objects.filter(state__in=WAITING).values_list("pk", flat=True)):
        for job_id in waiting:
            run_job(job_id)


@pytest.fixture
def place(committed_db, group):
    """A database whose commits are real, and a ruleset of the one detector that these tests are about."""
    detection = {"version": 1, "detectors": {"evaluation": {"sets": []}}}
    made = make_ruleset(detection=detection, policy=dict(DEFAULT_POLICY.document), by=INSTALLER, at=now())
    activate_ruleset(ruleset_id=made.pk, by=INSTALLER, at=now())


@pytest.fixture
def keeper(place, claims):
    return builders.actor_with(Role.DATA_STEWARD, claims)


@pytest.fixture
def harbour(keeper, claims):
    return catalogue.add_exam(
        ref="harbour", title="Harbour exam", secrecy="secret", unit_id=claims.pk, by=keeper, at=now()
    )


def sent(exam, keeper, rows):
    data = rows if isinstance(rows, bytes) else jsonl(rows)
    catalogue.receive_items(exam_id=exam.pk, file=stored(exam_vault(), data), by=keeper, at=now())
    worked()
    exam.refresh_from_db()
    return exam


@pytest.fixture
def uploaded(assistant, owner):
    def upload(*records):
        file = stored(vault(), jsonl(records))
        row = services.register_set(initiative_id=assistant.pk, title="Letters", file=file, by=owner, at=now())
        worked()
        row.refresh_from_db()
        return row

    return upload


def test_an_exam_is_watched_and_nothing_readable_of_it_stays(
    harbour, keeper, recorded, django_capture_on_commit_callbacks
):
    before = set(exam_vault().root.glob("*"))
    with django_capture_on_commit_callbacks(execute=True):
        exam = sent(harbour, keeper, ITEMS)
    assert (exam.state, exam.items, exam.storage_ref) == (ExamState.WATCHED, 2, "")
    assert set(exam_vault().root.glob("*")) == before
    kept = b"".join(path.read_bytes() for path in exam_vault().root.parent.parent.rglob("exam.bin"))
    assert b"lanterns" not in kept
    assert {"catalogue.exam_received", "catalogue.exam_added"} <= set(recorded.kinds())


def test_a_set_that_has_seen_the_exam_says_so_and_never_leaves(harbour, keeper, uploaded, assistant):
    sent(harbour, keeper, ITEMS)
    row = uploaded(talk(QUESTION, ANSWER), talk("Why is the sky blue?"))
    (check,) = checks_of_sets([row.pk])
    assert (check.outcome, check.items, check.items_seen) == (ExamOutcome.CONTAMINATED, 2, 1)
    assert 0.3 < check.coverage <= 0.5
    assert check.seen[0]["item"] == "q1"
    assert check.seen[0]["line"] == 1
    assert evidence_of(assistant.pk) == ExamEvidence.CONTAMINATED
    assert may_ask_release(row.state, row.counts, granted=True).code == "never_released"


def test_a_set_that_has_seen_nothing_is_clean(harbour, keeper, uploaded, assistant):
    sent(harbour, keeper, ITEMS)
    uploaded(talk("Why is the sky blue?"))
    assert evidence_of(assistant.pk) == ExamEvidence.CLEAN
    assert "none of its questions" in exam_facts(assistant.pk)[0].text


def test_a_set_of_before_is_checked_when_an_exam_is_new(harbour, keeper, uploaded, assistant):
    row = uploaded(talk(OTHER))
    assert evidence_of(assistant.pk) == ExamEvidence.ABSENT
    sent(harbour, keeper, ITEMS)
    assert [check.items_seen for check in checks_of_sets([row.pk])] == [1]


def test_a_set_with_a_line_nobody_could_read_is_not_called_clean(harbour, keeper, uploaded, assistant, owner):
    sent(harbour, keeper, ITEMS)
    file = stored(vault(), jsonl([talk("Why is the sky blue?")]) + b"{broken\n")
    services.register_set(initiative_id=assistant.pk, title="Broken", file=file, by=owner, at=now())
    worked()
    assert evidence_of(assistant.pk) == ExamEvidence.COULD_NOT_CHECK


def test_what_could_not_be_read_leaves_the_fingerprints_of_before_in_force(harbour, keeper):
    exam = sent(harbour, keeper, ITEMS)
    before = exam.index_digest
    exam = sent(exam, keeper, b'{"id": "q1", "question": ')
    assert (exam.state, exam.index_digest) == (ExamState.FAULTY, before)
    assert "Row 1" in exam.fault


def test_an_exam_too_short_to_be_recognised_is_refused(harbour, keeper):
    exam = sent(harbour, keeper, [{"id": "q1", "question": "Why so?"}])
    assert (exam.state, exam.fault.split(".")[0]) == (
        ExamState.FAULTY,
        "An item can be recognised from 6 words on, and none is as long as that",
    )


def test_two_files_are_not_read_at_once(harbour, keeper):
    for fails in (False, True):
        file = stored(exam_vault(), jsonl(ITEMS))
        if fails:
            with pytest.raises(Conflict, match="being_read"):
                catalogue.receive_items(exam_id=harbour.pk, file=file, by=keeper, at=now())
        else:
            catalogue.receive_items(exam_id=harbour.pk, file=file, by=keeper, at=now())


def test_who_keeps_no_exams_there_sends_none(harbour, outsider):
    with pytest.raises(NotAllowed):
        catalogue.receive_items(exam_id=harbour.pk, file=stored(exam_vault(), b"x"), by=outsider, at=now())


def test_a_named_exam_is_a_fact_of_the_route(harbour, keeper, assistant, owner):
    sent(harbour, keeper, ITEMS)
    remits.name_exam(initiative=assistant.code, exam="harbour", by=owner, at=now())
    assert [(row.ref, row.is_named, row.evidence) for row in exams_of(assistant.pk)] == [
        ("harbour", True, ExamEvidence.PRESENT)
    ]
    remit = remits.start_draft(initiative_id=assistant.pk, by=owner, at=now())
    assert Remit.objects.filter(pk=remit.pk).exists()
    remits.unname_exam(initiative=assistant.code, exam="harbour", by=owner, at=now())
    assert evidence_of(assistant.pk) == ExamEvidence.ABSENT


def test_a_retired_exam_is_watched_no_longer(harbour, keeper, uploaded):
    sent(harbour, keeper, ITEMS)
    catalogue.retire_exam(exam_id=harbour.pk, by=keeper, at=now())
    assert uploaded(talk(QUESTION, ANSWER)).counts == {}
    assert EvaluationSet.objects.get(pk=harbour.pk).state == ExamState.RETIRED
