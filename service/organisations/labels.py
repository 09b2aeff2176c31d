"""The Chinese words for the closed lists, as they stand on screen and in workbooks."""

from enum import StrEnum
from typing import TypeVar

from service.organisations.enums import Industry, NodeKind, WorkerCategory

E = TypeVar("E", bound=StrEnum)

INDUSTRIES: dict[Industry, str] = {
    Industry.TEA: "茶叶",
    Industry.COFFEE: "咖啡",
    Industry.SUGARCANE: "甘蔗",
    Industry.BEEF_CATTLE: "肉牛",
    Industry.FRUIT: "水果",
    Industry.BIOMEDICINE: "生物医药",
    Industry.FORESTRY: "现代林产业",
    Industry.GREEN_ENERGY: "绿色能源",
    Industry.OTHER: "其他",
}
"""docs/rules.md `organisations.industries`."""

WORKER_CATEGORIES: dict[WorkerCategory, str] = {
    WorkerCategory.EMPLOYEE: "企业职工",
    WorkerCategory.MIGRANT: "农民工",
    WorkerCategory.DISPATCHED: "劳务派遣工",
    WorkerCategory.TRUCK_DRIVER: "货车司机",
    WorkerCategory.COURIER: "快递员",
    WorkerCategory.SECURITY_GUARD: "保安员",
    WorkerCategory.DELIVERY_RIDER: "网约配送员",
    WorkerCategory.OTHER: "其他",
}
"""docs/rules.md `organisations.worker_categories`."""

NODE_KINDS: dict[NodeKind, str] = {
    NodeKind.CITY: "市总工会",
    NodeKind.COUNTY: "县区总工会",
    NodeKind.PARK: "园区总工会",
    NodeKind.TOWN: "乡镇街道工会",
    NodeKind.SECTOR: "产业行业工会",
    NodeKind.GRASSROOTS: "基层工会",
    NodeKind.BRANCH: "分会",
}
"""docs/rules.md `organisations.hierarchy`."""


def by_label(labels: dict[E, str], text: str) -> E | None:
    """The member whose label (or value) the text is; None where it is neither."""
    wanted = text.strip()
    return next((member for member, label in labels.items() if wanted in (label, member.value)), None)
