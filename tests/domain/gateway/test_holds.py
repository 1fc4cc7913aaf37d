"""A held request is read masked, released by two people who did not send it, and then passes exactly once."""

import json
from base64 import b64encode
from datetime import timedelta

import pytest

import builders
from documents import pdf
from governance.core.actors import CLOCK, INSTALLER
from governance.core.errors import Invalid, NotAllowed, NotFound
from governance.gateway.held_copies import held_folder
from governance.gateway.models import Release
from governance.gateway.selectors.holds import held_request
from governance.gateway.services.holds import decide_held, end_holds, tell_of_holds
from governance.notices.models import Notice
from governance.organisation.roles import Role
from governance.organisation.selectors import standing_of
from governance.organisation.services import give_role, make_key
from governance.scanning.models import Hold
from governance.scanning.rules import HoldAct, HoldState

WHY = "A synthetic reason."


@pytest.fixture
def ana(every):
    return builders.actor_with(Role.SECURITY_ANALYST, every.unit)


@pytest.fixture
def sven(every):
    return builders.actor_with(Role.SECURITY_APPROVER, every.unit)


def act(every, by, kind=HoldAct.RELEASE, *, reason=WHY, later=timedelta()):
    return decide_held(exchange_id=every.held.pk, act=kind, reason=reason, by=by, at=every.at + later)


def shown(every, by, **more):
    return held_request(every.held.pk, standing=standing_of(by.person), folder=held_folder(), at=every.at, **more)


def test_two_people_release_it_for_one_use_within_a_day(every, ana, sven):
    assert act(every, ana) is HoldState.HELD
    assert not Release.objects.filter(exchange=every.held).exists()
    assert act(every, sven) is HoldState.RELEASED
    release = Release.objects.get(exchange=every.held)
    assert (bytes(release.keyed_digest), release.used_at) == (bytes(every.held.keyed_digest), None)
    assert release.expires_at == every.at + timedelta(hours=24)
    every.held.refresh_from_db()
    assert every.held.state == "released"


def test_one_person_does_not_release_it_twice(every, ana):
    act(every, ana)
    with pytest.raises(NotAllowed) as refused:
        act(every, ana)
    assert refused.value.code == "already_released"


