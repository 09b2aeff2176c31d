"""The breach report to read, and as a workbook with every deed and everybody concerned."""

from collections.abc import Iterator

from service.files import workbook
from service.files.workbook import Sheet
from service.overview import breach_report
from service.overview.breach_report import Deed, Report, Tally, moment

MOST_LINES = 1_000_000
"""A sheet of .xlsx holds 1,048,576 lines; what is more goes on in the next."""
MOST_NAMED = 20
TO_WRITE = (
    "发生原因：", "可能造成的危害：", "已采取的补救措施：", "个人可以采取的减轻危害的措施：",
    "个人信息保护联系人和电话：",
)  # fmt: skip
"""What no trail knows and article 57 wants told."""
DEEDS = ("序号", "时间", "账号", "姓名", "操作", "对象", "看到的内容", "人数", "行数", "请求编号", "涉及的人（编号）")
ACTORS = ("账号", "姓名", "编号", "操作次数", "其中导出", "导出行数", "涉及人数", "最早", "最晚", "看到的内容")
PERSONS = ("编号", "姓名", "次数", "被导出次数", "看过的账号数", "最早", "最晚", "看到的内容")


def text(found: Report) -> Iterator[str]:
    """The report in lines."""
    asked = found.asked
    yield f"个人信息事件报告　{moment(asked.since)} 至 {moment(asked.until)}（北京时间）"
    yield f"条件：账号 {asked.actor_id or '全部'}，当事人 {asked.person_id or '全部'}"
    yield f"涉及个人：{len(found.persons)}人；账号：{len(found.actors)}个；操作：{sum(found.actions.values())}次"
    yield ""
    yield "按信息种类（人数）："
    for name, persons in sorted(found.fields.items(), key=lambda each: -len(each[1])):
        yield f"  {name}：{len(persons)}人"
    yield "按操作（次数）："
    for action, count in sorted(found.actions.items(), key=lambda each: -each[1]):
        yield f"  {action}：{count}次"
    yield "按账号："
    for actor_id, tally in sorted(found.actors.items(), key=lambda each: -len(each[1].others)):
        yield (
            f"  {_login(found, actor_id)}：{tally.deeds}次，导出{tally.exports}次{tally.rows}行，"
            f"涉及{len(tally.others)}人，{moment(tally.first_at)} 至 {moment(tally.last_at)}，{_words(tally)}"
        )
    yield ""
    yield "个人信息保护法第五十七条还要求写明："
    yield from TO_WRITE


def written(found: Report, mark: str) -> bytes:
    """The same as .xlsx: 账号, 个人, and 明细 with every deed, in as many sheets as it takes."""
    head = [Sheet("账号", ACTORS, _actors(found)), Sheet("个人", PERSONS, _persons(found))]
    facts = [("报告", line) for line in text(found) if line]
    return workbook.book([*head, *_detail(found)], mark=mark, facts=facts)


def _detail(found: Report) -> Iterator[Sheet]:
    lines = enumerate(breach_report.deeds(found.asked), start=1)
    sheets = -(-sum(found.actions.values()) // MOST_LINES) or 1
    for number in range(sheets):
        name = "明细" if not number else f"明细{number + 1}"
        yield Sheet(name, DEEDS, (_deed_line(found, count, deed) for count, deed in _some(lines)))


def _some(lines: Iterator[tuple[int, Deed]]) -> Iterator[tuple[int, Deed]]:
    for number, each in enumerate(lines, start=1):
        yield each
        if number == MOST_LINES:
            return


def _deed_line(found: Report, count: int, deed: Deed) -> list[object]:
    named = "、".join(map(str, deed.person_ids[:MOST_NAMED])) + ("……" if len(deed.person_ids) > MOST_NAMED else "")
    return [
        count, moment(deed.at), *_who(found, deed.actor_id), deed.action, deed.subject, "、".join(deed.fields),
        len(deed.person_ids), deed.rows, deed.request_id, named,
    ]  # fmt: skip


def _actors(found: Report) -> Iterator[list[object]]:
    for actor_id, tally in sorted(found.actors.items(), key=lambda each: -len(each[1].others)):
        yield [
            *_who(found, actor_id), actor_id or "", tally.deeds, tally.exports, tally.rows, len(tally.others),
            moment(tally.first_at), moment(tally.last_at), _words(tally),
        ]  # fmt: skip


def _persons(found: Report) -> Iterator[list[object]]:
    for person_id, tally in sorted(found.persons.items()):
        yield [
            person_id, found.names.get(person_id, ""), tally.deeds, tally.exports, len(tally.others),
            moment(tally.first_at), moment(tally.last_at), _words(tally),
        ]  # fmt: skip


def _who(found: Report, actor_id: int | None) -> list[str]:
    if actor_id is None:
        return ["系统或运维命令", ""]
    return [found.logins.get(actor_id, f"#{actor_id}"), found.names.get(actor_id, "")]


def _login(found: Report, actor_id: int | None) -> str:
    return "".join(_who(found, actor_id)[:1]) + (f"（#{actor_id}）" if actor_id is not None else "")


def _words(tally: Tally) -> str:
    return "、".join(sorted(tally.fields))
