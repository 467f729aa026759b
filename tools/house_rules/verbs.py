"""Verbs: what they take, and what they leave to others."""

import ast
from collections.abc import Iterator, Sequence

from tools.house_rules.source import Rule, Source, calls, in_package, public_verbs

ENDINGS = frozenset({"commit", "rollback", "transaction"})


def _is_service(source: Source) -> bool:
    return source.room == "service"


def _is_outside_core(source: Source) -> bool:
    return in_package(source) and not (source.inside or "").startswith("core/")


def _without_tx(source: Source) -> Iterator[tuple[int, str]]:
    """Verbs compose, and stay atomic, because the edge that calls them owns the transaction."""
    for verb in public_verbs(source):
        arguments = [*verb.args.posonlyargs, *verb.args.args]
        if not arguments or arguments[0].arg != "tx":
            yield verb.lineno, f"`{verb.name}` is a verb: take `tx: Tx` first"


def _ends_transactions(source: Source) -> Iterator[tuple[int, str]]:
    """Facts are published after the one commit in `core.db`: another commit would publish ghosts,
    or nothing."""
    for call in calls(source.tree):
        if isinstance(call.func, ast.Attribute) and call.func.attr in ENDINGS:
            yield call.lineno, "leave the transaction to `Database.write` and `Database.read`"


def _publishes_facts(source: Source) -> Iterator[tuple[int, str]]:
    """What is published without the log is lost by whoever was away. Only ephemera, whose seq is 0,
    go to the bus by themselves."""
    for call in calls(source.tree):
        if isinstance(call.func, ast.Name) and call.func.id == "Notice" and not _is_ephemeral(call):
            yield call.lineno, "announce facts by `tx.emit`; a Notice of yours has seq 0"


def _is_ephemeral(call: ast.Call) -> bool:
    seq = next((word.value for word in call.keywords if word.arg == "seq"), None)
    if seq is None and len(call.args) > 1:
        seq = call.args[1]
    return isinstance(seq, ast.Constant) and seq.value == 0


RULES: Sequence[Rule] = [
    Rule("verbs-take-tx", _is_service, _without_tx, exceptions={}),
    Rule("one-commit", _is_outside_core, _ends_transactions, exceptions={}),
    Rule("facts-by-emit", _is_outside_core, _publishes_facts, exceptions={}),
]
