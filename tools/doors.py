"""An import contract of ours: features meet only at their doors (DESIGN §3, rule 3).

import-linter's own contracts cannot say "of another feature": a wildcard names every feature, the
importer's own among them.
"""

from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class DoorsContract(Contract):
    """The packages in `container` import one another only through their modules `doors`."""

    container: Any = fields.StringField()
    doors: Any = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        del verbose
        wrong = [
            (importer, imported)
            for importer in sorted(graph.find_descendants(str(self.container)))
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if self._goes_through_the_wall(importer, imported)
        ]
        return ContractCheck(kept=not wrong, metadata={"wrong": wrong})

    def _goes_through_the_wall(self, importer: str, imported: str) -> bool:
        inside = f"{self.container}."
        if not imported.startswith(inside):
            return False
        here = importer.removeprefix(inside).split(".")
        there = imported.removeprefix(inside).split(".")
        # A door may be a package: its modules are the door, too.
        return here[0] != there[0] and (len(there) < 2 or there[1] not in self.doors)

    def render_broken_contract(self, check: ContractCheck) -> None:
        doors = ", ".join(self.doors)
        for importer, imported in check.metadata["wrong"]:
            output.print_error(f"{importer} goes through the wall into {imported}: use {doors}")
