"""How workers are replaced: by what they hold, never by a count that all of them reach at once while prompts wait."""

from governance.work.queue import app


def test_a_worker_is_replaced_for_its_memory_and_for_nothing_else():
    assert app.conf.worker_max_tasks_per_child is None
    assert app.conf.worker_max_memory_per_child == 1_500_000
