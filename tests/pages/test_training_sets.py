"""The pages of training sets: each state says whether the set may leave, why not, and what comes next. All data is synthetic."""

import json

import pytest
from django.db import transaction

import asking
import builders
import everything
import scope
from governance.audit.events import EventKind
from governance.audit.services import record
from governance.core.clock import now
from governance.core.ids import uuid7
from governance.gateway.models import Exchange, Publication
from governance.gateway.rules import PublicationState
from governance.organisation.roles import Role
from governance.scanning.services import ensure_default
from governance.training import services
from governance.training.models import ReleasePermit, TrainingSet
from governance.training.tickets import holder_of
from governance.training.vault import vault
from governance.work.models import Job
from governance.work.rules import JobState
from governance.work.running import run_job

CLEAN = {"prompt": "Why is the sky blue?", "completion": "Light."}
PERSONAL = {"prompt": "Write to ana.muster@example.com.", "completion": "Done."}
SECRET = {"prompt": "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzzzz", "completion": "Noted."}
LEAD_NEVER_READS = ("permit", "receipt", "digest", "fingerprint")
MOST_QUERIES = 26  # the page of one set; session, person and standing are three of them


def jsonl(*records):
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def register(initiative, by, data, title="Letters"):
    with vault().writer(f"set-{uuid7()}") as writer:
        writer.write(data)
    return services.register_set(initiative_id=initiative.pk, title=title, file=writer.file, by=by, at=now())


def worked():
    while waiting := Job.objects.filter(state=JobState.QUEUED).values_list("pk", flat=True):
        for job_id in list(waiting):
            assert run_job(job_id), Job.objects.get(pk=job_id).error_code


@pytest.fixture
def assistant(claims, owner):
    return scope.initiative(claims, by=owner, title="Letters assistant")


@pytest.fixture
def lead(enter, owner_person):
    return enter(owner_person)


@pytest.fixture
def received(assistant, owner):
    return lambda record=CLEAN, title="Letters": register(assistant, owner, jsonl(record), title)


@pytest.fixture
def place(committed_db, group):
    """A database whose commits are real, for the scan runs in jobs."""
    ensure_default(by=builders.INSTALLER, at=now())


@pytest.fixture
def scanned(place, assistant, owner):
    def scan(data):
        row = register(assistant, owner, data)
        worked()
        return row

    return scan


@pytest.fixture
def granted(place, group, assistant, owner):
    """The initiative may train the destination that is returned."""
    office = builders.unit("Data Office")
    letters = scope.dataset(office, title="Claims letters", ref="letters", classification="confidential")
    tenant = scope.destination(title="Example model, our tenant", ref="tenant", **asking.OUR_TENANT)
    who = ((Role.DATA_STEWARD, office), (Role.IT_APPROVER, group), (Role.SECURITY_APPROVER, group))
    deciders = [builders.actor_with(role, unit) for role, unit in who]
    grant = asking.grant(letters, tenant, at=now(), mode="fine_tune", purpose="train_model")
    asked = asking.sent(assistant, [grant], by=owner, at=now(), technique="fine_tune", purpose="train_model")
    asking.approve(asked, *deciders, at=now())
    return tenant, deciders


def shown(browser, row):
    answer = browser.get(f"/training-sets/{row.pk}/")
    assert answer.status_code == 200
    return answer.text.split("<main", 1)[1]


def test_a_set_that_waits_says_so_and_asks_for_news(received, lead):
    text = shown(lead, received())
    assert "waits to be scanned" in text
    assert 'hx-trigger="every 2s"' in text
    assert 'role="status"' in text
    assert "What was found" not in text


def test_news_come_only_when_something_changed(received, lead):
    url = f"/training-sets/{received().pk}/"
    part = {"HX-Request": "true"}
    assert lead.get(f"{url}?seen=scan-waits", headers=part).status_code == 204
    fresh = lead.get(f"{url}?seen=", headers=part)
    assert "<progress" in fresh.text
    assert "<main" not in fresh.text


def test_when_the_scan_is_over_the_whole_page_is_fetched_again(scanned, lead):
    url = f"/training-sets/{scanned(jsonl(CLEAN)).pk}/"
    assert lead.get(f"{url}?seen=scan-9", headers={"HX-Request": "true"})["HX-Redirect"] == url


