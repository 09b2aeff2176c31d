"""Administrative divisions of Pu'er (docs/rules.md `organisations.divisions`). The park is a node, not one of them."""

CITY_CODE = "530800"
CITY_NAME = "普洱市"

COUNTIES: dict[str, str] = {
    "530802": "思茅区",
    "530821": "宁洱哈尼族彝族自治县",
    "530822": "墨江哈尼族自治县",
    "530823": "景东彝族自治县",
    "530824": "景谷傣族彝族自治县",
    "530825": "镇沅彝族哈尼族拉祜族自治县",
    "530826": "江城哈尼族彝族自治县",
    "530827": "孟连傣族拉祜族佤族自治县",
    "530828": "澜沧拉祜族自治县",
    "530829": "西盟佤族自治县",
}
"""The ten counties, six-digit code -> name."""

TOWNS: dict[str, str] = {
    "530802001": "思茅街道",
    "530802102": "南屏镇",
    "530802103": "倚象镇",
    "530802104": "思茅港镇",
    "530802105": "六顺镇",
    "530802201": "龙潭彝族傣族乡",
    "530802202": "云仙彝族乡",
    "530821101": "宁洱镇",
    "530821102": "磨黑镇",
    "530821103": "德化镇",
    "530821104": "同心镇",
    "530821105": "勐先镇",
    "530821106": "梅子镇",
    "530821201": "德安乡",
    "530821205": "普义乡",
    "530821206": "黎明乡",
    "530828104": "惠民镇",
}
"""Towns whose nine-digit codes are known, code -> name. The others come with an import of the union tree."""


def county_name(code: str | None) -> str | None:
    """The name of a county, None for no code or one outside Pu'er."""
    return COUNTIES.get(code) if code else None


def county_of(code: str) -> str | None:
    """The county a county's or town's code lies in, None where it lies in none of ours."""
    return code[:6] if code[:6] in COUNTIES else None
