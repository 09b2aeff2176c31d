"""Faults and load, rehearsed: each module is a drill, `run(engine) -> {"ok": bool, "figures": {...}}`.

`ENGINES` names the engines it matters for (both where absent). `make drill` runs them all, `make drill NAME=...` one.
"""
