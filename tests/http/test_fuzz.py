"""Requests nobody thought of, made from the API's own description: never a fault, never an answer it does not describe.

`FUZZ_EXAMPLES` says how many a route and kind (3 in `make test`); `FUZZ_EXAMPLES=150` is some 36,000 on each engine.
"""

import contextvars
import os
from collections.abc import Iterator
from typing import Any

import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import Connection

from service.core.db import db
from tests import databases
from tests.engines import POSTGRESQL
from tests.http.doors import DOORS
from tests.http.scene import SIGNED_IN, Scene, taken_back

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "3"))
CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]
"""No route describes a 500, so one is an answer nobody described."""
API = "/api/v1"
MOST_SHOWN = 20


def operations(app: Flask) -> Iterator[tuple[str, Any]]:
    """(endpoint, operation) of every route the document describes."""
    schema = schemathesis.openapi.from_wsgi("/openapi.json", app)
    by_name = {endpoint.rsplit(".", 1)[-1]: endpoint for endpoint in DOORS}
    for found in schema.get_all_operations():
        operation = found.ok()
        endpoint = by_name.get(operation.definition.raw["operationId"])
        if endpoint is not None:  # test_access_matrix.py complains of the others
            yield endpoint, operation


def test_no_request_is_a_fault_or_answered_otherwise_than_described(app: Flask, scene: Scene) -> None:
    wait_for_the_making_of_cases()
    wrong: dict[str, str] = {}
    for endpoint, operation in operations(app):
        for case, who in requests_to(scene, endpoint, operation):
            said = complaint(scene, case, who)
            if said:
                wrong.setdefault(f"{endpoint}: {said.splitlines()[0]}", said)
    told = "\n\n".join(list(wrong.values())[:MOST_SHOWN])
    assert not wrong, "\n".join(sorted(wrong)) + "\n\n" + told


def wait_for_the_making_of_cases() -> None:
    """Meanwhile the test's transaction is idle, longer than the product lets one be."""
    connection = db.engine
    assert isinstance(connection, Connection), "only inside the `database` fixture"
    if connection.dialect.name == POSTGRESQL:
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")


def requests_to(scene: Scene, endpoint: str, operation: Any) -> Iterator[tuple[Any, str]]:
    """(case, who asks): mostly somebody the door opens for."""
    anybody = st.sampled_from([DOORS[endpoint].by] * len(SIGNED_IN) + list(SIGNED_IN))
    for kind in kinds(scene, endpoint, operation):
        made: list[tuple[Any, str]] = []
        collect(st.tuples(kind, anybody), made)
        yield from made


def collect(strategy: Any, into: list[tuple[Any, str]]) -> None:
    """Draw examples: the same ones each time, unless many are asked for."""

    @settings(
        max_examples=EXAMPLES,
        derandomize="FUZZ_EXAMPLES" not in os.environ,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def draw(example: tuple[Any, str]) -> None:
        into.append(example)

    draw()


def kinds(scene: Scene, endpoint: str, operation: Any) -> Iterator[Any]:
    """The kinds of requests: sound and unsound ones about things that are there, and sound ones about anything."""
    real = own_ids(scene, endpoint, operation)
    yield operation.as_strategy(GenerationMode.POSITIVE, path_parameters=real or None)
    if operation.body or operation.query:
        yield operation.as_strategy(GenerationMode.NEGATIVE, path_parameters=real or None)
    if real:
        yield operation.as_strategy(GenerationMode.POSITIVE)


def own_ids(scene: Scene, endpoint: str, operation: Any) -> dict[str, Any]:
    """The path parameters of the route as the scene has them."""
    parts = zip(
        operation.path.split("/"), DOORS[endpoint].path.split("?")[0].replace("~", API, 1).split("/"), strict=True
    )
    return {ours[1:-1]: str(scene.ids[theirs[1:-1]]) for ours, theirs in parts if ours[:1] == theirs[:1] == "{"}


def complaint(scene: Scene, case: Any, who: str) -> str | None:
    """What is wrong with the answer to the case, None where nothing is; what it wrote is taken back."""
    with taken_back():
        databases.finish_open_work(db.session())
        # As tests.conftest.Client does: the request pushes its own context.
        answer = contextvars.Context().run(case.call, headers=scene.headers[who])
    if answer.status_code == 503 and not code_of(answer).startswith("wechat."):
        return f"unavailable: {answer.text}"
    try:
        case.validate_response(answer, checks=CHECKS)
    except FailureGroup as group:
        first = group.exceptions[0]
        return f"{type(first).__name__}: {answer.status_code} {code_of(answer)}\nas {who}: {first}\n{answer.text}"
    return None


def code_of(answer: Any) -> str:
    """The code of a problem, "" for another answer."""
    return str(answer.json()["code"]) if "problem" in str(answer.headers.get("content-type")) else ""
