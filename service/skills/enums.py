"""Skill levels (docs/rules.md `skills.levels`)."""

from enum import IntEnum


class SkillLevel(IntEnum):
    """职业技能等级 a certificate can prove: five is the lowest, one the highest."""

    SENIOR_TECHNICIAN = 1
    TECHNICIAN = 2
    SENIOR = 3
    INTERMEDIATE = 4
    JUNIOR = 5


LEVEL_NAMES: dict[str, str] = {
    "0": "学徒工",
    "5": "五级/初级工",
    "4": "四级/中级工",
    "3": "三级/高级工",
    "2": "二级/技师",
    "1": "一级/高级技师",
    "T": "特级技师",
    "S": "首席技师",
}
"""All eight, lowest first, by code. 学徒工 needs no certificate; 特级 and 首席 are appointed posts."""


def level_name(level: int) -> str:
    """`四级/中级工` for 4."""
    return LEVEL_NAMES[str(level)]
