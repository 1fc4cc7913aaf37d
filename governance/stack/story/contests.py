"""What Alder Mutual fights over: one contest that waits for a ruling, and one that was ruled on and appealed."""

from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from governance.initiatives import services
from governance.initiatives.models import Contest, Initiative
from governance.initiatives.rules import Outcome, Plan
from governance.stack.story.cast import Cast
from governance.stack.story.organisation import ZONE
from governance.stack.story.titles import LETTERS, REPLIES

REVIEW_AFTER = timedelta(days=180)

STATEMENTS = [  # initiative, who speaks, for which unit, on which day, what they say
    (LETTERS, "hugo", "claims", 9, "Our clerks sign every letter and answer for it to the claimant. Who else could?"),
    (
        LETTERS,
        "priya",
        "digital",
        9,
        "The portal sends them. Two owners of one screen is how customers get two answers.",
    ),
    (
        LETTERS,
        "tomas",
        "it",
        10,
        "We run the models at night and on Sundays. We do not want the letters, only the say.",
    ),
    (
        REPLIES,
        "priya",
        "digital",
        12,
        "It is our portal, our budget, and our team that is called when a reply is wrong.",
    ),
    (REPLIES, "hugo", "claims", 12, "A reply about a claim is a promise under our licence, whatever screen it is on."),
]
COMMENTS = [(LETTERS, "arya", 11, "Who is called today when a letter was wrong?")]
REASONS = (
    "Digital Products is called when a reply is wrong, and pays for it. Claims keeps its licence by reading drafts about "
    "claims before they leave, which the controls of the remit already ask for."
)
APPEAL = "The ruling says that we read drafts before they leave. Nobody has given us the people to do that at weekends."

CAPABILITIES = [
    ("Document drafting", "Letters, contracts and reports that a model drafts and a person signs."),
    ("Call handling", "Whatever listens to, sums up or answers calls."),
]


def tell_of_contests(cast: Cast, initiatives: dict[str, Initiative]) -> None:
    """Let both sides speak, the arbiter rule on one contest, and the side that lost appeal."""
    for title, login, unit, day, text in STATEMENTS:
        services.write_statement(
            contest_id=_contest(initiatives[title]),
            unit_id=cast.units[unit].pk,
            text=text,
            by=cast.actor(login),
            at=cast.calendar.day(day, hour=4),
        )
    for title, login, day, text in COMMENTS:
        at = cast.calendar.day(day, hour=5)
        services.comment_contest(contest_id=_contest(initiatives[title]), text=text, by=cast.actor(login), at=at)
    _rule_and_appeal(cast, initiatives[REPLIES])
    for title, purpose in CAPABILITIES:
        at = cast.calendar.day(2)
        services.add_capability(title=title, purpose_text=purpose, by=cast.actor("arya"), at=at)


def _rule_and_appeal(cast: Cast, replies: Initiative) -> None:
    at, contest_id = cast.calendar.day(14, hour=2), _contest(replies)
    today = at.astimezone(ZoneInfo(ZONE)).date()
    services.rule_on_contest(
        contest_id=contest_id,
        plan=Plan(Outcome.AWARD, unit=cast.units["digital"].pk),
        reasons=REASONS,
        effective=today,
        review=today + REVIEW_AFTER,
        by=cast.actor("arya"),
        at=at,
    )
    services.appeal_ruling(
        contest_id=contest_id,
        unit_id=cast.units["claims"].pk,
        reasons=APPEAL,
        by=cast.actor("hugo"),
        at=cast.calendar.day(17, hour=2),
    )


def _contest(initiative: Initiative) -> UUID:
    return Contest.objects.get(initiative=initiative).pk
