"""Gemini's embedContent and batchEmbedContents. Source: the official `google-genai` package, version 3.6."""

from governance.gateway.dialects.gemini.content import CONTENT, spelled
from governance.gateway.dialects.gemini.files import FILES
from governance.gateway.dialects.gemini.generate import usage_of
from governance.gateway.dialects.replies import Answers
from governance.gateway.dialects.shapes import flag, free, listed, number, text
from governance.gateway.dialects.surface import Surface, Tree, named_in_path

FIELDS = {
    "model": text(),
    "content": CONTENT,
    "taskType": text(),
    "title": text(),
    "outputDimensionality": number(1, 1_000_000, whole=True),
    "autoTruncate": flag(),
    "embedContentConfig": free(),
}
ONE = spelled(FIELDS, required=frozenset({"content"}))
ANSWERS = Answers(frozenset({"mimeType"}), opaque=frozenset({"values"}), usage_of=usage_of)


def _never(_tree: Tree) -> bool:
    return False


def addressed_once(tree: Tree, model: str) -> Tree:
    return {**tree, "model": f"models/{model}"} if "model" in tree else tree


def addressed_in_each(tree: Tree, model: str) -> Tree:
    return {**tree, "requests": [addressed_once(each, model) for each in tree["requests"]]}


EMBED = Surface(
    "gemini.embed_content", ONE, ANSWERS, _never, named=named_in_path, addressed=addressed_once, own_files=FILES
)
EMBED_MANY = Surface(
    "gemini.batch_embed_contents",
    spelled({"requests": listed(ONE, least=1, most=10_000)}, required=frozenset({"requests"})),
    ANSWERS,
    _never,
    named=named_in_path,
    addressed=addressed_in_each,
    own_files=FILES,
)