def test_a_clean_set_without_a_grant_says_what_is_missing(scanned, lead, assistant):
    text = shown(lead, scanned(jsonl(CLEAN)))
    assert "Nothing was found in its 1 record." in text
    assert "no grant" in text
    assert f'href="/initiatives/{assistant.code}/"' in text


def test_findings_stand_with_line_and_field_and_never_with_their_text(scanned, lead):
    text = shown(lead, scanned(jsonl(CLEAN, PERSONAL)))
    assert "E-mail address" in text
    assert "line 2, prompt" in text
    assert "muster" not in text
    assert "Make the copy" in text


def test_a_key_in_it_never_leaves(scanned, granted, lead):
    text = shown(lead, scanned(jsonl(SECRET)))
    assert "It may not leave as it is" in text
    assert "never leaves" in text
    assert "Ask for release" not in text


def test_broken_lines_stand_with_their_reasons(scanned, lead):
    text = shown(lead, scanned(b"[1]\n" + jsonl(CLEAN)))
    assert "It may not leave: 1 line could not be checked." in text
    assert "Lines that could not be read" in text
    assert "Not known" in text


def test_a_redacted_copy_and_its_parent_link_to_each_other(scanned, lead):
    row = scanned(jsonl(PERSONAL))
    assert lead.post(f"/training-sets/{row.pk}/copy")["Location"] == f"/training-sets/{row.pk}/"
    assert "It is being made" in shown(lead, row)
    worked()
    copy = TrainingSet.objects.get(parent=row)
    assert f'href="/training-sets/{copy.pk}/"' in shown(lead, row)
    assert f'href="/training-sets/{row.pk}/"' in shown(lead, copy)


def test_a_release_is_asked_for_a_granted_place_and_followed_to_its_end(scanned, granted, lead):
    row, (tenant, deciders) = scanned(jsonl(CLEAN)), granted
    assert tenant.title in shown(lead, row)
    lead.post(f"/training-sets/{row.pk}/release", {"destination_id": str(tenant.pk)})
    assert f"may go to {tenant.title}. Until then" in shown(lead, row)
    asking.approve(asking.Request.objects.get(subject_kind="training_release"), *deciders, at=now())
    text = shown(lead, row)
    assert f"It may go to {tenant.title} until" in text
    assert "Approved" in text


def test_where_a_set_was_sent_stands_with_the_call_that_sent_it(scanned, granted, lead, owner):
    row, (tenant, deciders) = scanned(jsonl(CLEAN)), granted
    asked = services.ask_release(training_set_id=row.pk, destination_id=tenant.pk, by=owner, at=now())
    asking.approve(asking.Request.objects.get(subject_id=asked.pk), *deciders, at=now())
    with transaction.atomic():
        record(EventKind.TRAINING_SET_PUBLISHED, subject=f"training_set:{row.pk}", by=builders.INSTALLER, at=now())
        call = Exchange.objects.create(at=now(), surface="openai.training_file", verdict="allow", state="completed")
        Publication.objects.create(
            pk=call.pk,
            exchange=call,
            training_set=row,
            destination=tenant,
            permit=ReleasePermit.objects.get(training_set=row),
            provider_id="file-1",
            state=PublicationState.SENT,
            begun_at=now(),
        )
    text = shown(lead, row)
    assert f'href="/exchanges/{call.pk}/">{tenant.title}</a>' in text
    assert "file-1" not in text


@pytest.fixture
def possibly_sent(received, group):
    row = received()
    return everything.possibly_sent(row, scope.destination(title="Example model"), at=now())


def test_of_a_set_that_was_possibly_sent_a_lead_reads_who_can_say(possibly_sent, lead):
    text = shown(lead, possibly_sent.training_set)
    assert "Nobody knows whether it arrived" in text
    assert "It was on its way to Example model, and nobody knows whether it is there." in text
    assert "It may go to" not in text
    assert "A data steward or an IT approver" in text
    assert "It is not there" not in text
    assert [word for word in LEAD_NEVER_READS if word in text.lower()] == []


