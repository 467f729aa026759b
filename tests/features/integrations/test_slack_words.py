"""Slack's payloads, said in Markdown."""

from typing import Any

import pytest

from tertulia.features.integrations.policy import markdown, said


@pytest.mark.parametrize(
    ("mrkdwn", "ours"),
    [
        ("*bold* and ~gone~ and _thin_", "**bold** and ~~gone~~ and _thin_"),
        ("2*3*4 snake_case a * b", "2*3*4 snake_case a * b"),
        ("see <https://a.example/x?a=1&amp;b=2|the [log]>", "see [the (log)](https://a.example/x?a=1&b=2)"),
        ("<https://a.example>", "https://a.example"),
        ("<!here> <!channel|channel> <@U123> <#C1|talk>", "@here @channel @U123 #talk"),
        ("a &lt;b&gt; &amp;amp;", "a <b> &amp;"),
        ("`*not bold*` ```<https://a.example>```", "`*not bold*` ```<https://a.example>```"),
        ("<javascript:alert(1)|x>", "<javascript:alert(1)|x>"),
    ],
)  # fmt: skip
def test_markup(mrkdwn: str, ours: str) -> None:
    assert markdown(mrkdwn) == ours


def test_blocks_go_before_text_and_attachments_after() -> None:
    payload: dict[str, Any] = {
        "text": "for notifications",
        "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": "Build 7"}},
            {"type": "section", "text": {"type": "mrkdwn", "text": "*failed*"},
             "fields": [{"type": "mrkdwn", "text": "main"}]},
            {"type": "divider"},
            {"type": "context", "elements": [{"type": "plain_text", "text": "*as is*"}]},
            {"type": "actions", "elements": [
                {"type": "button", "text": {"type": "plain_text", "text": "Log"},
                 "url": "https://a.example"}]},
            {"type": "of tomorrow"},
        ],
        "attachments": [{"title": "Report", "title_link": "https://a.example/r", "text": "two",
                         "fields": [{"title": "Took", "value": "3 s"}], "footer": "ci"}],
    }  # fmt: skip
    assert said(payload) == (
        "### Build 7\n\n**failed**\nmain\n\n---\n\n*as is*\n\n[Log](https://a.example)\n\n"
        "**[Report](https://a.example/r)**\ntwo\n**Took**: 3 s\nci"
    )
    assert said({"attachments": [{"fallback": "words"}]}) == "words"


ODD: list[dict[str, Any]] = [
    {},
    {"text": 7, "blocks": "no", "attachments": {"a": 1}},
    {"blocks": [1, None, {"type": "section", "text": []}, {"type": "rich_text"}]},
    {"attachments": [{"fields": [{"title": {}, "value": []}], "title_link": 5}]},
]


@pytest.mark.parametrize("payload", ODD)
def test_payloads_of_no_shape_say_nothing_and_break_nothing(payload: dict[str, Any]) -> None:
    assert said(payload).strip("*: ") == ""


def test_a_payload_without_end_ends() -> None:
    deep: dict[str, Any] = {"type": "text", "text": "deep"}
    for _ in range(50):
        deep = {"type": "rich_text_section", "elements": [deep]}
    assert said({"blocks": [{"type": "rich_text", "elements": [deep]}] * 500}) == ""
