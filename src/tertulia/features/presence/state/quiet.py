"""Is somebody not to be disturbed now? Pure."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tertulia.features.presence.schemas import Availability, QuietHours


def is_quiet(availability: Availability, now: datetime) -> bool:
    until = availability.dnd_until
    if availability.dnd and (until is None or now < until):
        return True
    local = now.astimezone(zone(availability.time_zone))
    minute = local.hour * 60 + local.minute
    return any(_holds(hours, local.weekday(), minute) for hours in availability.schedule)


def may_change(availability: Availability) -> bool:
    """Does it depend on the time?"""
    return availability.dnd_until is not None or bool(availability.schedule)


def zone(name: str | None) -> tzinfo:
    """UTC where there is none, or none that this machine knows."""
    return find_zone(name or "UTC") or UTC


def find_zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _holds(hours: QuietHours, weekday: int, minute: int) -> bool:
    if hours.start < hours.end:
        return weekday in hours.days and hours.start <= minute < hours.end
    since_start = weekday in hours.days and minute >= hours.start
    return since_start or ((weekday - 1) % 7 in hours.days and minute < hours.end)
