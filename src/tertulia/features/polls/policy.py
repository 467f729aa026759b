"""What makes a poll, and how often one may vote: pure."""

from datetime import datetime, timedelta

from tertulia.core.buckets import Bucket
from tertulia.core.errors import FieldError, Invalid
from tertulia.features.messages.schemas import PollBody
from tertulia.features.polls.schemas import CreatePoll

LONGEST = timedelta(days=366)

VOTING = Bucket("poll.vote", 120, 60)


def drawn(draft: CreatePoll, now: datetime) -> PollBody:
    """The poll as it will stand. Raises Invalid naming the field."""
    if not draft.question.strip():
        raise _wrong("question", "required", "Ask something.")
    options = [" ".join(option.split()) for option in draft.options]
    for place, option in enumerate(options):
        if not option:
            raise _wrong(f"options[{place}]", "required", "Give every answer a text.")
        if "\0" in option:
            raise _wrong(f"options[{place}]", "invalid", "The text holds a NUL character.")
        if option.casefold() in (other.casefold() for other in options[:place]):
            raise _wrong(f"options[{place}]", "duplicate", "Two answers are the same.")
    if draft.closes_at is not None and not now < draft.closes_at <= now + LONGEST:
        raise _wrong("closes_at", "out_of_range", "Close it later than now, within a year.")
    return PollBody(
        text=draft.question.strip(),
        options=options,
        multiple=draft.multiple,
        anonymous=draft.anonymous,
        closes_at=draft.closes_at,
    )


def require_choices(poll: PollBody, choices: list[int]) -> None:
    """Raises Invalid for choices that are not there, named twice, or too many."""
    if any(choice >= len(poll.options) for choice in choices):
        raise _wrong("choices", "unknown", "There is no such answer.")
    if len(set(choices)) < len(choices):
        raise _wrong("choices", "duplicate", "One answer is named twice.")
    if len(choices) > 1 and not poll.multiple:
        raise _wrong("choices", "too_many", "Choose one answer.")


def _wrong(field: str, code: str, message: str) -> Invalid:
    return Invalid(message, errors=(FieldError(field, code, message),))
