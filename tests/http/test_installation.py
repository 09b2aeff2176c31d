"""Starting an installation from nothing, by the operators' commands."""

import pytest
from flask import Flask

from tests import make


@pytest.fixture
def run(app: Flask, database):
    def invoke(*command: str):
        return app.test_cli_runner().invoke(args=list(command))

    return invoke


def test_from_nothing_to_the_first_sign_in(run, client):
    assert run("installation", "plant").exit_code == 0
    assert "普洱市总工会" in run("installation", "plant").output
    opened = run(
        "staff", "open", "chief", "--name", "张主任", "--role", "training_staff", "--password", "correct horse 1"
    )
    assert opened.exit_code == 0, opened.output
    answer = client.post("/api/v1/auth/staff", json={"account": "chief", "password": "correct horse 1"})
    assert answer.status_code == 200
    token = answer.json["access_token"]
    assert answer.json["must_change"] is True
    roles = client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).json["roles"]
    assert [role["role"] for role in roles] == ["training_staff"]
    assert run("staff", "password", "chief", "--password", "another horse 2").exit_code == 0
    assert client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    assert run("staff", "disable", "chief").exit_code == 0
    again = client.post("/api/v1/auth/staff", json={"account": "chief", "password": "another horse 2"})
    assert again.status_code in (401, 403)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (("open", "x1", "--name", "x", "--role", "trainer", "--password", "short"), "auth.password_weak"),
        (
            ("open", "x1", "--name", "x", "--role", "trainer", "--node", "nowhere", "--password", "long enough 12"),
            "organisations.node_unknown",
        ),
        (("disable", "nobody"), "identity.account_unknown"),
    ],
)
def test_what_is_refused_is_told_in_a_line_with_exit_code_2(run, command, code):
    make.node()
    refused = run("staff", *command)
    assert refused.exit_code == 2
    assert code in refused.output
