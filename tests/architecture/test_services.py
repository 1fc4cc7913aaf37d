"""Every public write says who and when, and leaves an event."""

from tests.architecture import guards

SILENT = {  # function -> why it needs no event
    "approvals/services/together.py:approve_together": "each decision records its own",
    "approvals/services/looking.py:note_look": "that somebody has a page open decides nothing",
    "approvals/services/deputies.py:tell_deputy": "the delegation it tells of is recorded",
    "approvals/services/replays.py:note_progress": "its replay is recorded when it begins and ends",
    "audit/services.py:record": "it is the event",
    "audit/services.py:record_async": "it is the event",
    "audit/services.py:named_event": "it is the event",
    "audit/services.py:integrate": "it numbers events",
    "remits/services/suggestions.py:take_suggestion": "the draft saved, the submission and the revision are recorded",
    "remits/services/suggestions.py:decline_suggestion": "the answer is recorded by the approvals service it calls",
    "organisation/services/saved_views.py:save_view": "how somebody looks at a list is their own affair",
    "organisation/services/saved_views.py:rename_view": "how somebody looks at a list is their own affair",
    "organisation/services/saved_views.py:remove_view": "how somebody looks at a list is their own affair",
    "organisation/services/keys.py:touch_key": "the exchange or call that used the key is recorded",
    "organisation/services/keys.py:note_keys_used": "the exchanges that used the keys are recorded",
    "gateway/services/keys_used.py:note_used_keys": "the exchanges that used the keys are recorded",
    "gateway/services/holds.py:tell_of_holds": "the holds it tells of are recorded",
    "gateway/services/comparisons.py:keep_comparison": "what a version in shadow would have decided has no effect",
    "gateway/services/batches.py:see_batch": "the exchange that asked how it stands is recorded",
    "gateway/services/uploads.py:add_part": "that a file will come is recorded, and what became of it",
    "gateway/services/uploads.py:still_passing": "what is being made of a file is recorded when it begins and when it ends",
    "gateway/services/tuning.py:begin_publication": "the intent to send is recorded",
    "gateway/services/tuning.py:see_job": "the exchange that asked how it stands is recorded",
    "gateway/services/spending.py:set_aside": "the intent it is for is recorded",
    "gateway/services/spending.py:settle": "the outcome it is for is recorded",
    "gateway/services/runs.py:enter_run": "that a run begins is recorded, and each call of it as its exchange",
    "gateway/services/runs.py:set_aside_of_run": "the intent it is for is recorded",
    "gateway/services/runs.py:settle_run": "the outcome it is for is recorded",
    "gateway/services/signs.py:show_life": "signs of life are bookkeeping",
    "notices/services/telling.py:notify": "what it tells of is recorded",
    "notices/services/telling.py:spread": "what it sends on is recorded",
    "notices/services/reading.py:mark_read": "reading changes nothing that is governed",
    "notices/services/reading.py:mark_all_read": "reading changes nothing that is governed",
    "notices/services/reading.py:forget": "what it deletes is bookkeeping",
    "notices/services/preferences.py:set_preferences": "how somebody wants to hear is their own affair",
    "notices/services/sending.py:queue_try": "a try changes nothing that is governed",
    "notices/services/webhooks.py:call_again": "send_again, which it calls, records it",
    "notices/services/sending.py:put_off": "a try changes nothing that is governed",
    "gateway/services/stops.py:refuse_release": "it asks and writes nothing",
    "gateway/services/unused.py:propose_unused": "each question it asks is recorded",
    "remits/services/overlaps.py:look_for_overlaps": "what it finds is recorded where it is noted",
    "remits/services/overlaps.py:look_at_all": "what it finds is recorded where it is noted",
    "scanning/services/versions.py:make_version": "keep_version, which it calls, records it",
    "scanning/services/versions.py:run_in_shadow": "set_shadow, which it calls, records it",
    "scanning/services/versions.py:renew_version": "carry_over, which it calls, records it",
    "scanning/services/versions.py:put_in_force": "activate_ruleset, which it calls, records it",
    "training/services/exams.py:check_sets_again": "that the exam is watched is recorded, and so is what each check finds",
    "training/services/exams.py:queue_checks": "what each check finds is recorded",
    "training/services/exams.py:queue_check": "what the check finds is recorded",
    "training/services/exams.py:close_exam_check": "record_exam_checks, which it calls, records what was found of each exam",
    "training/services/exams.py:give_up_exam_check": "record_exam_checks, which it calls, records it for each exam",
    "initiatives/services/tending.py:seek_arbiter": "name_arbiter, which it calls, records whom it names",
    "initiatives/services/tending.py:carry_out": "apply_ruling, which it calls, records what changes",
    "remits/services/ownership.py:check_split": "it asks and writes nothing",
    "work/services/queueing.py:enqueue": "a job is bookkeeping; the change that asked for it is recorded",
    "work/services/leasing.py:claim": "a lease is bookkeeping",
    "work/services/leasing.py:extend": "a lease is bookkeeping",
    "work/services/leasing.py:finish_job": "the job's effects record their own events",
    "work/services/relaying.py:relay": "a bell changes nothing",
    "work/services/relaying.py:mark_rung": "a bell changes nothing",
    "work/services/life.py:beat": "a sign of life changes nothing",
    "work/services/life.py:forget": "what it deletes is bookkeeping",
    "work/services/calls.py:repeatable": "the call's own effect is recorded",
}


def test_every_write_names_actor_and_time():
    assert not guards.without_actor_or_time()


def test_every_write_records_an_event():
    assert not [name for name in guards.without_event() if name not in SILENT]


def test_exceptions_are_still_needed():
    assert set(SILENT) <= set(guards.without_event())
