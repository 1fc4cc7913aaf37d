"""The Celery application. Postgres holds the truth; Celery only rings the bell and carries interactive scans."""

from celery import Celery

app = Celery("remit")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
