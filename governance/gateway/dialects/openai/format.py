"""OpenAI's interface, path by path.

Source of the list: the resources of the official `openai` package, version 3.54.
"""

from dataclasses import replace

from governance.destinations.rules import Dialect
from governance.gateway.dialects.openai.background import FETCH, in_background
from governance.gateway.dialects.openai.batches import ASK, ASK_FILE, OF_BATCHES, START, TAKE, UPLOAD
from governance.gateway.dialects.openai.chat import CHAT
from governance.gateway.dialects.openai.completions import COMPLETIONS
from governance.gateway.dialects.openai.errors import body_of
from governance.gateway.dialects.openai.fine_tuning import ASK_JOB, BEGIN_JOB, LISTEN
from governance.gateway.dialects.openai.models import batch_listing, listing
from governance.gateway.dialects.openai.numbers import EMBEDDINGS, MODERATIONS
from governance.gateway.dialects.openai.responses import INPUT_TOKENS, RESPONSES
from governance.gateway.dialects.wire_format import (
    BATCH_ID,
    FILE_ID,
    PARTS_ID,
    Listed,
    Route,
    WireFormat,
    bearer,
    keeps_files,
    lists_batches,
    lists_files,
    lists_jobs,
    lists_models,
    refused,
    scanned,
    tells_file,
    unsupported,
)

STATE = "What was said before lies at the provider, where it cannot be scanned together with what is new."
WHOLE = "Send the whole conversation each time."
GIVEN_IN = "What was handed in is sealed, and only those who decide on it and the workers that read it see any of it."
DECIDED_ON = "A training set stands in the records of what was decided on it."
MEDIA = "Pictures and sound cannot be scanned."
ROUTES: tuple[Route, ...] = (
    scanned("POST", "/chat/completions", "Chat completions", CHAT),
    lists_models("/models"),
    refused("/chat/completions/{rest}", "Stored chat completions", STATE, WHOLE),
    scanned("POST", "/responses", "Responses", replace(RESPONSES, instead=in_background)),
    scanned("POST", "/responses/input_tokens", "Counting tokens of responses", INPUT_TOKENS),
    scanned("POST", "/completions", "Completions", COMPLETIONS),
    scanned("POST", "/embeddings", "Embeddings", EMBEDDINGS),
    scanned("POST", "/moderations", "Moderations", MODERATIONS),
    scanned("GET", f"/responses/{BATCH_ID}", "Answers of the background", FETCH),
    scanned("POST", f"/responses/{BATCH_ID}/cancel", "Ending what runs in the background", FETCH),
    refused(
        "/responses/{rest}",
        "Stored responses",
        STATE,
        "Take the answer from the call itself, or ask for it in the background.",
    ),
    scanned("POST", "/files", "Files of batches and for fine-tuning", UPLOAD),
    tells_file(f"/files/{FILE_ID}"),
    refused(
        f"/files/{FILE_ID}/content",
        "Files for fine-tuning, given back",
        GIVEN_IN,
        "Keep a copy where it came from.",
        method="GET",
    ),
    refused(
        f"/files/{FILE_ID}",
        "Deleting a file for fine-tuning",
        DECIDED_ON,
        "Ask for no release of it; it goes nowhere then.",
        method="DELETE",
    ),
    scanned("GET", f"/files/{BATCH_ID}", "How a file stands", ASK_FILE),
    scanned("GET", f"/files/{BATCH_ID}/content", "Answers of a batch", TAKE),
    lists_files("/files"),
    unsupported("/files/{rest}", "More about files", "The provider deletes files of batches by itself after a month."),
    keeps_files("POST", "/uploads", "Files in parts", Listed.PARTS_BEGUN),
    keeps_files("POST", f"/uploads/{PARTS_ID}/parts", "A part of a file", Listed.PART),
    keeps_files("POST", f"/uploads/{PARTS_ID}/complete", "Putting a file together", Listed.PARTS_WHOLE),
    keeps_files("POST", f"/uploads/{PARTS_ID}/cancel", "Giving a file in parts up", Listed.PARTS_ENDED),
    unsupported("/uploads/{rest}", "More about uploads", "Begin one with POST /uploads; its id begins with upload_."),
    scanned("POST", "/batches", "Batches", START),
    lists_batches("/batches"),
    scanned("GET", f"/batches/{BATCH_ID}", "How a batch stands", ASK),
    scanned("POST", f"/batches/{BATCH_ID}/cancel", "Ending a batch early", ASK),
    scanned("POST", "/fine_tuning/jobs", "Fine-tuning jobs", BEGIN_JOB),
    lists_jobs("/fine_tuning/jobs"),
    scanned("GET", f"/fine_tuning/jobs/{BATCH_ID}", "How a fine-tuning job stands", ASK_JOB),
    scanned("POST", f"/fine_tuning/jobs/{BATCH_ID}/cancel", "Ending a fine-tuning job early", ASK_JOB),
    replace(scanned("GET", f"/fine_tuning/jobs/{BATCH_ID}/events", "Events of a fine-tuning job", LISTEN), pages=True),
    replace(
        scanned("GET", f"/fine_tuning/jobs/{BATCH_ID}/checkpoints", "Checkpoints of a fine-tuning job", LISTEN),
        pages=True,
    ),
    unsupported(
        "/fine_tuning/{rest}",
        "More about fine-tuning",
        "Begin, follow and end jobs; graders and rights to checkpoints are kept at the provider.",
    ),
    refused("/images/{rest}", "Pictures", MEDIA, "Describe in words what you need."),
    refused("/audio/{rest}", "Speech", MEDIA, "Send the text of what was said."),
    refused("/videos", "Videos", MEDIA, "Describe in words what you need."),
    refused("/videos/{rest}", "Videos", MEDIA, "Describe in words what you need."),
    refused("/realtime/{rest}", "Realtime sessions", "A live session leaves no moment to check it.", WHOLE),
    refused("/conversations", "Conversations", STATE, WHOLE),
    refused("/conversations/{rest}", "Conversations", STATE, WHOLE),
    refused("/assistants", "Assistants", STATE, WHOLE),
    refused("/assistants/{rest}", "Assistants", STATE, WHOLE),
    refused("/threads", "Threads", STATE, WHOLE),
    refused("/threads/{rest}", "Threads", STATE, WHOLE),
    refused("/vector_stores", "Vector stores", STATE, "Search in your own systems and send what you found."),
    refused("/vector_stores/{rest}", "Vector stores", STATE, "Search in your own systems and send what you found."),
    refused("/containers", "Containers", STATE, "Run code in your own systems."),
    refused("/containers/{rest}", "Containers", STATE, "Run code in your own systems."),
    refused("/skills", "Skills", STATE, "Write the instructions into the prompt."),
    refused("/skills/{rest}", "Skills", STATE, "Write the instructions into the prompt."),
    refused("/evals", "Evaluations", STATE, "Keep exams in Remit's evaluation sets."),
    refused("/evals/{rest}", "Evaluations", STATE, "Keep exams in Remit's evaluation sets."),
)
OPENAI = WireFormat(
    Dialect.OPENAI, "OpenAI", "/openai/v1", ROUTES, body_of, bearer, listing, "", batch_listing, OF_BATCHES
)
