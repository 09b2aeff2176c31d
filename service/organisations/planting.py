"""The first nodes of every installation: the city's union, its ten counties' and the industrial park's."""

from service.core.transaction import transactional
from service.organisations import nodes
from service.organisations.divisions import CITY_CODE, CITY_NAME, COUNTIES, TOWNS
from service.organisations.enums import NodeKind
from service.organisations.models import UnionNode

PARK_CODE = "530800-PARK"
"""A code of our own: the park is a node of the tree, not an administrative division."""
PARK_NAME = "普洱市工业园区总工会"


@transactional
def plant_tree() -> UnionNode:
    """The root, with the counties' unions and the park's below it; what stands already is left as it is."""
    root = nodes.by_code(CITY_CODE) or nodes.create(
        parent=None, kind=NodeKind.CITY, code=CITY_CODE, name=f"{CITY_NAME}总工会"
    )
    for code, name in COUNTIES.items():
        if nodes.by_code(code) is None:
            nodes.create(parent=root, kind=NodeKind.COUNTY, code=code, name=f"{name}总工会", county_code=code)
    if nodes.by_code(PARK_CODE) is None:
        nodes.create(parent=root, kind=NodeKind.PARK, code=PARK_CODE, name=PARK_NAME)
    return root


@transactional
def plant_towns() -> list[UnionNode]:
    """The unions of the towns whose codes are known, each below its county's; made where missing."""
    return [_town(code, name) for code, name in TOWNS.items()]


def _town(code: str, name: str) -> UnionNode:
    standing = nodes.by_code(code)
    if standing is not None:
        return standing
    county = nodes.by_code(code[:6])
    if county is None:
        raise RuntimeError("plant_tree() comes first")
    return nodes.create(parent=county, kind=NodeKind.TOWN, code=code, name=f"{name}工会联合会")
