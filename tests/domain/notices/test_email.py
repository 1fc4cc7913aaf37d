"""E-mail by a real SMTP server on loopback: taken once, tried again when it may go well, given up when it will not."""

from datetime import timedelta

import pytest

from governance.core.actors import CLOCK
from governance.notices import services
from governance.notices.models import Delivery, Notice
from governance.notices.timing import BACK_OFF_S, MOST_TRIES
from governance.organisation.models import Person
from governance.organisation.services import deactivate_person

pytestmark = pytest.mark.django_db


def prefer(actor, *, at, quiet=(None, None), zone="", **mail):
    services.set_preferences(mail=mail, quiet_from=quiet[0], quiet_until=quiet[1], time_zone=zone, by=actor, at=at)


def text_of(mail, kind="plain"):
    return mail.get_body([kind]).get_content()


def test_what_is_told_reaches_the_mailbox_once(by_mail, tell, work, approver, at):
    tell(approver, at=at)
    assert work(at) == [("sent", "accepted", 1)]
    assert work(at + timedelta(hours=1)) == [("sent", "accepted", 1)]
    [mail] = by_mail.mails
    assert mail["To"] == Person.objects.get(pk=approver.person).email
    assert mail["Subject"] == "Request 7 waits for your decision."


def test_an_email_says_what_the_notice_says_and_where(by_mail, settings, tell, work, approver, at):
    settings.WEB_URL = "https://remit.example"
    tell(approver, at=at, text='A "quoted" <title> & more.')
    work(at)
    [mail] = by_mail.mails
    assert 'A "quoted" <title> & more.\n  https://remit.example/inbox/' in text_of(mail).replace("\r\n", "\n")
    assert "&lt;title&gt; &amp; more." in text_of(mail, "html")
    assert mail["List-Unsubscribe"] == "<https://remit.example/notices/preferences/>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == f"<{Delivery.objects.get().pk}@remit.example>"


def test_a_sentence_in_any_script_stays_one_subject(by_mail, tell, work, approver, at):
    tell(approver, at=at, text="Ünïcode 保険 \r\nBcc: somebody@example.invalid\u2028" + "x" * 500)
    assert work(at) == [("sent", "accepted", 1)]
    [mail] = by_mail.mails
    subject = mail["Subject"].strip()  # a folded header begins with a space
    assert subject.startswith("Ünïcode 保険 Bcc: somebody@example.invalid xxx")
    assert len(subject) == 120
    assert mail["Bcc"] is None


def test_several_things_go_in_one_email_by_group(by_mail, tell, work, approver, at):
    tell(approver, at=at)
    tell(approver, at=at, link="/inbox/asked", kind="approvals.approved", text="Request 5 was approved.")
    assert work(at) == [("sent", "accepted", 1)]
    [mail] = by_mail.mails
    assert mail["Subject"] == "Remit: decisions wanted (1), what i asked (1)"
    assert text_of(mail).index("Decisions wanted") < text_of(mail).index("Request 5 was approved.")


def test_a_server_that_is_busy_is_asked_again_with_the_same_id(by_mail, tell, work, approver, at):
    by_mail.answers[:] = ["450 busy"]
    tell(approver, at=at)
    assert work(at) == [("failed", "smtp_450", 1)]
    assert work(at + timedelta(seconds=1)) == [("failed", "smtp_450", 1)]
    assert work(at + timedelta(seconds=BACK_OFF_S[0] * 2)) == [("sent", "accepted", 2)]
    [mail] = by_mail.mails
    assert str(Delivery.objects.get().pk) in mail["Message-ID"]


def test_a_letter_that_is_refused_is_given_up(by_mail, tell, work, approver, at):
    by_mail.answers[:] = ["550 nobody of that name"]
    tell(approver, at=at)
    assert work(at) == [("given_up", "smtp_550", 1)]
    assert work(at + timedelta(days=3)) == [("given_up", "smtp_550", 1)]
    assert by_mail.mails == []


def test_a_server_that_is_down_delays_nobody_and_gets_everything_when_it_is_up(by_mail, tell, work, approver, at):
    by_mail.stop()
    tell(approver, at=at)
    assert work(at) == [("failed", "unreachable", 1)]
    by_mail.start()
    assert work(at + timedelta(seconds=10)) == [("sent", "accepted", 2)]
    assert len(by_mail.mails) == 1


def test_a_server_that_never_comes_back_is_given_up_after_days(by_mail, tell, work, approver, at):
    by_mail.stop()
    tell(approver, at=at)
    states = [work(at + timedelta(days=2 * number))[0] for number in range(MOST_TRIES)]
    assert states[-2:] == [("failed", "unreachable", MOST_TRIES - 1), ("given_up", "unreachable", MOST_TRIES)]


