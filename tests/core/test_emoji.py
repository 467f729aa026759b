"""What is one emoji, however it is spelled."""

import pytest

from tertulia.core.emoji import canonical, named


@pytest.mark.parametrize(
    "text", ["👍", "👍🏽", "❤️", "👩‍👩‍👧‍👦", "🇨🇭", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "#️⃣", "🧑🏻‍❤️‍💋‍🧑🏿", "🫪"]
)
def test_one_emoji_is_itself(text: str) -> None:
    assert canonical(text) == text


@pytest.mark.parametrize(
    ("spelled", "whole"), [("❤", "❤️"), ("☝🏽", "☝🏽"), ("🏳‍🌈", "🏳️‍🌈"), ("❤️️", "❤️")]
)
def test_the_invisible_makes_no_difference(spelled: str, whole: str) -> None:
    assert canonical(spelled) == whole


@pytest.mark.parametrize(
    "text",
    ["", "a", "👍👍", "👍 ", "1", "#", "\u200d", "\ufe0f", "🏽" + "🏽", "👍\0", ":+1:", "🇨", "a👍"],
)
def test_anything_else_is_none(text: str) -> None:
    assert canonical(text) is None


@pytest.mark.parametrize(
    ("name", "whole"),
    [("tada", "🎉"), ("Ghost", "👻"), ("+1", "👍"), ("heart", "❤️"), ("bald", None), ("", None)],
)
def test_names_are_those_that_people_write(name: str, whole: str | None) -> None:
    assert named(name) == whole
