"""What an import tells about itself."""

from collections import Counter
from collections.abc import Iterable
from typing import Literal

import msgspec

SHOWN = 20  # missing emoji that are named; `--json` has them all

How = Literal["e-mail", "username", "new", "earlier"]


class PersonMatch(msgspec.Struct, frozen=True):
    """Who of Slack becomes whom here. `how` is `new` for a deactivated account made for them, and
    `earlier` where an earlier run decided it."""

    slack: str
    name: str
    username: str
    how: How


class Report(msgspec.Struct):
    """Figures of one run, or of what a run would do. `left_out` and `changed` say why, with how
    often; `present` are messages that an earlier run brought in; `missing_emoji` are custom emoji
    that this server has none of the name of, with the reactions that it cost."""

    people: list[PersonMatch] = []
    channels: int = 0
    private_channels: int = 0
    groups: int = 0
    directs: int = 0
    messages: int = 0
    notes: int = 0
    threads: int = 0
    replies: int = 0
    reactions: int = 0
    pins: int = 0
    edits: int = 0
    files: int = 0
    present: int = 0
    left_out: Counter[str] = msgspec.field(default_factory=Counter)
    changed: Counter[str] = msgspec.field(default_factory=Counter)
    missing_emoji: Counter[str] = msgspec.field(default_factory=Counter)

    @property
    def matched(self) -> list[PersonMatch]:
        """People who get a past on an account that somebody uses."""
        return [match for match in self.people if match.how in ("e-mail", "username")]

    def lines(self) -> Iterable[str]:
        """For people, in the order they ask."""
        made = sum(match.how == "new" for match in self.people)
        earlier = sum(match.how == "earlier" for match in self.people)
        yield f"people     {len(self.people):>9,}  {len(self.matched)} found here, {made} new and" \
              f" deactivated, {earlier} from an earlier run"  # fmt: skip
        yield f"rooms      {self.rooms:>9,}  {self.channels} public channels," \
              f" {self.private_channels} private channels, {self.groups} groups," \
              f" {self.directs} direct"  # fmt: skip
        yield f"messages   {self.messages:>9,}  and {self.notes:,} notes;" \
              f" {self.present:,} were here"  # fmt: skip
        yield f"threads    {self.threads:>9,}  with {self.replies:,} replies"
        yield f"reactions  {self.reactions:>9,}"
        yield f"pins       {self.pins:>9,}"
        yield f"edits      {self.edits:>9,}"
        yield f"files      {self.files:>9,}  kept as links to Slack"
        for title, counts in (("changed", self.changed), ("left out", self.left_out)):
            for reason, count in sorted(counts.items()):
                yield f"{title:9}  {count:>9,}  {reason}"
        if self.missing_emoji:
            first = self.missing_emoji.most_common(SHOWN)
            named = " ".join(f":{name}:" for name, _ in first)
            more = len(self.missing_emoji) - len(first)
            yield f"emoji      {len(self.missing_emoji):>9,}  not here: {named}" \
                  + (f" and {more} more" if more else "")  # fmt: skip
            yield "           Exports hold no pictures: add them under these names, then import."

    @property
    def rooms(self) -> int:
        return self.channels + self.private_channels + self.groups + self.directs
