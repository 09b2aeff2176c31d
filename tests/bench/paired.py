"""Two servers measured in turns of a second, so that the machine's moods fall on both: ratios of neighbours."""

import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.bench.load import Load, percentile
from tests.bench.stage import Stage, cpu_of, family


@dataclass(slots=True)
class Pairs:
    """The rates of each turn, in requests a second, and what it cost the machine."""

    baseline: list[float] = field(default_factory=list)
    product: list[float] = field(default_factory=list)
    cpu_us: dict[str, float] = field(default_factory=dict)
    bare_cpu_us: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    idle: float = 0.0
    others: float = 0.0
    p50_ms: float = 0.0
    p99_ms: float = 0.0

    @property
    def ratios(self) -> list[float]:
        """Product to baseline, pair by pair, ascending."""
        return sorted(ours / theirs for theirs, ours in zip(self.baseline, self.product, strict=True))

    @property
    def ratio(self) -> float:
        """The median of the pairs' ratios."""
        return median(self.ratios)

    @property
    def ratio_by_cpu(self) -> float:
        """What the ratio would be if nothing but CPU counted: steadier than the rates where others use the cores."""
        return self.bare_cpu_us / sum(self.cpu_us.values())

    @property
    def spoken(self) -> str:
        """The range of the pairs and the CPU spent on one answer."""
        ratios = self.ratios
        cost = ", ".join(f"{name} {value:.0f}" for name, value in sorted(self.cpu_us.items()) if value >= 1)
        return (
            f"pairs {ratios[0]:.2f}-{ratios[-1]:.2f}; p50 {self.p50_ms:.0f} ms, p99 {self.p99_ms:.0f} ms; "
            f"CPU us/request: {cost}, bare with its generator {self.bare_cpu_us:.0f}, so by CPU alone "
            f"{self.ratio_by_cpu:.2f}; cores idle {self.idle:.0%}, busy for others {self.others:.0%}"
        )


def measure(baseline: Load, product: Load, stage: Stage, *, bare_master: int, rounds: int, seconds: float) -> Pairs:
    """Alternate between the two, the order changing each round, after one turn each to warm up."""
    pairs = Pairs()
    baseline.run(seconds=seconds)
    product.run(seconds=seconds)
    bare_before, bare_answered = _bare_cpu(baseline, bare_master), baseline.answered
    before, answered, generator = stage.cpu_seconds(), product.answered, product.cpu_seconds
    busy, idle = 0.0, 0.0
    for turn in range(rounds):
        first, second = (baseline, product) if turn % 2 else (product, baseline)
        for load in (first, second):
            start = machine_seconds()
            rate = load.run(seconds=seconds).rate
            (pairs.baseline if load is baseline else pairs.product).append(rate)
            if load is product:
                busy, idle = (
                    now + sofar - then for now, sofar, then in zip(machine_seconds(), (busy, idle), start, strict=True)
                )
    after, done = stage.cpu_seconds(), max(1, product.answered - answered)
    spent = {name: after[name] - before.get(name, 0.0) for name in after}
    spent["generator"] = product.cpu_seconds - generator
    pairs.cpu_us = {name: seconds / done * 1e6 for name, seconds in spent.items()}
    bare_spent = _bare_cpu(baseline, bare_master) - bare_before
    pairs.bare_cpu_us = bare_spent / max(1, baseline.answered - bare_answered) * 1e6
    pairs.idle = idle / (busy + idle)
    pairs.others = max(0.0, busy - sum(spent.values())) / (busy + idle)
    pairs.statuses = product.counts()
    latencies = product.latencies()
    pairs.p50_ms, pairs.p99_ms = percentile(latencies, 50) * 1e3, percentile(latencies, 99) * 1e3
    return pairs


def _bare_cpu(baseline: Load, bare_master: int) -> float:
    return baseline.cpu_seconds + sum(cpu_of(pid) for pid in family(bare_master))


def machine_seconds() -> tuple[float, float]:
    """Seconds all cores together have been (busy, idle) since the machine started."""
    ticks = [int(each) for each in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    idle = ticks[3] + ticks[4]
    return (sum(ticks) - idle) / os.sysconf("SC_CLK_TCK"), idle / os.sysconf("SC_CLK_TCK")
