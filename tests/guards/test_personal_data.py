"""No table holds personal data without saying so: sealed columns, who is named where, retention, who reads what."""

import re
from collections.abc import Iterable

import pytest
from flask import Flask
from sqlalchemy import Column, Enum, ForeignKey, Integer, LargeBinary, MetaData, Table, Uuid

from blueprints import policy
from blueprints.worker import PERIODIC
from service.core import sealed
from service.core.access import Role
from service.core.db import Base
from service.overview import retention
from service.overview.holdings import DEEDS, HOLDINGS, Erasure
from service.overview.my_data import GROUNDS, TITLES, Category
from tests.engines import ROOT

NAMES_A_PERSON = re.compile(r"(^|_)(person|worker|claimant|subject_person)_id$")


def unregistered(tables: Iterable[Table]) -> list[str]:
    """Binary columns that look sealed, or are bytes at all, and do not say what they are."""
    return [
        f"{table.name}.{column.name}"
        for table in tables
        for column in table.columns
        if isinstance(column.type, LargeBinary) and sealed.INFO not in column.info
    ]


def unlisted(tables: Iterable[Table], listed: set[tuple[str, str]]) -> list[str]:
    """Columns that name a person and stand in no list."""
    found = []
    for table in tables:
        for column in table.columns:
            leads = any(key.target_fullname == "people.id" for key in column.foreign_keys)
            if (leads or NAMES_A_PERSON.search(column.name)) and (table.name, column.name) not in listed:
                found.append(f"{table.name}.{column.name}")
    return sorted(found)


def test_every_sealed_column_says_what_it_is() -> None:
    assert unregistered(Base.metadata.tables.values()) == []
    names = [each.name for each in sealed.columns()]
    assert "people.id_number_sealed" in names
    assert len({each.field for each in sealed.columns()}) == len(names)


def test_every_sealed_column_is_bound_to_a_uuid_of_its_row() -> None:
    for each in sealed.columns():
        assert isinstance(each.row.type, Uuid), each.name
        assert each.field.startswith(f"{each.table.name}."), each.name


def test_every_table_that_names_a_person_is_in_the_copy_she_may_have() -> None:
    listed = {(each.table, column) for each in HOLDINGS for column in each.whose} | DEEDS
    assert unlisted(Base.metadata.tables.values(), listed) == []
    real = {(table.name, column.name) for table in Base.metadata.tables.values() for column in table.columns}
    assert listed - real == set()


def test_what_she_reads_of_a_closed_list_is_chinese() -> None:
    for each in HOLDINGS:
        for name, shown in each.shown.items():
            kind = Base.metadata.tables[each.table].columns[name].type
            values = set(kind.enums) if isinstance(kind, Enum) else set()
            assert values <= set(shown.said), f"{each.table}.{name}"


def test_what_the_list_of_holdings_names_exists() -> None:
    for each in HOLDINGS:
        columns = Base.metadata.tables[each.table].columns
        assert set(each.shown) | set(each.blanked) <= set(columns.keys()), each.table
        assert each.retention in retention.BY_CODE, each.table
        assert bool(each.blanked) == (each.erasure == Erasure.BLANK), each.table
        assert all(columns[name].nullable for name in each.blanked), each.table
        for shown in each.shown.values():
            if shown.leads_to is not None:
                target, column = shown.leads_to
                assert {"id", column} <= set(Base.metadata.tables[target].columns.keys())


def test_no_sealed_value_survives_its_person() -> None:
    """Whatever is sealed in a row about a person is deleted, emptied, or done by hand; never kept."""
    rules = {each.table: each for each in HOLDINGS}
    for column in sealed.columns():
        holding = rules.get(column.table.name)
        if holding is not None and holding.erasure not in (Erasure.ERASE, Erasure.BY_HAND):
            assert column.column.name in holding.blanked, column.name


def test_every_category_has_its_ground_and_every_class_its_job() -> None:
    assert set(GROUNDS) == set(TITLES) == set(Category)
    jobs = {each.job for each in PERIODIC}
    for each in retention.RETENTION:
        assert (each.run is not None) or each.job in jobs or each.code == "consents", each.code
    assert "retention" in jobs


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_auditors_write_nothing_and_administrators_read_no_audit(app: Flask, engine_name: str) -> None:
    for rule in app.url_map.iter_rules():
        doors = policy.POLICY.get(rule.endpoint)
        if doors is None or doors == policy.STAFF:
            continue
        writes = (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}
        assert not (Role.AUDITOR in doors.roles and writes), rule.endpoint
        if rule.endpoint.startswith("staff_audit."):
            assert doors.roles == (Role.AUDITOR,)


def test_a_forgotten_column_would_be_found() -> None:
    tables = MetaData()
    Table("people", tables, Column("id", Integer, primary_key=True))
    bad = Table(
        "a", tables, Column("id", Integer, primary_key=True), Column("note_sealed", LargeBinary),
        Column("owner_id", Integer, ForeignKey("people.id")), Column("worker_id", Integer), Column("node_id", Integer),
    )  # fmt: skip
    assert unregistered([bad]) == ["a.note_sealed"]
    assert unlisted([bad], {("a", "worker_id")}) == ["a.owner_id"]
    assert unlisted([bad], set()) == ["a.owner_id", "a.worker_id"]


def test_the_migrations_protect_what_the_models_protect() -> None:
    """The conditions under which rows may go stand in two places, which must agree."""
    text = (ROOT / "migrations/versions/0004_personal_data.py").read_text(encoding="utf-8")
    assert "c.sequence >= s.sequence" in text
    assert "c.sequence >= OLD.sequence AND c.is_expiry" in text
