"""Made-up consultations and tips to the labour-law committee, planted once a data directory.

The anonymous tip is given with a fixed request key, so that its claim code is the same at every start and can be told.
"""

from datetime import timedelta

from sqlalchemy import select

from service.core import clock
from service.core.access import Actor
from service.core.db import db
from service.core.transaction import transactional
from service.legal_aid.consultation import answering, consultations, published
from service.legal_aid.consultation.models import Consultation
from service.legal_aid.consultation.published import Publishing
from service.legal_aid.enums import Matter
from service.legal_aid.supervision import handling, letters, site_checks, tips
from service.legal_aid.supervision.enums import LetterKind, TipOutcome
from service.legal_aid.supervision.letters import Letter
from service.legal_aid.supervision.models import LabourTip
from service.legal_aid.supervision.tips import Place, Told
from service.overview.demo import aid_steps as steps
from service.overview.demo import register, staff
from service.overview.demo.aid_steps import days_ago

SIMAO = "530802"
ASKERS = range(61, 66)
ANONYMOUS = Told(Matter.WAGES, "示例餐饮服务公司", "示例路8号", "后厨十几个人，押了两个月工资，不给签合同")
HERE = Place(county_code=SIMAO)


def plant(unions: int) -> str:
    """See to it that they are there; the claim code of the anonymous tip."""
    ids = register.worker_ids(ASKERS, unions)
    if db.session.scalar(select(Consultation.id).where(Consultation.person_id == ids[0]).limit(1)) is None:
        _plant([Actor(person_id) for person_id in ids])
    return _anonymous_code()


def _anonymous_code() -> str:
    return tips.give_anonymously(told=ANONYMOUS, place=HERE, request_key="demo").claim_code


@transactional
def _plant(workers: list[Actor]) -> None:
    _consult(workers)
    _tell(workers)
    steps.notices_due_now()


def _consult(workers: list[Actor]) -> None:
    """One just asked, one overdue, one answered, one answered and published, one asked on."""
    lawyer = staff.actor("lawyer1")
    _asked(workers[0], "试用期可以不交社保吗？", Matter.SOCIAL_INSURANCE, 0.1)
    _asked(workers[1], "公司搬到别的县，我不想去，能拿补偿吗？", Matter.DISMISSAL, 9)
    third = _asked(workers[2], "没签合同，拿什么证明我在那里上班？", Matter.CONTRACT, 6)
    fourth = _asked(workers[3], "老板拖了两个月工资，我先去哪里？", Matter.WAGES, 12)
    fifth = _asked(workers[4], "工伤认定要多久？", Matter.INJURY, 5)
    with days_ago(4):
        words = "工资流水、考勤、工牌、工作群聊天记录都可以，先拍下来。"
        answering.answer(actor=lawyer, consultation_id=third.id, words=words)
        words = "受理后一般六十天；事实清楚的十五天。"
        answering.answer(actor=lawyer, consultation_id=fifth.id, words=words)
    with days_ago(10):
        words = "先去劳动监察投诉，带上工资凭证；也可以直接申请仲裁，一年以内都行。"
        answering.answer(actor=lawyer, consultation_id=fourth.id, words=words)
        text = Publishing(
            "被拖欠工资先去哪里", "单位拖欠工资，职工该先找谁？",
            "可以向劳动监察投诉，也可以申请劳动仲裁。劳动关系终止的，一年以内提出。请保存好工资凭证和考勤。",
        )  # fmt: skip
        published.publish(actor=lawyer, consultation_id=fourth.id, text=text)
    with days_ago(0.5):
        consultations.follow_up(actor=workers[4], consultation_id=fifth.id, words="单位不配合怎么办？")


def _asked(worker: Actor, words: str, matter: Matter, days: float) -> Consultation:
    with days_ago(days):
        return consultations.ask(actor=worker, matter=matter, county_code=SIMAO, words=words)


def _tell(workers: list[Actor]) -> None:
    """One just in; one with an overdue opinion; one closed; the anonymous one with a check, a letter and its reply."""
    supervisor = staff.actor("labour2")
    with days_ago(0.3):
        told = Told(Matter.SOCIAL_INSURANCE, "示例物业公司", "示例路20号", "保安都没有交社保")
        tips.give(actor=workers[0], told=told, place=HERE)
    second = _checked(workers[1], Told(Matter.WAGES, "示例家具厂", "示例路3号", "每天十二小时，没有加班费"), 60)
    with days_ago(50):
        letters.issue(
            actor=supervisor, tip_id=second.id, version=second.version, kind=LetterKind.HINT, letter=_letter()
        )
    with days_ago(28):
        letters.issue(
            actor=supervisor, tip_id=second.id, version=second.version, kind=LetterKind.OPINION, letter=_letter()
        )
    third = _checked(workers[2], Told(Matter.CONTRACT, "示例物流公司", "示例路5号", "二十个司机没有合同"), 40)
    with days_ago(12):
        handling.close(
            actor=supervisor, tip_id=third.id, version=third.version, outcome=TipOutcome.RECTIFIED,
            words="单位已与全部司机补签合同",
        )  # fmt: skip
    _anonymous(supervisor)


def _anonymous(supervisor: Actor) -> None:
    with days_ago(16):
        tip = tips.claimed(_anonymous_code())
        tip = handling.begin(actor=supervisor, tip_id=tip.id, version=tip.version)
    with days_ago(15):
        handling.ask(actor=supervisor, tip_id=tip.id, words="押的是哪两个月的工资？")
    with days_ago(14.5):
        tips.answer_claimed(claim_code=_anonymous_code(), words="今年的前两个月")
    with days_ago(13):
        both = [staff.actor(login).worker_id for login in ("labour1", "labour2")]
        tip = site_checks.record(
            actor=supervisor, tip_id=tip.id, checked_on=clock.today(), checker_ids=both, is_card_shown=True,
            found="抽查十一人的工资表，确有两个月没有发",
        )  # fmt: skip
    with days_ago(12):
        made = letters.issue(
            actor=supervisor, tip_id=tip.id, version=tip.version, kind=LetterKind.HINT, letter=_letter()
        )
    with days_ago(2):
        day = clock.today() - timedelta(days=1)
        letters.reply(actor=supervisor, letter_id=made.id, replied_on=day, words="本月内补发")


def _checked(worker: Actor, told: Told, days: float) -> LabourTip:
    with days_ago(days):
        tip = tips.give(actor=worker, told=told, place=HERE)
    with days_ago(days - 2):
        return handling.begin(actor=staff.actor("labour2"), tip_id=tip.id, version=tip.version)


def _letter() -> Letter:
    return Letter("该单位", "核查发现拖欠工资、未签合同", "工会法第二十三条", "补发工资，补签合同，书面回复")
