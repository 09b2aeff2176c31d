"""Inventing people and unions: pure functions of a number, so that the same number is always the same person."""

from datetime import date, timedelta

from stdnum.cn.ric import calc_check_digit

from service.organisations.divisions import COUNTIES
from service.organisations.enums import Industry, WorkerCategory
from service.organisations.labels import INDUSTRIES
from service.organisations.occupations import OCCUPATIONS

SURNAMES = "岩刀李王张杨陈罗周赵白马何黄普方石胡段朱"
GIVEN = "温罕丽梅华强军芳敏静伟勇艳杰娟涛明超秀霞平刚桂英玉兰萍红娜玲燕云飞浩宇欣怡佳雪莹"
FIRST_BIRTHDAY = date(1970, 1, 1)
AREAS = [*COUNTIES, *(code for code in map(str, range(530800, 530900)) if code not in COUNTIES)]
"""First six digits, the counties' first: a hundred in all, so that there are numbers for a million workers."""

OCCUPATION_CODES = list(OCCUPATIONS)
MOST_WORKERS = len(AREAS) * 365 * 36


def persona(number: int) -> str:
    """How the sandbox knows worker `number`, from 1: `worker-0001`."""
    return f"worker-{number:04d}"


def name(number: int) -> str:
    """A name put together from lists."""
    surname = SURNAMES[number % len(SURNAMES)]
    first, second = number // len(SURNAMES) % len(GIVEN), (number * 7 + 11) % len(GIVEN)
    return surname + GIVEN[first] + (GIVEN[second] if number % 3 else "")


def id_number(number: int) -> str:
    """An ID number with a right check digit and the sequence 000; different for each number below MOST_WORKERS."""
    born = FIRST_BIRTHDAY + timedelta(days=number // len(AREAS))
    digits = f"{AREAS[number % len(AREAS)]}{born:%Y%m%d}000"
    return digits + str(calc_check_digit(digits + "0"))


def phone(number: int) -> str:
    """A mobile number made of the number."""
    return f"199{number:08d}"


def occupation_code(number: int) -> str:
    """An occupation, all of them in turn."""
    return OCCUPATION_CODES[number % len(OCCUPATION_CODES)]


def worker_category(number: int) -> WorkerCategory:
    """A category: two thirds employees, the others in turn."""
    categories = list(WorkerCategory)
    return WorkerCategory.EMPLOYEE if number % 3 else categories[number // 3 % len(categories)]


def county_code(union: int) -> str:
    """The county of union `union`, from 0: the ten in turn."""
    return list(COUNTIES)[union % len(COUNTIES)]


def industry(union: int) -> Industry:
    """The industry of a union's employer."""
    return list(Industry)[union // len(COUNTIES) % len(Industry)]


def employer_name(union: int) -> str:
    """An employer nobody has founded."""
    county = COUNTIES[county_code(union)][:2]
    return f"{county}示例{INDUSTRIES[industry(union)]}企业{union + 1:04d}"


def union_code(union: int) -> str:
    """The code of a grassroots union."""
    return f"{county_code(union)}-DEMO-{union + 1:04d}"
