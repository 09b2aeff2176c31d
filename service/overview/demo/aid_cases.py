"""Made-up cases of legal aid in most of their states, so that every page of the office and of the worker has something.

Planted once a data directory. Those of 思茅 are taken in by `legal2`, the other counties' by `legal1` of the city.
"""

import io
from datetime import timedelta

from PIL import Image
from sqlalchemy import select

from service.core import clock
from service.core.access import Actor
from service.core.db import db
from service.core.transaction import transactional
from service.legal_aid import applications, desk, feedback, intake, objections, work
from service.legal_aid.enums import CaseSource, HandOverTo, HearingKind, Matter, Outcome, Paper
from service.legal_aid.models import AidCase
from service.organisations import nodes
from service.overview.demo import aid_steps as steps
from service.overview.demo import register, staff
from service.overview.demo.aid_steps import Story, days_ago

SIMAO, NINGER, LANCANG = "530802", "530821", "530828"
FIRST, LAST = 41, 59
"""Workers with a case each: worker-0041 has a draft, and so on."""


def plant(unions: int) -> None:
    """See to it that the cases are there."""
    ids = register.worker_ids(range(FIRST, LAST + 1), unions)
    if db.session.scalar(select(AidCase.id).where(AidCase.person_id == ids[0]).limit(1)) is None:
        _plant(dict(zip(range(FIRST, LAST + 1), ids, strict=True)))


@transactional
def _plant(ids: dict[int, int]) -> None:
    workers = {number: Actor(person_id) for number, person_id in ids.items()}
    city, county = staff.actor("legal1"), staff.actor("legal2")
    _before_a_decision(workers, city, county)
    _after_a_decision(workers, city, county)
    _in_hand(workers, city, county)
    _ended(workers, city, county)
    _entered(ids, county)
    steps.notices_due_now()


def _before_a_decision(workers: dict[int, Actor], city: Actor, county: Actor) -> None:
    """41 a draft, 42 just in, 43 overdue, 44 supplementing, 45 due soon, 46 urgent and red."""
    steps.drafted(workers[41], _wages(41))
    steps.submitted(workers[42], _wages(42), 0.1)
    steps.submitted(workers[43], _wages(43, "被安排加班四个月，没有给加班费", "支付加班费"), 11)
    asked = steps.submitted(workers[44], _wages(44, "请病假以后被口头辞退", "支付赔偿金", Matter.DISMISSAL), 14)
    steps.told_missing(county, asked, 12.5)
    looked_at = steps.submitted(workers[45], _wages(45, county_code=NINGER), 5.2)
    steps.taken(city, looked_at, 4)
    pressing = Story(
        46, SIMAO, Matter.WAGES, "离职快一年了，还有两个月工资没有结清", "支付两个月工资",
        limitation_on=clock.today() + timedelta(days=4),
    )  # fmt: skip
    steps.submitted(workers[46], pressing, 0.4)


def _after_a_decision(workers: dict[int, Actor], city: Actor, county: Actor) -> None:
    """47 granted, 48 granted and overdue, 49 assigned, 50 refused, 51 objecting."""
    for number, office, place, first_day in ((47, county, SIMAO, 4.0), (48, city, LANCANG, 12.0)):
        case = steps.submitted(workers[number], _wages(number, county_code=place), first_day)
        case = steps.taken(office, case, first_day - 1)
        steps.granted(office, case, first_day - 3)
    case = steps.taken(county, steps.submitted(workers[49], _wages(49), 6), 5)
    steps.assigned(county, steps.granted(county, case, 2), staff.actor("lawyer2").worker_id, 0.5)
    for number, first_day in ((50, 9.0), (51, 8.0)):
        case = steps.taken(county, steps.submitted(workers[number], _wages(number), first_day), first_day - 1)
        steps.refused(county, case, first_day - 5)
    with days_ago(1):
        words = "我每天打卡上班，不是承揽，有考勤照片"
        objections.file(actor=workers[51], case_id=case.id, words=words)


