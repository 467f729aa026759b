"""Slack's mrkdwn into our Markdown: what looked so there looks so here."""

import re
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.features.importing.state.mrkdwn import Names, to_markdown

ANA = UUID(int=1)
NAMES = Names(
    accounts={"U1": (ANA, "ana.silva")},
    channels={"C1": "general"},
    emoji={"tada": "🎉", "+1": "👍", "wave": "👋", "v": "✌️"},
)


def shown(text: str) -> str:
    return to_markdown(text, NAMES).text


@pytest.mark.parametrize(
    ("mrkdwn", "markdown"),
    [
        ("*bold* and _it_ and ~gone~", "**bold** and _it_ and ~~gone~~"),
        ("*_both_*", "**_both_**"),
        ("*a* b *c*", "**a** b **c**"),
        ("2*3*4 snake_case_name", r"2\*3\*4 snake_case_name"),
        ("a * b * c", r"a \* b \* c"),
        ("`*x* &lt;b&gt;`", "`*x* <b>`"),
        ("see ```a\n*b*``` end", "see \n```\na\n*b*\n```\n end"),
        ("&gt; quoted\nnot", "> quoted\nnot"),
        ("&gt;&gt;&gt; one\ntwo", "> one\n> two"),
        ("&amp;lt; &lt;script&gt;", r"&lt; \<script>"),
        ("# no heading", r"\# no heading"),
        ("#hashtag", "#hashtag"),
        ("text\n---", "text\n\\---"),
        ("    indented", "\u00a0\u00a0\u00a0\u00a0indented"),
        ("<https://x.org>", "https://x.org"),
        ("<https://x.org/a_b_>", "<https://x.org/a_b_>"),
        ("<https://x.org|https://x.org>!", "<https://x.org>!"),
        ("<https://x.org/?a=1&amp;b=2|the [best] site>", "[the [best] site](https://x.org/?a=1&b=2)"),
        ("<https://x.org/a_(b)|l>", "[l](<https://x.org/a_(b)>)"),
        ("<mailto:a@x.org|a@x.org>", "a@x.org"),
        ("<javascript:alert(1)|click>", r"\<javascript:alert(1)|click>"),
        ("<#C1|> <#C1> <#C9|old-name> <#C9>", "#general #general #old-name #C9"),
        ("<!date^1392734382^{date}|Feb 18>", "Feb 18"),
        ("<!subteam^S1|@crew>", "@crew"),
        (":tada: :+1::skin-tone-3: :v::skin-tone-2: :nope: 10:30:00", "🎉 👍🏼 ✌🏻 :nope: 10:30:00"),  # noqa: E501
        ("*<https://x.org|bold link>*", "**[bold link](https://x.org)**"),
        ("[x](https://evil.org)", r"\[x](https://evil.org)"),
        ("||no spoiler||", r"\|\|no spoiler\|\|"),
        ("a\0b", "ab"),
    ],
)  # fmt: skip
def test_it_looks_the_same(mrkdwn: str, markdown: str) -> None:
    assert shown(mrkdwn) == markdown


def test_names_become_mentions() -> None:
    found = to_markdown("<@U1> <@U1|x> <@U7|gone> <@U8> <!here> <!channel>", NAMES)
    assert found.text == "@ana.silva @ana.silva @gone @U8 @here @room"
    assert found.mentions == [ANA]
    assert found.mentions_room


def test_code_names_nobody() -> None:
    found = to_markdown("`<@U1>` ```<!channel> <#C1|general>```", NAMES)
    assert found.text == "`@ana.silva` \n```\nchannel #general\n```\n"
    assert found.mentions == []
    assert not found.mentions_room


# Round trip: a text as Slack writes it, converted, reads as what was meant.

words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Zs", "Zl", "Zp", "Cs")),
    min_size=1,
    max_size=8,
)


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def read(markdown: str) -> str:
    """The characters a reader of Markdown sees where nothing is marked up."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown)


@given(st.lists(words, min_size=1, max_size=6).map(" ".join))
def test_plain_text_keeps_every_character(text: str) -> None:
    # Without pairs of marks and shortcodes, which are no plain text there either.
    plain = re.sub(r"[*_~`]|:(?=\S*:)|^(?:>\s?)+", "", text)
    assert read(shown(escaped(plain))) == plain


spans = st.recursive(
    st.tuples(st.just("text"), st.text("abc xyz", min_size=1).map(str.strip).filter(bool)),
    lambda inner: st.tuples(st.sampled_from("*_~"), st.lists(inner, min_size=1, max_size=3)),
    max_leaves=6,
)


def render(node: Any, marks: dict[str, str], outer: str = "") -> str:
    """A tree of marks as text; a mark within itself is none."""
    kind, content = node
    if kind == "text":
        return content
    inner = " ".join(render(one, marks, outer + kind) for one in content)
    mark = "" if kind in outer else marks[kind]
    return f"{mark}{inner}{mark}"


@given(st.lists(spans, min_size=1, max_size=3))
def test_marks_within_marks_become_the_same_marks(trees: list[Any]) -> None:
    there = " ".join(render(tree, {"*": "*", "_": "_", "~": "~"}) for tree in trees)
    here = " ".join(render(tree, {"*": "**", "_": "_", "~": "~~"}) for tree in trees)
    assert shown(there) == here


@given(st.text(alphabet="*_~`<>|@#!:&;ltgmp U1C\n\\[]()->=x\0", max_size=60))
def test_no_text_breaks_it_or_takes_long(text: str) -> None:
    found = to_markdown(text, NAMES)
    assert "\0" not in found.text
    assert set(found.mentions) <= {ANA}
