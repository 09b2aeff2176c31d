"""Two servers measured in turns of a second, so that the machine's moods fall on both: ratios of neighbours."""

from collections import Counter
from dataclasses import dataclass, field
from statistics import median

from tests.bench.load import Load, percentile
from tests.bench.stage import Stage


@dataclass(slots=True)
class Pairs:
    """The rates of each turn, in requests a second, and what it cost the machine."""

    baseline: list[float] = field(default_factory=list)
    product: list[float] = field(default_factory=list)
    cpu_us: dict[str, float] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
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
    def spoken(self) -> str:
        """The range of the pairs and the CPU spent on one answer."""
        ratios = self.ratios
        cost = ", ".join(f"{name} {value:.0f}" for name, value in sorted(self.cpu_us.items()) if value >= 1)
        return (
            f"pairs {ratios[0]:.2f}-{ratios[-1]:.2f}; p50 {self.p50_ms:.0f} ms, p99 {self.p99_ms:.0f} ms; "
            f"CPU us/request: {cost}"
        )


def measure(baseline: Load, product: Load, stage: Stage, *, rounds: int, seconds: float) -> Pairs:
    """Alternate between the two, the order changing each round, after one turn each to warm up."""
    pairs = Pairs()
    baseline.run(seconds=seconds)
    product.run(seconds=seconds)
    before, answered, generator = stage.cpu_seconds(), product.answered, product.cpu_seconds
    for turn in range(rounds):
        first, second = (baseline, product) if turn % 2 else (product, baseline)
        for load in (first, second):
            rate = load.run(seconds=seconds).rate
            (pairs.baseline if load is baseline else pairs.product).append(rate)
    after, done = stage.cpu_seconds(), max(1, product.answered - answered)
    pairs.cpu_us = {name: (after[name] - before.get(name, 0.0)) / done * 1e6 for name in after}
    pairs.cpu_us["generator"] = (product.cpu_seconds - generator) / done * 1e6
    pairs.statuses = product.counts()
    latencies = product.latencies()
    pairs.p50_ms, pairs.p99_ms = percentile(latencies, 50) * 1e3, percentile(latencies, 99) * 1e3
    return pairs
