"""The product's source, as the guards read it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.engines import ROOT

PACKAGES = ("config", "service", "schemas", "blueprints", "tools")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One file: its path from the project's root, its text and its syntax tree."""

    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        """The parsed file."""
        return _parse(self.text)

    @property
    def functions(self) -> list[Function]:
        """All functions and methods, nested ones too."""
        return [node for node in ast.walk(self.tree) if isinstance(node, Function)]


@cache
def _parse(text: str) -> ast.Module:
    return ast.parse(text)


def sources(*packages: str) -> Iterator[Source]:
    """Every Python file of the packages, of all of the product's where none is named."""
    files: list[Path] = [] if packages else sorted(ROOT.glob("*.py"))
    for package in packages or PACKAGES:
        files += sorted((ROOT / package).rglob("*.py"))
    for file in files:
        yield Source(file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8"))