def test_one_person_discards_it_and_the_copy_is_gone(every, ana, sven, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert act(every, ana, HoldAct.DISCARD) is HoldState.DISCARDED
    with pytest.raises(NotFound):
        held_folder().reader(every.hold.storage_ref)
    with pytest.raises(NotAllowed) as refused:
        act(every, sven)
    assert refused.value.code == "hold_over"
    assert shown(every, sven).texts == []


def test_nothing_is_decided_after_its_time(every, ana):
    with pytest.raises(NotAllowed) as refused:
        act(every, ana, later=timedelta(days=15))
    assert refused.value.code == "hold_over"


def test_a_reason_is_needed(every, ana):
    with pytest.raises(Invalid) as refused:
        act(every, ana, reason="ok")
    assert refused.value.code == "reason_too_short"


def test_another_units_analyst_does_not_see_it(every):
    stranger = builders.actor_with(Role.SECURITY_ANALYST, builders.unit("Elsewhere"))
    with pytest.raises(NotFound):
        shown(every, stranger)
    with pytest.raises(NotAllowed):
        act(every, stranger)


def test_what_was_found_is_masked_until_somebody_says_why(every, ana):
    (text,) = shown(every, ana).texts
    assert [piece.kind for piece in text.pieces if piece.kind] == ["PERSON"]
    finding = every.held.scan.findings.get()
    sent = "A plan of ours that Ada Lane wrote, and nothing that is real."
    assert sent[finding.start : finding.end] not in "".join(piece.text for piece in text.pieces)
    assert act(every, ana, HoldAct.REVEAL) is HoldState.HELD
    whole = [piece.text for text in shown(every, ana, revealed=True).texts for piece in text.pieces]
    assert sent in whole
    assert [(row.kind, row.reason) for row in shown(every, ana).acts] == [("reveal", WHY)]


@pytest.fixture
def page(every):
    """The second page of a document in the held request, on which the finding stands."""
    text = f"{'Many words before it. ' * 20}Ada Lane wrote it."
    data = f"data:application/pdf;base64,{b64encode(pdf('A first page.', text)).decode()}"
    content = [{"type": "file", "file": {"file_data": data, "filename": "a.pdf"}}]
    with held_folder().writer(f"document-{every.number}") as copy:
        copy.write(json.dumps({"model": "m", "messages": [{"role": "user", "content": content}]}).encode())
    Hold.objects.filter(pk=every.hold.pk).update(storage_ref=f"document-{every.number}")
    place = {"path": "messages[0].content[0].file.file_data, page 2", "start": text.index("Ada"), "end": len(text) - 10}
    every.held.scan.findings.update(**place)
    return text


def test_what_was_found_in_a_document_is_shown_among_its_own_words(every, ana, page):
    (text,) = shown(every, ana).texts
    assert text.place.endswith(", page 2")
    assert [piece.kind for piece in text.pieces if piece.kind] == ["PERSON"]
    assert "Ada Lane" not in "".join(piece.text for piece in text.pieces)
    whole = [piece.text for text in shown(every, ana, revealed=True).texts for piece in text.pieces]
    assert any(page in each for each in whole)


def key_of(every):
    """Let the request come from a key of the lead's, as one of a program does."""
    scope = f"initiative:{every.initiative.pk}"
    year = every.at + timedelta(days=300)
    key, _ = make_key(title="A program", scope=scope, expires_at=year, by=every.lead, at=every.at)
    every.held.key = key
    every.held.save(update_fields=["key"])


def told(every):
    return list(
        Notice.objects.filter(person_id=every.lead.person, kind__startswith="gateway.hold_").values_list(
            "kind", flat=True
        )
    )


def test_once_it_is_released_its_copy_is_gone_and_its_builder_is_told(
    every, ana, sven, django_capture_on_commit_callbacks
):
    key_of(every)
    with django_capture_on_commit_callbacks(execute=True):
        act(every, ana)
    assert told(every) == []
    assert held_folder().reader(every.hold.storage_ref)
    with django_capture_on_commit_callbacks(execute=True):
        act(every, sven)
    assert told(every) == ["gateway.hold_released"]
    with pytest.raises(NotFound):
        held_folder().reader(every.hold.storage_ref)


@pytest.mark.parametrize(
    ("days", "ended", "state"),
    [pytest.param(13, 0, "held", id="in time"), pytest.param(14, 1, "discarded", id="when its time is over")],
)
def test_what_nobody_decided_about_is_ended_by_time(
    every, recorded, django_capture_on_commit_callbacks, days, ended, state
):
    key_of(every)
    with django_capture_on_commit_callbacks(execute=True):
        assert end_holds(by=CLOCK, at=every.at + timedelta(days=days)) == ended
    every.held.refresh_from_db()
    assert every.held.state == state
    assert (held_folder().root / every.hold.storage_ref).exists() == (not ended)
    assert told(every) == ["gateway.hold_discarded"] * ended
    assert ("scanning.hold_over" in recorded.kinds(every.held.pk)) == bool(ended)
    assert end_holds(by=CLOCK, at=every.at + timedelta(days=days)) == 0


def test_who_can_release_it_is_told_once_and_whoever_made_its_key_is_not(every, ana, sven):
    key_of(every)
    give_role(person_id=every.lead.person, role=Role.SECURITY_ANALYST, unit_id=every.unit.pk, by=INSTALLER, at=every.at)
    assert [tell_of_holds(by=CLOCK, at=every.at) for _ in range(2)] == [1, 0]
    notices = Notice.objects.filter(kind="gateway.hold_waits")
    told = {each.person_id for each in notices}
    assert {ana.person, sven.person} <= told
    assert every.lead.person not in told
    assert {each.link for each in notices} == {f"/exchanges/{every.held.pk}/hold/"}


def test_what_was_decided_is_told_to_nobody(every, ana):
    act(every, ana, HoldAct.DISCARD)
    assert tell_of_holds(by=CLOCK, at=every.at) == 0


def test_what_was_decided_is_not_ended_by_time(every, ana, sven):
    act(every, ana)
    act(every, sven)
    assert end_holds(by=CLOCK, at=every.at + timedelta(days=15)) == 0
    assert Hold.objects.get(pk=every.hold.pk).state == "released"


def test_whoever_would_release_it_may_only_discard_it_still(every, ana, sven):
    act(every, ana)
    assert [(row.may_decide, row.may_release) for row in (shown(every, ana), shown(every, sven))] == [
        (True, False),
        (True, True),
    ]
