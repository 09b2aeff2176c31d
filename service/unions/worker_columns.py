"""One row of the workers' workbook, read. Pure."""

from dataclasses import dataclass
from datetime import date

from service.identity import id_number, phone
from service.organisations.enums import Industry, WorkerCategory
from service.organisations.labels import INDUSTRIES, WORKER_CATEGORIES, by_label
from service.organisations.occupations import occupation
from service.organisations.rules import is_credit_code
from service.unions.import_columns import Reading


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """A worker as the workbook names one. None: the cell is empty, what stands in the register stays."""

    line: int
    name: str
    id_number: str
    phone: str
    node_code: str
    employer: str
    credit_code: str | None
    occupation_code: str | None
    industry: Industry | None
    category: WorkerCategory | None
    joined_on: date | None


def read_worker(reading: Reading, today: date) -> WorkerRow | None:
    """The row, None where any cell is bad; the problems stand in the reading."""
    name = reading.text("姓名", 50)
    number = reading.read(
        "身份证号", reading.text("身份证号", 30), lambda given: id_number.checked(given, today), "身份证号有误"
    )
    mobile = reading.read("手机号", reading.text("手机号", 30), phone.checked, "手机号有误")
    row = WorkerRow(
        line=reading.line,
        name=name,
        id_number=number or "",
        phone=mobile or "",
        node_code=reading.text("工会编码", 32).upper(),
        employer=reading.text("用人单位", 100),
        credit_code=_credit_code(reading),
        occupation_code=_occupation_code(reading),
        industry=reading.read("产业", reading.optional("产业", 20), _industry, "没有这个产业"),
        category=reading.read("职工类别", reading.optional("职工类别", 20), _category, "没有这个职工类别"),
        joined_on=reading.day("入会日期", today=today),
    )
    return None if reading.problems else row


def _credit_code(reading: Reading) -> str | None:
    heading = "统一社会信用代码"
    return reading.read(heading, reading.optional(heading, 30), right_credit_code, "统一社会信用代码有误")


def right_credit_code(given: str) -> str | None:
    """The code in capitals, None where its check digit is wrong."""
    code = given.upper()
    return code if is_credit_code(code) else None


def _occupation_code(reading: Reading) -> str | None:
    found = reading.read("工种", reading.optional("工种", 30), occupation, "没有这个工种，请填职业名称或编码")
    return found.code if found else None


def _industry(given: str) -> Industry | None:
    return by_label(INDUSTRIES, given)


def _category(given: str) -> WorkerCategory | None:
    return by_label(WORKER_CATEGORIES, given)
