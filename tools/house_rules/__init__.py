"""The house rules that imports alone cannot show (DESIGN §3), as checks over syntax trees.

Each rule says what is wrong, why it is a rule, and what to do instead. Exceptions are named beside
their rule, with the reason: there is no comment that silences one.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from tools.house_rules import ambient, imports, sql, verbs, words
from tools.house_rules.source import Finding, Rule, read

RULES: Sequence[Rule] = [*imports.RULES, *verbs.RULES, *sql.RULES, *ambient.RULES, *words.RULES]
FOLDERS = ("src", "tests", "tools", "bench")


def findings(root: Path) -> Iterator[Finding]:
    """Everything in the tree at `root` that breaks a rule, file by file."""
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*.py")):
            source = read(root, path)
            for rule in RULES:
                if rule.applies(source):
                    yield from rule.check(source)