@pytest.mark.parametrize(("said", "told"), [("yes", "Arrived"), ("no", "Not taken")])
def test_who_looked_at_the_provider_says_what_came_of_it(possibly_sent, signed_in, said, told):
    steward, row = signed_in(Role.DATA_STEWARD), possibly_sent.training_set
    assert "It is not there" in shown(steward, row)
    steward.post(f"/training-sets/{row.pk}/sent/{possibly_sent.pk}", {"arrived": said})
    text = shown(steward, row)
    assert told in text
    assert "looked there" in text
    assert "Nobody knows" not in text


def test_a_word_that_is_no_answer_changes_nothing(possibly_sent, signed_in):
    url = f"/training-sets/{possibly_sent.training_set_id}/sent/{possibly_sent.pk}"
    assert signed_in(Role.DATA_STEWARD).post(url, {"arrived": "perhaps"}).status_code == 422
    possibly_sent.refresh_from_db()
    assert possibly_sent.state == PublicationState.UNKNOWN


def test_a_place_without_a_grant_cannot_be_chosen(scanned, granted, lead):
    row = scanned(jsonl(CLEAN))
    answer = lead.post(f"/training-sets/{row.pk}/release", {"destination_id": str(uuid7())})
    assert answer.status_code == 422
    assert "not one of the available choices" in answer.text


def test_a_lead_reads_no_words_of_the_proof(scanned, granted, lead):
    text = shown(lead, scanned(jsonl(PERSONAL))).lower()
    assert [word for word in LEAD_NEVER_READS if word in text] == []


def test_who_decides_is_shown_what_identifies_the_bytes(received, signed_in):
    row = received()
    text = shown(signed_in(Role.SECURITY_APPROVER), row)
    assert "Fingerprint of the bytes" in text
    assert row.digest in text


def test_who_only_watches_is_offered_nothing_to_do(scanned, signed_in):
    text = shown(signed_in(Role.AUDITOR), scanned(jsonl(PERSONAL)))
    assert "Make the copy" not in text


def test_the_set_of_another_unit_is_not_there(received, enter, retail):
    stranger = enter(builders.person(Role.REQUESTER, retail))
    row = received()
    assert stranger.get(f"/training-sets/{row.pk}/").status_code == 404
    assert "Letters" not in stranger.get("/training-sets/").text.split("<main", 1)[1]


@pytest.mark.parametrize("act", ["copy", "release"])
def test_a_stranger_changes_nothing(act, received, enter, retail):
    row = received()
    stranger = enter(builders.person(Role.REQUESTER, retail))
    assert stranger.post(f"/training-sets/{row.pk}/{act}").status_code in {403, 404}


@pytest.mark.parametrize("path", ["", "new/"])
def test_the_wrong_role_is_refused(path, assistant, signed_in):
    url = f"/initiatives/{assistant.code}/training-sets/new/" if path else "/training-sets/"
    assert signed_in(Role.EXECUTIVE).get(url).status_code == 403


def test_the_list_finds_sorts_and_teaches(received, lead):
    assert "No training set yet" in lead.get("/training-sets/").text
    received(title="Aunt letters")
    received(PERSONAL, title="Zebra letters")
    text = lead.get("/training-sets/?sort=title").text
    assert text.index("Aunt letters") < text.index("Zebra letters")
    assert "Zebra letters" not in lead.get("/training-sets/?q=aunt").text
    assert "Nothing matches" in lead.get("/training-sets/?state=clean").text


def test_the_page_of_a_set_asks_no_more_the_more_there_is(scanned, lead, django_assert_max_num_queries):
    row = scanned(jsonl(*[PERSONAL | {"completion": f"Done {number}."} for number in range(40)]))
    with django_assert_max_num_queries(MOST_QUERIES):
        shown(lead, row)


def test_the_upload_page_says_how_a_program_sends_it(lead, assistant):
    text = lead.get(f"/initiatives/{assistant.code}/training-sets/new/").text
    assert f"/api/v1/initiatives/{assistant.code}/training-sets?title=" in text
    assert (
        f'href="/initiatives/{assistant.code}/training-sets/new/"' in lead.get(f"/initiatives/{assistant.code}/").text
    )


def test_a_ticket_is_given_to_who_may_upload_and_to_nobody_else(lead, owner, assistant, enter, retail):
    url = f"/initiatives/{assistant.code}/training-sets/ticket"
    assert holder_of(lead.post(url).text, request_id="r").person == owner.person
    stranger = enter(builders.person(Role.REQUESTER, retail))
    assert stranger.post(url).status_code in {403, 404}
