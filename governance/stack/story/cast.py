"""Who takes part in the story, and when its days are."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from governance.core.actors import Actor
from governance.organisation.models import Person, Unit

STORY_DAYS = 21


@dataclass(frozen=True, slots=True)
class Calendar:
    """The story ended a moment ago; its days are counted from STORY_DAYS before `told_at`."""

    told_at: datetime

    def day(self, number: int, *, hour: int = 0) -> datetime:
        """Return the moment `hour` hours into day `number`, 0 to STORY_DAYS - 1: always before `told_at`."""
        return self.told_at - timedelta(days=STORY_DAYS - number) + timedelta(hours=hour)


@dataclass(slots=True)
class Cast:
    """Units by ref and people by login; passwords and keys are known only here and in demo.json."""

    calendar: Calendar
    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)

    def actor(self, login: str) -> Actor:
        person = self.people[login]
        return Actor.of_person(person.pk, person.name)
