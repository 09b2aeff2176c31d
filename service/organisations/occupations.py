"""Occupations (职业) that the industries of Pu'er live by, with codes (docs/rules.md `organisations.occupations`)."""

from dataclasses import dataclass

from service.organisations.enums import Industry

CODE_PATTERN = r"^\d-\d{2}-\d{2}-\d{2}$"
"""major-middle-minor-detail, as `4-03-02-07`."""


@dataclass(frozen=True, slots=True)
class Occupation:
    """One occupation and the industry of Pu'er it belongs to; OTHER where it serves all."""

    code: str
    name: str
    industry: Industry


_BY_INDUSTRY: dict[Industry, dict[str, str]] = {
    Industry.TEA: {"4-03-02-07": "茶艺师", "6-02-06-10": "茶叶加工工", "6-02-06-11": "评茶师"},
    Industry.COFFEE: {"4-03-02-08": "咖啡师", "4-03-02-10": "调饮师", "5-01-02-04": "热带作物栽培工"},
    Industry.SUGARCANE: {"6-01-03-00": "食糖制造工", "5-01-02-01": "农艺工"},
    Industry.BEEF_CATTLE: {
        "5-03-02-01": "家畜饲养员",
        "6-01-04-01": "畜禽屠宰加工工",
        "5-05-02-03": "动物疫病防治员",
    },
    Industry.FRUIT: {"5-01-02-02": "园艺工", "6-01-06-00": "果蔬坚果加工工"},
    Industry.BIOMEDICINE: {"5-01-02-05": "中药材种植员", "6-12-02-00": "中药炮制工", "6-12-03-00": "药物制剂工"},
    Industry.FORESTRY: {
        "5-02-01-00": "林草种苗工",
        "5-02-02-00": "造林更新工",
        "5-02-03-01": "护林员",
        "5-02-04-01": "林木采伐工",
        "6-06-02-01": "胶合板工",
        "6-11-08-12": "松香工",
    },
    Industry.GREEN_ENERGY: {
        "6-28-01-09": "水力发电运行值班员",
        "6-28-01-10": "光伏发电运维值班员",
        "6-28-01-14": "变配电运行值班员",
    },
    Industry.OTHER: {
        "6-31-01-03": "电工",
        "6-18-02-04": "焊工",
        "6-18-01-01": "车工",
        "6-29-01-01": "砌筑工",
        "4-02-07-08": "快递员",
        "4-10-08-01": "网约配送员",
        "4-07-05-01": "保安员",
        "4-02-02-02": "道路货运汽车驾驶员",
        "4-10-01-06": "家政服务员",
        "4-10-01-05": "养老护理员",
        "4-03-02-01": "中式烹调师",
        "4-07-03-02": "劳动关系协调师",
        "4-07-03-05": "职业培训师",
        "4-14-06-02": "民宿管家",
        "1-04-01-01": "工会负责人",
    },
}

OCCUPATIONS: dict[str, Occupation] = {
    code: Occupation(code, name, industry) for industry, names in _BY_INDUSTRY.items() for code, name in names.items()
}
"""Code -> occupation, in the order of the industries."""

_BY_NAME = {occupation.name: occupation for occupation in OCCUPATIONS.values()} | {
    "评茶员": OCCUPATIONS["6-02-06-11"],
}
"""Name -> occupation; 评茶员 is what the edition of 2015 calls 评茶师."""


def occupation(code_or_name: str) -> Occupation | None:
    """The occupation with this code or name, None where it is not listed."""
    wanted = code_or_name.strip()
    return OCCUPATIONS.get(wanted) or _BY_NAME.get(wanted)


def occupation_name(code: str | None) -> str | None:
    """The name of a code, None for no code or one that is not listed."""
    return OCCUPATIONS[code].name if code in OCCUPATIONS else None
