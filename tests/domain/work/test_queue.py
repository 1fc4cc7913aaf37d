"""What the broker may carry, and which messages may come back."""

from governance.work.queue import app


def test_nothing_but_json_is_read_and_no_result_is_kept():
    assert app.conf.accept_content == app.conf.result_accept_content == ["json"]
    assert app.conf.task_serializer == "json"
    assert app.conf.task_ignore_result


def test_a_durable_job_may_be_given_out_again():
    app.loader.import_default_modules()
    task = app.tasks["work.run_job"]
    assert (task.acks_late, task.reject_on_worker_lost) == (True, True)


def test_a_message_is_not_given_out_again_while_it_may_still_be_worked_on():
    longest = app.tasks["work.run_job"].time_limit
    assert app.conf.broker_transport_options["visibility_timeout"] >= 4 * longest


def test_no_worker_takes_more_than_it_works_on():
    assert (app.conf.worker_prefetch_multiplier, app.conf.worker_disable_prefetch) == (1, True)
