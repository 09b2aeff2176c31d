"""The alert rules speak of metrics that exist, and the metrics for which somebody is called have a rule."""

import re
from typing import Any

import yaml
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from blueprints import metrics
from service.messaging import ticks
from tests.engines import ROOT

NAME = re.compile(r"\bgongyun_[a-z_]+")
SUFFIX = re.compile(r"_(bucket|count|sum|total|created)$")
CALLED_FOR = {
    "gongyun_bulk_exports",
    "gongyun_database_up",
    "gongyun_outbox_given_up",
    "gongyun_outbox_oldest_seconds",
    "gongyun_outbox_stuck",
    "gongyun_outbox_unclear",
    "gongyun_wechat_calls",
    "gongyun_wechat_seconds",
    "gongyun_worker_heartbeat_seconds",
}


def rules() -> list[dict[str, Any]]:
    """Every alert."""
    told = yaml.safe_load((ROOT / "deploy" / "alerts.yml").read_text(encoding="utf-8"))
    return [rule for group in told["groups"] for rule in group["rules"]]


def spoken_of(found: list[dict[str, Any]]) -> set[str]:
    """The metrics that rules speak of, without the endings a client library adds."""
    return {SUFFIX.sub("", name) for rule in found for name in NAME.findall(rule["expr"])}


def unknown(names: set[str], known: set[str]) -> list[str]:
    """Metrics nobody counts."""
    return sorted(names - known)


def test_rules_speak_of_metrics_that_exist(app: Flask, committed_database: SQLAlchemy) -> None:
    ticks.tick(ticks.HEARTBEAT, 10, lambda: None)
    known = {metric.name for metric in metrics.own.collect()} | {metric.name for metric in metrics.Backlog().collect()}
    assert unknown(spoken_of(rules()), known) == []


def test_what_somebody_is_called_for_has_a_rule() -> None:
    assert unknown(CALLED_FOR, spoken_of(rules())) == []


def test_every_rule_says_what_to_do() -> None:
    names = [rule["alert"] for rule in rules()]
    assert len(names) == len(set(names))
    for rule in rules():
        assert set(rule["annotations"]) == {"summary", "action"}
        assert rule["labels"]["severity"] in ("page", "ticket")


def test_a_metric_nobody_counts_would_be_found() -> None:
    made_up = [{"expr": "rate(gongyun_requests_total[5m]) > gongyun_moon_phase"}]
    assert unknown(spoken_of(made_up), {"gongyun_requests"}) == ["gongyun_moon_phase"]
