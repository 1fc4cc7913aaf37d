"""What a caller does next, for refusals whose own words leave it open: by code, else by kind. Pure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from governance.core.errors import DomainError

LATER = "Try again in a moment. If it stays, tell your platform team the request id."
ANEW = "Send the request again as a new one: it is scanned and decided anew."
FIELD = "Mend the field that is named and send it again; the provider's own reference says what it takes."
GIVE_UP = "Send it once more; if it stays, ask for a shorter answer or tell your platform team the request id."

BY_CODE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "amended_too_often": "Leave it as it stands; the last report counts.",
        "bytes_changed": "Upload it again, and tell your platform team the request id: storage has changed what it keeps.",
        "client_left": "Send it again, and leave the connection open until the answer is whole.",
        "database_down": LATER,
        "encoding_not_supported": "Leave the encoding away and send the bytes as they are.",
        "field_missing": "Add the field that is named and send it again.",
        "field_twice": "Leave all but one of them away.",
        "frame_too_large": GIVE_UP,
        "gateway_fault": LATER,
        "grant_not_in_force": "See the page of the initiative: it says what is closed, and who can open it.",
        "key_refused": "Make a key on the page of the initiative.",
        "model_ambiguous": "Write the model as it stands in the list: destination, slash, model.",
        "model_unknown": "Write one of the models of the list, or ask for a grant toward this one in a new version of the remit.",
        "no_longer_allowed": "See the page of the initiative: it says what was taken back, and who can give it again.",
        "no_such_batch": "List the batches and take an id from there.",
        "no_such_exchange": "Give the header x-remit-exchange of an answer that this initiative got.",
        "no_such_file": "List the files and take an id from there.",
        "no_such_part": "Send the part first, and complete the upload with the id that came back.",
        "no_such_path": "Compare the path with the page What the gateway reads; the base URL stands on the page Connect.",
        "not_a_form": "Let the client build the form: leave Content-Type to it.",
        "not_base64": "Encode it with the standard alphabet and padding, without line breaks.",
        "other_endpoint": "Name the endpoint of the records, or write all records of the file for this one.",
        "permit_elsewhere": ANEW,
        "permit_expired": ANEW,
        "permit_forged": ANEW,
        "permit_other_bytes": ANEW,
        "permit_spent": ANEW,
        "permit_without_verdict": ANEW,
        "reply_too_large": "Ask for a shorter answer.",
        "reviewer_too_long": "Give a shorter name or an id.",
        "unknown_field": "Leave that field away and send it again.",
        "wrong_limit": "Write a whole number within these bounds, or leave limit away.",
        "wrong_md5": "Leave md5 away, or write the digest of the whole file in hexadecimal.",
        "wrong_order": "Write one of the two, or leave order away.",
        "wrong_page": "Pass on the id of the last entry of the page before, or leave after away.",
        "wrong_type": FIELD,
    }
)
BY_KIND: Final[Mapping[str, str]] = MappingProxyType(
    {
        "invalid": FIELD,
        "conflict": "See how it stands now, and send what still holds.",
        "not_signed_in": "Send a key of this installation; the page Connect says how.",
        "not_allowed": "See the page of the initiative: it says what it may, and who decides.",
        "too_many": "Send less at once, or ask who set the limit to raise it.",
        "slow_down": "Send the same again after the seconds that Retry-After names.",
        "not_found": "Check the id; a key finds only what belongs to its own initiative.",
        "too_large": "Send less at once.",
        "unavailable": LATER,
    }
)


def next_step(error: DomainError) -> str:
    """Return what to do next: the refusal's own remedy, else what its code or its kind calls for. Never ""."""
    return error.remedy or BY_CODE.get(error.code) or BY_KIND[error.kind]
