"""Quiet hours (docs/rules.md `messaging.quiet_hours`): when phones do not ring. Pure; clocks in Pu'er."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from service.core.clock import SHANGHAI

FORM = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `begins` up to `ends`, which may be on the next day; none where they are the same."""

    begins: time
    ends: time

    @classmethod
    def of(cls, text: str) -> "QuietHours":
        """Read `22:00-07:00`. Raises ValueError."""
        match = FORM.fullmatch(text)
        if match is None:
            raise ValueError("quiet hours look like 22:00-07:00")
        hours = [int(each) for each in match.groups()]
        return cls(time(hours[0], hours[1]), time(hours[2], hours[3]))

    def release(self, instant: datetime) -> datetime:
        """The instant itself, or where it is quiet the end of it."""
        local = instant.astimezone(SHANGHAI)
        at = local.time()
        if self.begins <= self.ends:
            if not self.begins <= at < self.ends:
                return instant
            ends_on = local.date()
        else:
            if self.ends <= at < self.begins:
                return instant
            ends_on = local.date() + timedelta(days=at >= self.begins)
        return datetime.combine(ends_on, self.ends, SHANGHAI).astimezone(instant.tzinfo)
