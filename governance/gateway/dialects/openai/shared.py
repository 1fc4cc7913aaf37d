"""What several of OpenAI's surfaces have in common. Source: the official `openai` package, version 3.54; vLLM's documentation."""

import re

from governance.gateway.dialects.enclosures import Carried
from governance.gateway.dialects.replies import MOST_TOKENS
from governance.gateway.dialects.shapes import (
    either,
    flag,
    free,
    listed,
    number,
    record,
    tagged,
    text,
    unscannable_field,
    word,
)

MOST_PARTS = 2000
TOKENS = number(1, MOST_TOKENS, whole=True)
COUNT = number(0, 1_000_000, whole=True)
SEED = number(-(2**63), 2**63 - 1, whole=True)
STATE = unscannable_field("What was said before lies at the provider, where it cannot be scanned with what is new.")
ELSEWHERE = unscannable_field("It lies elsewhere, where it cannot be scanned. Send the file itself.")
FILE = Carried(("file_data",), name=("filename",))
FILE_FIELDS = {"filename": text(), "file_id": ELSEWHERE, "file_url": ELSEWHERE}
DETAIL = word("auto", "low", "high", "original")
# Of the streams in the older form: a choice has ended, or all of it, or there was a fault.
LAST = re.compile(rb'"finish_reason"\s*:\s*"|^\s*\[DONE\]|"error"\s*:\s*["{]')
# The texts of an answer once more, in tokens or as their numbers.
REPEATED = frozenset({"logprobs", "token_ids"})
STREAM_OPTIONS = record({"include_usage": flag(), "include_obfuscation": flag()})
CACHING = {
    "prompt_cache_key": text(),
    "prompt_cache_retention": word("in_memory", "24h"),
    "prompt_cache_options": record(
        {"mode": word("implicit", "explicit"), "ttl": word("30m", "12h"), "prewarm": flag()}
    ),
}
BREAKPOINT = record({"mode": word("explicit"), "ttl": word("30m", "12h")})
MODERATED = record({"mode": word("score", "block")})
MODERATION = record({"model": text(), "policy": record({"input": MODERATED, "output": MODERATED})})
EFFORT = word("none", "minimal", "low", "medium", "high", "xhigh", "max")
VERBOSITY = word("low", "medium", "high")
TIER = word("auto", "default", "flex", "scale", "priority", "fast")
WHO = {"user": text(), "safety_identifier": text(), "metadata": free(), "service_tier": TIER}
SAMPLING = {
    "temperature": number(0, 2),
    "top_p": number(0, 1),
    "presence_penalty": number(-2, 2),
    "frequency_penalty": number(-2, 2),
    "seed": SEED,
    "stop": either(when_text=text(), when_list=listed(text(), most=16)),
}
GRAMMAR = tagged(
    "type",
    {
        "text": record({"type": word("text")}),
        "grammar": record(
            {
                "type": word("grammar"),
                "definition": text(),
                "syntax": word("lark", "regex"),
                # As chat completions nest it.
                "grammar": record({"definition": text(), "syntax": word("lark", "regex")}),
            }
        ),
    },
)
# What a vLLM server takes besides, through the official client's `extra_body`.
OF_VLLM = {
    "guided_json": either(when_text=text(), when_object=free()),
    "guided_regex": text(),
    "guided_choice": listed(text(), most=10_000),
    "guided_grammar": text(),
    "guided_decoding_backend": text(),
    "guided_whitespace_pattern": text(),
    "structured_outputs": free(),
    "chat_template": text(),
    "chat_template_kwargs": free(),
    "documents": listed(free(), most=10_000),
    "add_generation_prompt": flag(),
    "continue_final_message": flag(),
    "add_special_tokens": flag(),
    "include_reasoning": flag(),
    "bad_words": listed(text(), most=10_000),
    "best_of": COUNT,
    "use_beam_search": flag(),
    "top_k": number(-1, 1_000_000, whole=True),
    "min_p": number(0, 1),
    "repetition_penalty": number(0, 100),
    "length_penalty": number(-100, 100),
    "ignore_eos": flag(),
    "min_tokens": COUNT,
    "skip_special_tokens": flag(),
    "spaces_between_special_tokens": flag(),
    "include_stop_str_in_output": flag(),
    "truncate_prompt_tokens": number(-1, MOST_TOKENS, whole=True),
    "prompt_logprobs": COUNT,
    "echo": flag(),
    "priority": number(-(2**31), 2**31 - 1, whole=True),
    "request_id": text(),
    "return_tokens_as_token_ids": flag(),
    "return_token_ids": flag(),
    "stop_token_ids": unscannable_field("Token numbers are text in another form."),
    "allowed_token_ids": unscannable_field("Token numbers are text in another form."),
    "logits_processors": unscannable_field("It names code that runs at the provider."),
    "mm_processor_kwargs": unscannable_field("Pictures and sound cannot be scanned."),
    "kv_transfer_params": unscannable_field("It names what lies at the provider."),
}
TOKEN_BIAS = unscannable_field("Token numbers are text in another form.")
