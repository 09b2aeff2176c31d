"""The questions of the triage, as one table in short spoken Chinese: what is asked, when, and how it is answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from service.legal_aid.enums import Matter, QuestionKind, Step

YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: its code and its words."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question. `asked_if`: asked only where each earlier answer named is one of those listed."""

    code: str
    text: str
    kind: QuestionKind = QuestionKind.CHOICE
    choices: tuple[Choice, ...] = ()
    asked_if: Mapping[str, frozenset[str]] = field(default_factory=dict)
    is_optional: bool = False
    hint: str = ""


YES_NO = (Choice(YES, "是"), Choice(NO, "不是"))
MATTERS: dict[Matter, str] = {
    Matter.WAGES: "拖欠工资",
    Matter.INJURY: "工作中受伤、职业病",
    Matter.CONTRACT: "没签合同、合同有问题",
    Matter.SOCIAL_INSURANCE: "没交社保、少交社保",
    Matter.DISMISSAL: "被辞退、被逼离职",
    Matter.OTHER: "别的事",
}


def _of(*matters: Matter) -> frozenset[str]:
    return frozenset(matters)


QUESTIONS: tuple[Question, ...] = (
    Question("matter", "您遇到什么事？", choices=tuple(Choice(code, text) for code, text in MATTERS.items())),
    Question(
        "employed", "您还在这家单位上班吗？", choices=(Choice(YES, "还在"), Choice(NO, "不在了")),
        asked_if={"matter": _of(Matter.WAGES, Matter.CONTRACT, Matter.SOCIAL_INSURANCE, Matter.OTHER)},
    ),
    Question(
        "ended_on", "哪天离开单位的？", QuestionKind.DATE, asked_if={"employed": frozenset({NO})},
        hint="记不清就填大概的日子，宁早勿晚",
    ),
    Question(
        "dismissed_on", "哪天被辞退，或者哪天离开的？", QuestionKind.DATE,
        asked_if={"matter": _of(Matter.DISMISSAL)},
    ),
    Question(
        "known_on", "哪天知道自己吃了亏的？", QuestionKind.DATE,
        asked_if={"matter": _of(Matter.CONTRACT, Matter.SOCIAL_INSURANCE, Matter.OTHER)},
        hint="比如第一次没签合同、没交社保的那天",
    ),
    Question(
        "injured_on", "哪天受的伤，或者哪天诊断出职业病？", QuestionKind.DATE, asked_if={"matter": _of(Matter.INJURY)}
    ),
    Question(
        "reported", "有人去申请工伤认定了吗？", choices=(Choice(YES, "申请了"), Choice(NO, "没有，或者不知道")),
        asked_if={"matter": _of(Matter.INJURY)},
    ),
    Question(
        "claimed_on", "最近一次找单位要、去部门投诉，或者单位答应解决，是哪天？", QuestionKind.DATE,
        asked_if={"matter": frozenset(Matter) - {Matter.INJURY}}, is_optional=True, hint="没有就跳过",
    ),
    Question(
        "step", "现在办到哪一步了？",
        choices=(
            Choice(Step.NONE, "还没开始"), Choice(Step.MEDIATING, "正在调解"), Choice(Step.ARBITRATING, "正在仲裁"),
            Choice(Step.AWARD, "拿到裁决书了"), Choice(Step.COURT, "已经去法院了"),
        ),
    ),
    Question(
        "award_on", "哪天收到裁决书的？", QuestionKind.DATE, asked_if={"step": frozenset({Step.AWARD})}
    ),
    Question("migrant", "您是从农村来打工的吗？", choices=YES_NO),
    Question(
        "hardship", "您有下面的情况吗？",
        choices=(
            Choice("none", "都没有"), Choice("assisted", "在领低保、特困等救助，或者是优抚对象"),
            Choice("no_income", "没有固定收入的老人、残疾人或者未成年人"), Choice("low_income", "收入低，日子紧"),
        ),
    ),
    Question(
        "people", "有多少人跟您一样？",
        choices=(Choice("alone", "就我一个"), Choice("few", "2到9个人"), Choice("group", "10个人以上")),
    ),
    Question("escaping", "单位正在转移财产，或者老板要跑吗？", choices=YES_NO),
)  # fmt: skip
BY_CODE: dict[str, Question] = {each.code: each for each in QUESTIONS}
