"""What may stand in the catalogue."""

import re
from dataclasses import dataclass
from enum import StrEnum

from governance.core.errors import Invalid
from governance.core.verdict import Allowed, Denied, Verdict
from governance.core.vocabulary import Classification
from governance.core.wording import says_nothing

BUILT_IN_REF = "what-staff-type"
REF = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
LONGEST_TITLE = 200

# ISO 3166-1 alpha-2 codes, and EU, which the standard reserves.
JURISDICTIONS = frozenset(  # one text: among 250 quoted words a missing one would not be seen
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
    CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET EU FI FJ FK FM FO
    FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM
    JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ
    MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE
    RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT
    TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
    """.split()  # noqa: SIM905 - as above
)


def check_ref(name: str) -> None:
    """Raise Invalid, "bad_ref", unless the name is one that findings and folders can carry."""
    if not REF.fullmatch(name):
        raise Invalid("bad_ref", "A name is 1 to 64 lower-case letters, digits and hyphens.", field="name")


class PersonalData(StrEnum):
    """Kinds of personal data a dataset may hold."""

    NAMES = "names"
    CONTACT = "contact"
    NATIONAL_IDS = "national_ids"
    FINANCIAL = "financial"
    LOCATION = "location"
    EMPLOYMENT = "employment"
    BEHAVIOUR = "behaviour"
    HEALTH = "health"
    BIOMETRIC = "biometric"
    BELIEFS = "beliefs"
    CRIMINAL = "criminal"


# Articles 9 and 10 of Regulation (EU) 2016/679 give these kinds protection of their own.
SPECIAL = frozenset({PersonalData.HEALTH, PersonalData.BIOMETRIC, PersonalData.BELIEFS, PersonalData.CRIMINAL})


class RegisterKind(StrEnum):
    """What a source register holds fingerprints of. Of what is public, anybody may have each passage: it is passed over."""

    CODE = "code"
    DOCUMENTS = "documents"
    PUBLIC = "public"


class Secrecy(StrEnum):
    """Who may know the items of an evaluation set. Those of a secret one go to no destination that keeps or trains on what it gets."""

    SECRET = "secret"  # noqa: S105 - a word of the vocabulary, no password
    PUBLIC = "public"


class ExamState(StrEnum):
    EMPTY = "empty"
    READING = "reading"
    WATCHED = "watched"
    FAULTY = "faulty"
    RETIRED = "retired"


LARGEST_EXAM = 64 * 1024 * 1024  # bytes; the fingerprints are made of the whole at once


def exam_fault(*, ref: str, title: str, secrecy: str) -> Verdict:
    """Say what is wrong with what is stated of an evaluation set."""
    if not REF.fullmatch(ref):
        return Denied("bad_ref", "A name is 1 to 64 lower-case letters, digits and hyphens.")
    if says_nothing(title) or len(title) > LONGEST_TITLE:
        return Denied("bad_title", f"Give the evaluation set a title of at most {LONGEST_TITLE} characters.")
    if secrecy not in list(Secrecy):
        return Denied("unknown_secrecy", f"Choose one of: {', '.join(Secrecy)}.")
    return Allowed()


def may_send_items(state: ExamState) -> Verdict:
    if state is ExamState.READING:
        return Denied("being_read", "Its items are being read just now.", remedy="Wait until they have been.")
    if state is ExamState.RETIRED:
        return Denied("retired", "This evaluation set is retired.", remedy="Register a new one.")
    return Allowed()


def may_retire_exam(state: ExamState) -> Verdict:
    if state is ExamState.RETIRED:
        return Denied("retired", "This evaluation set is retired already.")
    return may_send_items(state)


@dataclass(frozen=True, slots=True)
class DatasetFacts:
    """What a dataset is said to be; as text, for it comes from a form, an import or the API."""

    ref: str
    title: str
    classification: str
    personal_data: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    synthetic: bool = False


def may_catalogue(facts: DatasetFacts) -> Verdict:
    """Personal data of living people is never public, and its special kinds are never below confidential."""
    if not REF.fullmatch(facts.ref):
        return Denied("bad_ref", "A reference is 1 to 64 lower-case letters, digits and hyphens.")
    if not facts.title.strip() or len(facts.title) > LONGEST_TITLE:
        return Denied("bad_title", f"Give the dataset a title of at most {LONGEST_TITLE} characters.")
    if facts.classification not in list(Classification):
        return Denied("unknown_classification", f"Choose one of: {', '.join(Classification)}.")
    if unknown := sorted(set(facts.personal_data) - set(PersonalData)):
        return Denied("unknown_personal_data", f"Not kinds of personal data: {', '.join(unknown)}.")
    if unknown := sorted(set(facts.jurisdictions) - JURISDICTIONS):
        return Denied("unknown_jurisdiction", f"Not ISO 3166-1 country codes: {', '.join(unknown)}.")
    return _may_classify(facts)


def _may_classify(facts: DatasetFacts) -> Verdict:
    height = Classification(facts.classification).height
    if facts.synthetic or not facts.personal_data:
        return Allowed()
    if SPECIAL & set(facts.personal_data) and height < Classification.CONFIDENTIAL.height:
        return Denied(
            "special_data_too_low",
            "Data about health, bodies, beliefs or crimes is confidential or restricted.",
            remedy="Raise the classification, or mark the dataset as synthetic if nobody in it is real.",
        )
    if height < Classification.INTERNAL.height:
        return Denied(
            "personal_data_public",
            "Data about people is never public.",
            remedy="Raise the classification, or mark the dataset as synthetic if nobody in it is real.",
        )
    return Allowed()


def may_edit(*, built_in: bool, retired: bool) -> Verdict:
    if built_in:
        return Denied("built_in", "This dataset is part of Remit: it stands for what staff type, and stays internal.")
    if retired:
        return Denied("retired", "This dataset is retired.", remedy="Add a new one in its place.")
    return Allowed()


def may_index(*, retired: bool) -> Verdict:
    if retired:
        return Denied("retired", "This register is retired.", remedy="Add a new one in its place.")
    return Allowed()


def may_retire_register(*, retired: bool) -> Verdict:
    return Denied("retired", "This register is retired already.") if retired else Allowed()


def is_raised(before: str, after: str) -> bool:
    """Return whether a classification went up, so that what was allowed before may be too much now."""
    return Classification(after).height > Classification(before).height
