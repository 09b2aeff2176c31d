"""The union tree: planting it, its paths, finding nodes."""

import pytest
from flask_sqlalchemy import SQLAlchemy

from service.core.access import Role
from service.organisations import employers, nodes
from service.organisations.divisions import COUNTIES, TOWNS
from service.organisations.enums import NodeKind
from service.organisations.errors import NodeCodeTaken, NodeMisplaced, NodeUnknown
from service.organisations.models import Employer, UnionNode
from service.organisations.planting import PARK_CODE, plant_towns, plant_tree
from tests import make


def children(node: UnionNode) -> dict[str, UnionNode]:
    found = nodes.listed(parent_id=node.id, q=None, page=1, per_page=100)
    return {each.code: each for each in found.items}


def test_the_city_has_ten_counties_and_a_park_that_is_no_division(database: SQLAlchemy) -> None:
    root = plant_tree()
    below = children(root)
    assert set(below) == {*COUNTIES, PARK_CODE}
    assert below["530802"].name == "思茅区总工会"
    assert below["530802"].county_code == "530802"
    assert below[PARK_CODE].kind is NodeKind.PARK
    assert below[PARK_CODE].county_code is None
    assert nodes.root() is not None


def test_planting_again_changes_nothing(database: SQLAlchemy) -> None:
    before = plant_tree().id
    towns = [town.id for town in plant_towns()]
    assert plant_tree().id == before
    assert [town.id for town in plant_towns()] == towns
    assert len(towns) == len(TOWNS)
    assert len(nodes.every_by_code()) == 1 + 10 + 1 + len(TOWNS)


def test_towns_need_their_counties(database: SQLAlchemy) -> None:
    with pytest.raises(RuntimeError):
        plant_towns()


def test_a_path_is_the_parents_path_and_the_own_id(database: SQLAlchemy) -> None:
    plant_tree()
    for town in plant_towns():
        county = nodes.node(town.parent_id or 0)
        assert town.path == f"{county.path}{town.id}/"
        assert town.county_code == county.code
    root = nodes.root()
    assert root is not None
    assert root.path == f"/{root.id}/"


def test_a_subtree_is_a_prefix_of_paths(database: SQLAlchemy) -> None:
    plant_tree()
    plant_towns()
    simao = nodes.by_code("530802")
    assert simao is not None
    found = database.session.scalars(database.select(UnionNode.code).where(nodes.subtree_filter(simao.path)))
    assert set(found) == {"530802", *(code for code in TOWNS if code.startswith("530802"))}
    assert not database.session.scalars(database.select(UnionNode).where(nodes.scope_filter([]))).all()


def test_a_code_is_given_once(database: SQLAlchemy) -> None:
    root = plant_tree()
    with pytest.raises(NodeCodeTaken):
        nodes.create(parent=root, kind=NodeKind.COUNTY, code="530802", name="又一个")


def test_a_county_does_not_stand_below_a_town(database: SQLAlchemy) -> None:
    plant_tree()
    town = plant_towns()[0]
    with pytest.raises(NodeMisplaced):
        nodes.create(parent=town, kind=NodeKind.COUNTY, code="530899", name="新县总工会")


def test_a_name_is_found_by_a_piece_and_by_pinyin_initials(database: SQLAlchemy) -> None:
    root = plant_tree()
    plant_towns()

    def found(q: str, parent_id: int | None = None) -> list[str]:
        return [each.name for each in nodes.listed(parent_id=parent_id, q=q, page=1, per_page=100).items]

    assert found("思茅区") == ["思茅区总工会"]
    assert "思茅区总工会" in found("smq")
    assert found("南屏", root.id) == ["南屏镇工会联合会"]
    lancang = nodes.by_code("530828")
    assert lancang is not None
    assert found("南屏", lancang.id) == []
    assert found("%") == []


def test_without_anything_asked_the_root_is_shown(database: SQLAlchemy) -> None:
    plant_tree()
    assert [each.code for each in nodes.listed(parent_id=None, q=None, page=1, per_page=20).items] == ["530800"]
    with pytest.raises(NodeUnknown):
        nodes.listed(parent_id=999_999, q=None, page=1, per_page=20)


def test_a_renamed_node_is_found_under_its_new_name_only(database: SQLAlchemy) -> None:
    plant_tree()
    park = nodes.by_code(PARK_CODE)
    assert park is not None
    nodes.rename(park, "高新园区总工会")
    database.session.flush()
    assert [each.code for each in nodes.listed(parent_id=None, q="高新", page=1, per_page=20).items] == [PARK_CODE]
    assert nodes.listed(parent_id=None, q="工业园区", page=1, per_page=20).items == []


def test_a_node_outside_the_scope_does_not_exist(database: SQLAlchemy) -> None:
    plant_tree()
    plant_towns()
    simao, lancang = nodes.by_code("530802"), nodes.by_code("530828")
    town = nodes.by_code("530802102")
    assert simao is not None
    assert lancang is not None
    assert town is not None
    staff = make.staff(simao, Role.MEMBERSHIP_STAFF)
    assert nodes.node_in_scope(staff, town.id, Role.MEMBERSHIP_STAFF).id == town.id
    for node_id, role in ((lancang.id, Role.MEMBERSHIP_STAFF), (town.id, Role.JUDGE)):
        with pytest.raises(NodeUnknown):
            nodes.node_in_scope(staff, node_id, role)
    assert set(nodes.by_ids([simao.id, town.id])) == {simao.id, town.id}


def test_employers_are_known_by_name_or_code(database: SQLAlchemy) -> None:
    employers.add([Employer(name="甲厂"), Employer(name="乙厂", credit_code="91530802MA000020X0")])
    known = employers.known(["甲厂"], ["91530802MA000020X0"])
    assert [each.name for each in known] == ["甲厂", "乙厂"]
    assert set(employers.by_ids([known[0].id])) == {known[0].id}
    assert employers.employer(known[0].id) is known[0]
    assert employers.employer(None) is None
