"""`python -m tests.drills [NAME ...]`: run drills, write a JSON line for each, exit 1 when one falls short."""

import importlib
import json
import pkgutil
import sys
import time
import traceback
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

import click

from tests.engines import ENGINES, ROOT

FILE = ROOT / "var" / "drill.jsonl"


def drills(wanted: Iterable[str] = ()) -> dict[str, ModuleType]:
    """Every module of this package that can be run, or those that are wanted, by name."""
    names = [each.name for each in pkgutil.iter_modules([str(Path(__file__).parent)]) if each.name != "__main__"]
    chosen = [name for name in names if not wanted or name in wanted]
    modules = {name: importlib.import_module(f"tests.drills.{name}") for name in chosen}
    return {name: module for name, module in modules.items() if hasattr(module, "run")}


def main(wanted: list[str]) -> int:
    """Run the drills named, or all. NAME may carry an engine: `oversell:sqlite`."""
    asked = [name.partition(":")[0] for name in wanted]
    known = drills(asked)
    if unknown := set(asked) - set(known):
        click.echo(f"no such drill: {', '.join(unknown)}; there are: {', '.join(drills())}")
        return 2
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text("")
    fallen_short = []
    for name in wanted or known:
        drill, _, engine = name.partition(":")
        for each in [engine] if engine else getattr(known[drill], "ENGINES", ENGINES):
            outcome = _run(known[drill], each)
            _tell(drill, each, outcome)
            if not outcome["ok"]:
                fallen_short.append(f"{drill}:{each}")
    click.echo(f"JSON lines: {FILE}")
    click.echo(f"fell short: {', '.join(fallen_short)}" if fallen_short else "all drills hold")
    return 1 if fallen_short else 0


def _run(module: ModuleType, engine: str) -> dict[str, Any]:
    began = time.monotonic()
    try:
        outcome: dict[str, Any] = module.run(engine)
    except Exception as error:  # noqa: BLE001  a drill that breaks has fallen short; the others still run
        click.echo(traceback.format_exc())
        outcome = {"ok": False, "figures": {"broke": f"{type(error).__name__}: {str(error)[:500]}"}}
    outcome["figures"]["seconds"] = round(time.monotonic() - began, 1)
    return outcome


def _tell(name: str, engine: str, outcome: dict[str, Any]) -> None:
    line = {"name": name, "ok": bool(outcome["ok"]), "figures": {"engine": engine, **outcome["figures"]}}
    with FILE.open("a") as file:
        file.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")
    click.echo(
        f"{'ok  ' if line['ok'] else 'FAIL'} {name:18} {json.dumps(line['figures'], ensure_ascii=False, default=str)}"
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