def _in_hand(workers: dict[int, Actor], city: Actor, county: Actor) -> None:
    """52 being worked, with messages, papers and a hearing; 53 a group of twelve; 54 with a complaint."""
    handler, second = staff.actor("lawyer1"), staff.actor("lawyer2")
    case = _working(workers[52], _wages(52, county_code=NINGER), city, handler, 20)
    steps.attach(workers[52], case, _picture("#f4f1e8"), Paper.WAGES, "示例工资条.png")
    with days_ago(8):
        work.write_to_worker(
            actor=handler, case_id=case.id, words="您好，工资条收到了。仲裁申请书这两天写好，您来签字。"
        )
    with days_ago(7.8):
        work.write_own(actor=workers[52], case_id=case.id, words="好的，我星期三下午可以来。")
    with days_ago(6):
        work.hand_over(actor=handler, case_id=case.id, to=HandOverTo.ARBITRATION, files=[], note="已递交仲裁申请书")
    opens_at = clock.day_start(clock.today() + timedelta(days=4)) + timedelta(hours=9, minutes=30)
    with days_ago(5.5):
        work.set_hearing(
            actor=handler, case_id=case.id, kind=HearingKind.ARBITRATION, at=opens_at, place="示例劳动仲裁院第一庭"
        )
    with days_ago(0.2):
        work.write_own(actor=workers[52], case_id=case.id, words="开庭那天要带身份证原件吗？")
    group = Story(
        53, SIMAO, Matter.WAGES, "十二个人一起做的工程，完工三个月没有给钱", "支付十二个人的工资", people=12,
        limitation_on=clock.today() + timedelta(days=20),
    )  # fmt: skip
    _working(workers[53], group, county, second, 15)
    case = _working(
        workers[54], _wages(54, "上班时摔伤，单位不申报工伤", "申请工伤认定", Matter.INJURY), county, second, 30
    )
    with days_ago(3):
        feedback.complain(actor=workers[54], case_id=case.id, words="半个月没有人联系我了")


def _ended(workers: dict[int, Actor], city: Actor, county: Actor) -> None:
    """55 closed with its result and a rating, 56 closed and not rated yet, 57 lapsed, 58 withdrawn."""
    handler, second = staff.actor("lawyer1"), staff.actor("lawyer2")
    for number, by, first_day, fen in ((55, handler, 70.0, 2_860_000), (56, second, 60.0, 950_000)):
        case = _working(workers[number], _wages(number), county, by, first_day)
        with days_ago(first_day - 50):
            work.close(
                actor=by, case_id=case.id, version=case.version, outcome=Outcome.SETTLED, amount_fen=fen,
                note="单位在仲裁调解中一次付清",
            )  # fmt: skip
        if number == 55:
            feedback.rate(actor=workers[55], case_id=case.id, stars=5, words="很快就帮我要回来了，谢谢")
    steps.told_missing(city, steps.submitted(workers[57], _wages(57, county_code=NINGER), 45), 44)
    with days_ago(20):
        desk.lapse_due(clock.now())
    case = steps.submitted(workers[58], _wages(58), 10)
    with days_ago(9):
        applications.withdraw(actor=workers[58], case_id=case.id)


def _entered(ids: dict[int, int], county: Actor) -> None:
    """59 told by word of mouth; one more on paper, of somebody who is not known here."""
    node_id = nodes.every_by_code()[SIMAO].id
    day = clock.today() - timedelta(days=2)
    for source, person_id, number in ((CaseSource.ORAL, ids[59], 59), (CaseSource.PAPER, None, 60)):
        story = _wages(number, "没有签劳动合同，上班七个月", "支付双倍工资", Matter.CONTRACT)
        entered = intake.Entered(source, node_id, person_id, day, story.matter, steps.form(story))
        intake.enter(county, entered)


def _working(worker: Actor, story: Story, office: Actor, handler: Actor, first_day: float) -> AidCase:
    case = steps.taken(office, steps.submitted(worker, story, first_day), first_day - 1)
    case = steps.assigned(office, steps.granted(office, case, first_day - 3), handler.worker_id, first_day - 4)
    return steps.begun(handler, case, first_day - 5)


def _wages(
    number: int,
    reason: str = "在工地干了三个月，老板一直说下个月给，到现在一分钱没有",
    claims: str = "要回三个月工资",
    matter: Matter = Matter.WAGES,
    county_code: str = SIMAO,
) -> Story:
    return Story(number, county_code, matter, reason, claims)


def _picture(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (480, 320), colour).save(out, "PNG")
    return out.getvalue()
