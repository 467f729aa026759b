"""The client's copies of the wire shapes are those of the server, and drift is noticed."""

from tools import generate_wire as tool


def test_the_committed_types_are_those_of_the_server() -> None:
    found = {path.name: path.read_text() for path in tool.OUT.glob("*.ts")}
    assert found == dict(tool.generate()), "run: python tools/generate_wire.py"


def test_what_may_be_left_out_of_a_request_is_optional_and_answers_are_whole() -> None:
    files = dict(tool.generate())
    register = _interface(files["accounts.ts"], "Register")
    assert "  username: string\n" in register
    assert "  display_name?: string | null\n" in register
    account = _interface(files["accounts.ts"], "Account")
    assert "  is_bot: boolean\n" in account


def test_bodies_are_told_apart_by_kind() -> None:
    messages = dict(tool.generate())["messages.ts"]
    assert "  kind: 'text'\n" in _interface(messages, "TextBody")
    assert "  body: Body\n" in _interface(messages, "Message")


def test_every_fact_says_which_stream_it_is_in() -> None:
    events = dict(tool.generate())["events.ts"]
    assert "  'message.sent': MessageSent\n" in events
    assert "  'message.sent': 'room',\n" in events
    assert "  'room.read': 'account',\n" in events


def _interface(text: str, name: str) -> str:
    return text.split(f"export interface {name} {{", 1)[1].split("\n}", 1)[0] + "\n"
