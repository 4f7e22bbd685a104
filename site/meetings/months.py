"""A month as a table: weeks of days, each with its meetings; and the months before and after that hold any."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import timezone

from meetings.models import Meeting

EARLIEST, LATEST = 2000, 2100


@dataclass
class Day:
    """One cell of the table."""

    date: date
    inside: bool
    meetings: list[Meeting] = field(default_factory=list)


def month_of(text: str) -> date | None:
    """The first day of `2026-11`; None for what is no month."""
    year, _, month = text.partition("-")
    if not (len(year) == 4 and len(month) == 2 and (year + month).isascii() and (year + month).isdecimal()):
        return None
    if not (EARLIEST <= int(year) <= LATEST and 1 <= int(month) <= 12):
        return None
    return date(int(year), int(month), 1)


def after(first: date, months: int = 1) -> date:
    """The first day of the month so many months later (earlier, where negative)."""
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def weeks_of(first: date, meetings: Iterable[Meeting]) -> list[list[Day]]:
    """The weeks of a month, from Monday; a meeting of several days stands on each."""
    weeks = [
        [Day(one, one.month == first.month) for one in week]
        for week in calendar.Calendar().monthdatescalendar(first.year, first.month)
    ]
    days = {day.date: day for week in weeks for day in week}
    for meeting in meetings:
        one, last = timezone.localdate(meeting.begins_at), timezone.localdate(meeting.ends_at)
        while one <= last:
            if one in days and days[one].inside:
                days[one].meetings.append(meeting)
            one += timedelta(days=1)
    return weeks
