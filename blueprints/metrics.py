"""What the processes count, for Prometheus. Labelled by the route's rule: an id in the URL never becomes a label."""

import functools
import hmac
import os
from collections.abc import Callable, Iterator, Mapping
from typing import ParamSpec

import structlog
from flask import Blueprint, Response, current_app, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_1_0_0
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from service.core import health
from service.core.errors import Unauthenticated
from service.messaging import sweeping, ticks
from service.wechat import watching

P = ParamSpec("P")
log = structlog.get_logger("metrics")
MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"
METHODS = frozenset({"GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"})
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)

own = CollectorRegistry()
requests = Counter("gongyun_requests", "Answers given", ["method", "route", "status"], registry=own)
latency = Histogram("gongyun_request_seconds", "Time to an answer", ["method", "route"], buckets=SECONDS, registry=own)
bookings = Counter("gongyun_bookings", "What became of requests for a place", ["outcome"], registry=own)
bulk_exports = Counter("gongyun_bulk_exports", "Exports that were told of, by why", ["why"], registry=own)
wechat = Counter("gongyun_wechat_calls", "What became of calls to WeChat", ["operation", "outcome"], registry=own)
wechat_latency = Histogram(
    "gongyun_wechat_seconds", "Time WeChat took, retries included", ["operation"], buckets=SECONDS, registry=own
)

bp = Blueprint("metrics", __name__)
_children: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}


def _never_fails(count: Callable[P, None]) -> Callable[P, None]:
    """Counting may go wrong (its folder taken away, its disk full); the request it counts must not."""

    @functools.wraps(count)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            count(*args, **kwargs)
        except (OSError, ValueError) as error:
            log.warning("not_counted", error=type(error).__name__)

    return run


@_never_fails
def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """One answer: its route's rule, status and time in seconds."""
    key = (method, route, status)
    children = _children.get(key)
    if children is None:
        known = method if method in METHODS else "other"
        children = (requests.labels(known, route, str(status)), latency.labels(known, route))
        if known == method:
            _children[key] = children
    children[0].inc()
    children[1].observe(seconds)


@_never_fails
def count_booking(outcome: str) -> None:
    """One request for a place and what became of it: `booked`, `waitlisted`, or the code of the refusal."""
    bookings.labels(outcome).inc()


@_never_fails
def count_wechat_call(operation: str, outcome: str, seconds: float) -> None:
    """One call of WeChat's API (`service/wechat/watching.py`). What was not sent has no time."""
    wechat.labels(operation, outcome).inc()
    if outcome not in (watching.BULKHEAD_FULL, watching.BREAKER_OPEN):
        wechat_latency.labels(operation).observe(seconds)


@_never_fails
def count_bulk_export(why: str) -> None:
    """One export that was told of (`service/identity/exports.py`)."""
    bulk_exports.labels(why).inc()


def count_receipt(receipt: bytes) -> None:
    """The same for an accepted request, from its receipt's JSON."""
    count_booking("waitlisted" if b'"state":"waitlisted"' in receipt else "booked")


class Backlog(Collector):
    """What stands in the database when Prometheus asks: the outbox, and whether a worker is alive."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The gauges; only `database_up 0` where the database does not answer within a second."""
        is_up = health.database_answers()
        yield GaugeMetricFamily("gongyun_database_up", "Whether the database answers", float(is_up))
        if not is_up:
            return
        standing = sweeping.backlog()
        yield GaugeMetricFamily("gongyun_outbox_due", "Rows waiting to be delivered", standing.due)
        yield GaugeMetricFamily("gongyun_outbox_leased", "Rows a worker has at hand", standing.leased)
        yield GaugeMetricFamily("gongyun_outbox_dead", "Rows given up", standing.dead)
        yield GaugeMetricFamily("gongyun_outbox_unclear", "Rows that may have gone out: not repeated", standing.unclear)
        yield _by_label("gongyun_outbox_stuck", "Rows due for 30 min or leased for 10", "why", stuck_rows(standing))
        yield _given_up()
        yield GaugeMetricFamily(
            "gongyun_outbox_oldest_seconds", "Age of the oldest waiting row", standing.oldest_seconds
        )
        age = ticks.heartbeat_age()
        if age is not None:
            yield GaugeMetricFamily("gongyun_worker_heartbeat_seconds", "Since a worker last said it is alive", age)


def stuck_rows(standing: sweeping.Backlog) -> dict[str, int]:
    """How many rows are stuck, by why."""
    return {"due": standing.stuck_due, "leased": standing.stuck_leases}


def _by_label(name: str, said: str, label: str, values: Mapping[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, said, labels=[label])
    for value, count in values.items():
        family.add_metric([value], count)
    return family


def _given_up() -> GaugeMetricFamily:
    """The dead rows by kind and what went wrong: what an operator is called for."""
    family = GaugeMetricFamily("gongyun_outbox_given_up", "Rows given up, by kind and error", labels=["kind", "error"])
    for kind, error, count in sweeping.given_up():
        family.add_metric([kind, error], count)
    return family


def answers_at(endpoint: str) -> dict[str, int]:
    """How many answers of each status the endpoint gave since the server started, over all its processes."""
    rules = {rule.rule for rule in current_app.url_map.iter_rules(endpoint)}
    found: dict[str, int] = {}
    for metric in _counted().collect():
        for sample in metric.samples:
            if sample.name == "gongyun_requests_total" and sample.labels["route"] in rules:
                status = sample.labels["status"]
                found[status] = found.get(status, 0) + int(sample.value)
    return found


def may_read(token: str, authorization: str) -> bool:
    """Whether who sends this header may see the meters; without a token anybody may."""
    return not token or hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode())


@bp.get("/metrics")
def show_metrics() -> Response:
    """All of it in Prometheus' text format, summed over the web server's processes."""
    if not may_read(current_app.config["GONGYUN"].metrics_token, request.headers.get("Authorization", "")):
        raise Unauthenticated
    standing = CollectorRegistry()
    standing.register(Backlog())
    return Response(generate_latest(_counted()) + generate_latest(standing), content_type=CONTENT_TYPE_PLAIN_1_0_0)


def _counted() -> CollectorRegistry:
    """What this process has counted, or where there are several what all of them have."""
    if not os.environ.get(MULTIPROCESS):
        return own
    counted = CollectorRegistry()
    MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    return counted
