"""A tree with two counties, staff of one of them, and a way to run an import to its end."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask_sqlalchemy import SQLAlchemy

from service.core.access import Actor, Role
from service.core.db import db
from service.messaging import delivery
from service.organisations import nodes
from service.organisations.divisions import COUNTIES, TOWNS
from service.organisations.enums import NodeKind
from service.organisations.models import UnionNode
from service.unions import imports
from service.unions.enums import FindingKind, ImportKind, ImportState
from service.unions.import_models import Import
from tests import make

SIMAO, LANCANG, FACTORY = "530802", "530828", "530802-F01"


@dataclass
class Register:
    """The planted tree, staff of 思茅区, and imports run by hand."""

    staff: Actor
    nodes: dict[str, UnionNode]

    def upload(self, content: bytes, kind: ImportKind = ImportKind.WORKERS, actor: Actor | None = None) -> Import:
        """Uploaded and checked."""
        record = imports.upload(actor or self.staff, kind=kind, node_id=None, file_name="a.xlsx", content=content)
        settle()
        return self.again(record)

    def run(self, content: bytes, kind: ImportKind = ImportKind.WORKERS, *, skip_bad_rows: bool = False) -> Import:
        """Uploaded, checked, accepted, applied."""
        record = self.upload(content, kind)
        imports.accept(self.staff, record.id, skip_bad_rows=skip_bad_rows)
        settle()
        record = self.again(record)
        assert record.state is ImportState.APPLIED
        return record

    def again(self, record: Import) -> Import:
        """The import as it stands now."""
        db.session.close()
        return db.session.get_one(Import, record.id)

    def said(self, record: Import, kind: FindingKind = FindingKind.BAD) -> list[tuple[int, str, str]]:
        """(line, column, message) of its findings."""
        query = db.session.scalars(imports._findings(record, kind))
        return [(each.line, each.column, each.message) for each in query]


def settle() -> None:
    """Let the worker do all there is to do."""
    while delivery.deliver_due():
        pass


@pytest.fixture
def register(database: SQLAlchemy) -> Register:
    """The register of a test."""
    return planted()


@pytest.fixture
def committed_register(committed_database: SQLAlchemy) -> Register:
    """The same, committed for real."""
    return planted()


def planted() -> Register:
    """The city, two counties with a town each, and a factory's union in 思茅区."""
    city = nodes.create(parent=None, kind=NodeKind.CITY, code="530800", name="普洱市总工会")
    counties = [
        nodes.create(parent=city, kind=NodeKind.COUNTY, code=code, name=f"{COUNTIES[code]}总工会", county_code=code)
        for code in (SIMAO, LANCANG)
    ]
    for county, town in zip(counties, ("530802102", "530828104"), strict=True):
        nodes.create(parent=county, kind=NodeKind.TOWN, code=town, name=f"{TOWNS[town]}工会联合会")
    nodes.create(parent=counties[0], kind=NodeKind.GRASSROOTS, code=FACTORY, name="示例茶厂工会委员会")
    return Register(make.staff(counties[0], Role.MEMBERSHIP_STAFF), nodes.every_by_code())


@pytest.fixture
def short_stretches(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Call it with a number of rows: chunks of so many, one chunk a stretch."""

    def shorten(rows: int) -> None:
        monkeypatch.setattr("service.unions.sheets.CHUNK", rows)
        monkeypatch.setattr("service.unions.import_steps.STRETCH_SECONDS", 0.0)

    return shorten