@pytest.mark.parametrize(
    ("address", "state", "logins"),
    [
        pytest.param("smtp://remit:right@127.0.0.1:{port}", "sent", [("remit", "right")], id="the right password"),
        pytest.param("smtp://remit:wr%40ng@127.0.0.1:{port}", "failed", [("remit", "wr@ng")], id="a wrong password can be mended"),
        pytest.param("smtp+starttls://127.0.0.1:{port}", "failed", [], id="TLS that the server does not have"),
    ],
)  # fmt: skip
def test_signing_in_to_the_server(address, state, logins, by_mail, settings, monkeypatch, tell, work, approver, at):
    from governance.settings.readers import mail_server

    by_mail.stop()
    by_mail.options = {"auth_require_tls": False}
    by_mail.start()
    monkeypatch.setenv("REMIT_MAIL_URL", address.format(port=by_mail.port))
    settings.MAIL = mail_server("REMIT_MAIL_URL", "")
    tell(approver, at=at)
    assert work(at)[0][0] == state
    assert by_mail.logins[:1] == logins


def test_without_a_sender_no_email_is_queued(settings, tell, work, approver, at):
    settings.MAIL_FROM = ""
    tell(approver, at=at)
    assert work(at) == []
    assert Notice.objects.get().spread_at == at


def test_who_has_no_address_is_told_in_remit_only(tell, work, approver, at):
    Person.objects.filter(pk=approver.person).update(email="")
    tell(approver, at=at)
    assert work(at) == []


def test_who_has_left_is_written_to_no_more(by_mail, tell, work, approver, admin, at):
    tell(approver, at=at)
    services.spread(by=CLOCK, at=at)
    deactivate_person(person_id=approver.person, by=admin, at=at)
    assert work(at) == [("given_up", "nothing_to_send", 1)]
    assert by_mail.mails == []


def test_what_was_read_in_remit_meanwhile_is_not_mailed(by_mail, tell, work, approver, at):
    by_mail.answers[:] = ["450 busy"]
    tell(approver, at=at)
    work(at)
    services.mark_all_read(by=approver, at=at)
    assert work(at + timedelta(minutes=1)) == [("given_up", "nothing_to_send", 2)]


def test_a_digest_is_one_email_in_the_persons_morning(by_mail, tell, work, approver, at):
    prefer(approver, at=at, decisions="daily", zone="Asia/Tokyo")
    for number in range(3):
        tell(approver, at=at, link=f"/inbox/{number}/")
    read = Notice.objects.get(link="/inbox/2/")
    assert work(at) == []
    services.mark_read(notice_id=read.pk, by=approver, at=at)
    morning = at.replace(hour=23)  # 08:00 in Tokyo
    assert work(morning - timedelta(seconds=1)) == []
    assert work(morning) == [("sent", "accepted", 1)]
    [mail] = by_mail.mails
    assert mail["Subject"] == "Remit: decisions wanted (2)"


def test_quiet_hours_hold_an_email_until_they_end_and_an_urgent_one_goes_through(by_mail, tell, work, approver, at):
    from datetime import time

    prefer(approver, at=at, quiet=(time(9), time(12)))  # it is 10:00 in Zurich
    tell(approver, at=at)
    assert work(at) == []
    tell(approver, at=at, link="/inbox/late", kind="approvals.escalated")
    assert work(at) == [("sent", "accepted", 1)]
    assert work(at + timedelta(hours=2)) == [("sent", "accepted", 1)] * 2


def test_a_choice_of_somebody_else_changes_nothing(tell, work, by_mail, approver, owner, at):
    prefer(owner, at=at, decisions="never")
    tell(approver, owner, at=at)
    assert work(at) == [("sent", "accepted", 1)]


def test_a_worker_that_died_counts_as_one_failed_try(by_mail, tell, work, approver, at):
    from governance.core.actors import WORKER
    from governance.work.models import Job
    from governance.work.services import claim

    tell(approver, at=at)
    services.spread(by=CLOCK, at=at)
    job = claim(job_id=Job.objects.get(kind="notices.deliver").pk, by=WORKER, at=at)
    services.lose_try(job=job, by=WORKER, at=at)
    assert work(at + timedelta(seconds=10)) == [("sent", "accepted", 2)]


def test_two_tries_of_one_delivery_have_one_effect(by_mail, tell, work, approver, at):
    tell(approver, at=at)
    services.spread(by=CLOCK, at=at)
    services.sending.queue_try(delivery=Delivery.objects.get(), by=CLOCK, at=at)
    assert work(at) == [("sent", "accepted", 1)]
    assert len(by_mail.mails) == 1


def test_a_server_that_keeps_somebody_waiting_is_left_alone_for_a_while(
    by_mail, tell, work, approver, owner, at, settings
):
    import time as clock

    settings.MAIL = settings.MAIL | {"timeout": 0.2}
    by_mail.handle_EHLO = lambda *_: clock.sleep(1)
    tell(approver, owner, at=at)
    assert sorted(work(at)) == [("failed", "timeout", 1), ("queued", "", 0)]
