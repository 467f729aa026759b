"""`tertulia import` as an operator meets it."""

import json
import os
import re
import sys
from pathlib import Path

import pytest
from tests.features.importing import slack_export as export

from tertulia.cli import main


@pytest.fixture
def tertulia(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> "Told":
    for name in [name for name in os.environ if name.startswith("TERTULIA_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return Told(monkeypatch, capsys)


class Told:
    """Runs commands in this process; answers exit code and what was printed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *arguments: str) -> tuple[int, str]:
        self._monkeypatch.setattr(sys, "argv", ["tertulia", *arguments])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        captured = self._capsys.readouterr()
        return code, captured.out + captured.err


def test_from_a_dry_run_to_the_first_sign_in(tertulia: Told, tmp_path: Path) -> None:
    export.write(tmp_path / "slack.zip", export.files())
    code, said = tertulia("import", "slack", "slack.zip", "--dry-run")
    assert code == 0, said
    assert re.search(r"messages +14  and 2 notes", said)
    assert "left out" in said
    assert "reactions with custom emoji" in said
    assert "Nothing was written." in said
    code, said = tertulia("import", "slack", "slack.zip", "--json")
    assert code == 0, said
    assert json.loads(said)["messages"] == 14
    code, said = tertulia("import", "claim", "@bo.lin")
    assert code == 0, said
    assert "signs in with: " in said
    code, said = tertulia("import", "claim", "bo.lin")
    assert code == 1
    assert "nobody uses" in said


def test_what_is_no_archive_is_an_error_in_words(tertulia: Told, tmp_path: Path) -> None:
    (tmp_path / "slack.zip").write_text("hello")
    code, said = tertulia("import", "slack", "slack.zip")
    assert code == 1
    assert "is not a ZIP archive" in said
    assert "Traceback" not in said
