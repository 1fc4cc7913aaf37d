"""Lines a builder pastes beyond a first call: batches, jobs that tune a model, and files that calls name. Pure.

As in snippets.py nothing is changed but the base URL and the key, which is read from the environment.
"""

import json
from collections.abc import Mapping
from string import Template

from governance.destinations.rules import Dialect
from governance.gateway.snippets import CLIENTS, Language, base_url


class _Lines(Template):
    delimiter = "~"  # as in snippets.py


_BATCHES: Mapping[Dialect, str] = {
    Dialect.OPENAI: """# letters.jsonl, a line each:
# {"custom_id": "1", "method": "POST", "url": "/v1/chat/completions", "body": {"model": ~model, "messages": [...]}}
file = client.files.create(file=open("letters.jsonl", "rb"), purpose="batch")
batch = client.batches.create(
    input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h"
)

# Later:
batch = client.batches.retrieve(batch.id)
if batch.output_file_id:
    print(client.files.content(batch.output_file_id).text)""",
    Dialect.ANTHROPIC: """asked = {
    "model": ~model,
    "max_tokens": 500,
    "messages": [{"role": "user", "content": "Say hello."}],
}
batch = client.messages.batches.create(requests=[{"custom_id": "1", "params": asked}])

# Later:
if client.messages.batches.retrieve(batch.id).processing_status == "ended":
    for each in client.messages.batches.results(batch.id):
        print(each.custom_id, each.result)""",
}
_TUNING: Mapping[Dialect, str] = {
    Dialect.OPENAI: """file = client.files.create(file=open("letters.jsonl", "rb"), purpose="fine-tune")
print(client.files.retrieve(file.id).status_details)  # where its release is asked for

# Once it is released:
job = client.fine_tuning.jobs.create(model=~model, training_file=file.id)
print(client.fine_tuning.jobs.retrieve(job.id).status)""",
}
_FILES: Mapping[Dialect, str] = {
    Dialect.ANTHROPIC: """file = client.beta.files.upload(file=("letter.pdf", open("letter.pdf", "rb"), "application/pdf"))
message = client.messages.create(
    model=~model,
    max_tokens=500,
    messages=[
        {
            "role": "user",
            "content": [
                {"type": "document", "source": {"type": "file", "file_id": file.id}},
                {"type": "text", "text": "Shorten it to three lines."},
            ],
        }
    ],
)
print(message.content[0].text)""",
    Dialect.GEMINI: """file = client.files.upload(file="letter.pdf")
answer = client.models.generate_content(model=~model, contents=["Shorten it to three lines.", file])
print(answer.text)

# What stands before many calls:
cache = client.caches.create(model=~model, config={"contents": [file], "ttl": "3600s"})
answer = client.models.generate_content(
    model=~model, contents="What does it say of dates?", config={"cached_content": cache.name}
)
print(answer.text)""",
}


def batch_lines(dialect: Dialect, *, gateway: str, model: str) -> str:
    """Return the lines that hand over many calls at once and fetch their answers, "" where the gateway takes no batches."""
    return _written(_BATCHES, dialect, gateway=gateway, model=model)


def tuning_lines(dialect: Dialect, *, gateway: str, model: str) -> str:
    """Return the lines that hand in a training set and begin a job with it, "" where the gateway begins none."""
    return _written(_TUNING, dialect, gateway=gateway, model=model)


def file_lines(dialect: Dialect, *, gateway: str, model: str) -> str:
    """Return the lines that hand over a file and name it in a call, "" where the gateway keeps none for calls."""
    return _written(_FILES, dialect, gateway=gateway, model=model)


def _written(lines: Mapping[Dialect, str], dialect: Dialect, *, gateway: str, model: str) -> str:
    if dialect not in lines:
        return ""
    told = {"base": json.dumps(base_url(dialect, gateway=gateway)), "model": json.dumps(model)}
    begun = CLIENTS[dialect, Language.PYTHON].begun
    return _Lines(f"{begun}\n\n{lines[dialect]}").substitute(told)
