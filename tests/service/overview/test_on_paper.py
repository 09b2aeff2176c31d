"""Requests on paper: the same copy and the same end as in the app, the reason in the trail and nowhere in clear."""

import io
import json
import stat
import zipfile
from pathlib import Path

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from service.audit.models import AuditEntry, AuditPrivate
from service.core.access import SYSTEM, Role
from service.identity import closures, grants, sign_ins
from service.identity.enums import Channel
from service.identity.errors import PersonUnknown
from service.identity.request_errors import HoldsRoles
from service.overview import my_data, on_paper
from tests import make

WHY = "配偶持死亡证明申请"


def test_a_copy_has_everything_and_is_seen_as_a_look(database: SQLAlchemy) -> None:
    person = make.person(name="岩温甲")
    with zipfile.ZipFile(io.BytesIO(on_paper.copy_of(SYSTEM, person.id, why=WHY))) as file:
        told = json.loads(file.read("data.json"))
    assert told["person_id"] == person.id
    assert "岩温甲" in json.dumps(told, ensure_ascii=False)
    look = my_data.looks(make.actor(person.id), page=1, per_page=10).items[0]
    assert (look.action, look.fields) == ("personal_data.read", ["all"])


def test_an_account_is_closed_with_the_days_to_think(database: SQLAlchemy) -> None:
    person = make.person()
    sign_in = sign_ins.sign_in(person.id, Channel.WECHAT)
    closure = on_paper.close_account_of(SYSTEM, person.id, why=WHY)
    assert closures.mine(actor=make.actor(person.id)).id == closure.id
    assert sign_ins.actor_of(person.id, sign_ins.refresh_tokens.sign_in_id(sign_in.refresh_token)) is None
    entry = database.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (entry.action, entry.actor_id, entry.private_hash is not None) == (
        "personal_data.closure_requested", None, True,
    )  # fmt: skip
    assert WHY not in json.dumps(entry.details, ensure_ascii=False)
    sealed = database.session.scalar(select(AuditPrivate.content_sealed).where(AuditPrivate.entry_id == entry.id))
    assert WHY.encode() not in sealed


def test_nobody_and_staff_are_refused(database: SQLAlchemy) -> None:
    for deed in (on_paper.copy_of, on_paper.close_account_of):
        with pytest.raises(PersonUnknown):
            deed(SYSTEM, 999_999, why=WHY)
    clerk = make.person()
    grants.grant(SYSTEM, clerk.id, Role.TRAINING_STAFF, make.node().id)
    with pytest.raises(HoldsRoles):
        on_paper.close_account_of(SYSTEM, clerk.id, why=WHY)


def test_the_commands_write_a_file_of_their_owner_s_alone(app: Flask, database: SQLAlchemy, tmp_path: Path) -> None:
    person_id, target = make.person().id, tmp_path / "copy.zip"
    runner = app.test_cli_runner()
    told = runner.invoke(args=["person", "copy", str(person_id), "--to", str(target), "--why", WHY])
    assert told.exit_code == 0, told.output
    assert zipfile.is_zipfile(target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    again = runner.invoke(args=["person", "copy", str(person_id), "--to", str(target), "--why", WHY])
    assert again.exit_code == 2
    assert runner.invoke(args=["person", "close", str(person_id), "--why", WHY]).exit_code == 0
    assert runner.invoke(args=["person", "close", "999999", "--why", WHY]).exit_code == 2
