"""The Celery application. Postgres holds the truth; Celery rings the bell, and keeps the processes that scan."""

from celery import Celery
from django.conf import settings

app = Celery("remit")
app.conf.update(
    broker_url=settings.REDIS_URL,
    broker_transport_options={
        # Four times the longest task: a message given out again while it is being worked on would run twice for nothing.
        "visibility_timeout": 4 * settings.JOB_TIME_LIMIT_S,
        "unacked_restore_interval": 5,
        "socket_connect_timeout": 2,
        "socket_timeout": 5,
        "socket_keepalive": True,
        "retry_on_timeout": False,
    },
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    # JSON only: a pickle from a broker that somebody else can write to is a shell.
    task_serializer="json",
    accept_content=["json"],
    result_accept_content=["json"],
    # Nothing is kept at the broker, and nothing about a task's arguments reaches a log or an event.
    task_ignore_result=True,
    task_store_errors_even_if_ignored=False,
    worker_send_task_events=False,
    task_send_sent_event=False,
    task_publish_retry=False,
    task_create_missing_queues=True,
    task_default_queue="jobs",
    task_annotations={
        # A durable job may be given out again: its row decides who does it.
        "work.run_job": {
            "acks_late": True,
            "reject_on_worker_lost": True,
            "time_limit": settings.JOB_TIME_LIMIT_S,
        },
    },
    worker_prefetch_multiplier=1,
    worker_disable_prefetch=True,
    # Not after so many tasks: a scan worker loads its models for seconds, and all of them would come to that number at once.
    worker_max_memory_per_child=1_500_000,  # KiB at its peak; one that scans has some 330,000 and gains less than 1 for each scan
    worker_hijack_root_logger=False,
    worker_enable_remote_control=False,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    worker_proc_alive_timeout=60,
    enable_utc=True,
    timezone="UTC",
)
app.autodiscover_tasks()
# By name, for it needs the models, which are not there yet.
app.steps["worker"].add("governance.work.watch:Watch")
