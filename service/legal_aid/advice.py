"""What the triage says: explanations, ways, means check and papers by matter, each with its article.

Sources: docs/rules.md `legal_aid.triage`, `legal_aid.means`, `legal_aid.group`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from service.legal_aid.enums import Matter, Means, Paper, Route, Step

ARBITRATION, AID = "劳动争议调解仲裁法", "法律援助法"


@dataclass(frozen=True, slots=True)
class RouteAdvice:
    """A way: its name, what to do, its source. Hotlines stand in the text."""

    route: Route
    title: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class MeansAdvice:
    """Whether hardship has to be shown, by which article not, and what to do."""

    means: Means
    article: str
    text: str


@dataclass(frozen=True, slots=True)
class PaperAdvice:
    """A paper to bring. Who has none may say so: the employer has to bring what it holds."""

    paper: Paper
    text: str


EXPLANATIONS: dict[Matter, str] = {
    Matter.WAGES: "这是拖欠工资。干了活就该拿钱，单位不能扣着不给。",
    Matter.INJURY: "这是工伤的事。先认定工伤，再鉴定伤残，再要待遇。",
    Matter.CONTRACT: "这是劳动合同的事。没签合同，也能证明您在这里上班。",
    Matter.SOCIAL_INSURANCE: "这是社会保险的事。单位必须给您交社保。",
    Matter.DISMISSAL: "这是解除劳动合同的事。单位不能随便辞退人。",
    Matter.OTHER: "先说说情况，工会的人帮您看该走哪条路。",
}
CLOCKS_OF: dict[Matter, tuple[str, ...]] = {
    Matter.WAGES: ("arbitration_wages", "inspection"),
    Matter.INJURY: ("injury_report_employer", "injury_report"),
    Matter.CONTRACT: ("arbitration",),
    Matter.SOCIAL_INSURANCE: ("arbitration", "inspection"),
    Matter.DISMISSAL: ("arbitration",),
    Matter.OTHER: ("arbitration",),
}
STILL_EMPLOYED = f"人还在单位，讨工资不受一年的限制（{ARBITRATION}第二十七条第四款）；离开以后要在一年内申请仲裁。"
REPORT_YOURSELF = "单位30天内不申请工伤认定，您、家里人或者工会可以在1年内自己申请（工伤保险条例第十七条）。"
GROUP = f"10个人以上、要求一样，可以推举代表一起办（{ARBITRATION}第七条）。"
NO_FEE = f"劳动仲裁不收费（{ARBITRATION}第五十三条）。"
WHERE = f"仲裁到干活的地方或者单位所在地申请，两边都申请的由干活的地方管（{ARBITRATION}第二十一条）。"
EMPLOYER_PROVES = f"考勤、工资表在单位手里的，由单位拿出来，不拿要承担后果（{ARBITRATION}第六条、第三十九条）。"
URGENT_TERM = f"时效剩下不到7天，可以先给援助、后补材料（{AID}第四十四条）。请马上提交，或者打12351。"
URGENT_ASSETS = f"需要马上申请保全或者先予执行的，可以先给援助、后补材料（{AID}第四十四条）。请马上提交，或者打12351。"

MEDIATION = RouteAdvice(
    Route.MEDIATION, "先调解", "找工会或者调解组织谈，15天谈不成就去仲裁。", f"{ARBITRATION}第十条、第十四条"
)
ARBITRATE = RouteAdvice(
    Route.ARBITRATION, "劳动仲裁", "向劳动仲裁委员会递申请书，免费。", f"{ARBITRATION}第五条、第五十三条"
)
INSPECT = RouteAdvice(
    Route.INSPECTION, "劳动监察投诉", "打12333，或者到劳动监察大队，2年内的事都管。", "劳动保障监察条例第二十条"
)
UNION = RouteAdvice(
    Route.UNION_AID, "工会法律援助", "在这里申请，不花钱，工会派人帮您办。", "工会法第三十条、工会法律援助办法"
)
STATE = RouteAdvice(Route.STATE_AID, "国家法律援助", "打12348，或者由工会转给法律援助机构。", f"{AID}第三十一条")
INJURED = RouteAdvice(
    Route.INJURY_DECISION, "先认定工伤", "向人社局申请工伤认定，单位不申请就自己申请。", "工伤保险条例第十七条"
)
PAY = RouteAdvice(
    Route.PAYMENT_ORDER, "支付令", "签了调解协议单位不给钱，拿协议去法院申请支付令。", f"{ARBITRATION}第十六条"
)
SUE = RouteAdvice(Route.COURT, "去法院起诉", "不服裁决，收到裁决书15天内去法院。", f"{ARBITRATION}第四十八条、第五十条")

ROUTES_OF: dict[Matter, tuple[RouteAdvice, ...]] = {
    Matter.WAGES: (MEDIATION, INSPECT, ARBITRATE, PAY),
    Matter.INJURY: (INJURED, MEDIATION, ARBITRATE),
    Matter.CONTRACT: (MEDIATION, ARBITRATE, INSPECT),
    Matter.SOCIAL_INSURANCE: (INSPECT, ARBITRATE),
    Matter.DISMISSAL: (MEDIATION, ARBITRATE),
    Matter.OTHER: (MEDIATION, ARBITRATE),
}
_PAPERS_OF: dict[Matter, tuple[PaperAdvice, ...]] = {
    Matter.WAGES: (
        PaperAdvice(Paper.WAGES, "欠条、工资条、转账记录、聊天记录"),
        PaperAdvice(Paper.ATTENDANCE, "考勤、派工单、工友的话"),
    ),
    Matter.INJURY: (
        PaperAdvice(Paper.INJURY, "受伤的照片、事故记录、工友的话"),
        PaperAdvice(Paper.MEDICAL, "病历、诊断书、医药费发票"),
    ),
    Matter.CONTRACT: (PaperAdvice(Paper.WAGES, "工资条、转账记录"),),
    Matter.SOCIAL_INSURANCE: (PaperAdvice(Paper.INSURANCE, "社保缴费记录，可在一部手机办事通上查"),),
    Matter.DISMISSAL: (
        PaperAdvice(Paper.DISMISSAL, "辞退通知、聊天记录、离职证明"),
        PaperAdvice(Paper.WAGES, "前12个月的工资条、转账记录"),
    ),
    Matter.OTHER: (),
}
_EXEMPT = {
    "assisted": MeansAdvice(
        Means.EXEMPT, f"{AID}第四十二条第二项", "您是救助或者优抚对象，不用再证明经济困难，带上证件就行。"
    ),
    "no_income": MeansAdvice(
        Means.EXEMPT, f"{AID}第四十二条第一项", "没有固定收入的老人、残疾人、未成年人，不用再证明经济困难。"
    ),
}
_MIGRANT = MeansAdvice(
    Means.EXEMPT, f"{AID}第四十二条第三项", "进城打工的人讨工资、要工伤赔偿，不用证明经济困难，带上身份证就行。"
)
_PLEDGE = MeansAdvice(
    Means.NEEDED, f"{AID}第四十一条", "要说明经济困难。没有证明也行，自己写个人诚信承诺，查实不符要承担责任。"
)


def routes(matter: Matter, step: Step, *, is_group: bool) -> list[RouteAdvice]:
    """The ways open at this step; the union's aid is open at each."""
    own: Sequence[RouteAdvice]
    if step in (Step.AWARD, Step.COURT):
        own = (SUE,)
    elif step is Step.ARBITRATING:
        own = (ARBITRATE,)
    elif step is Step.MEDIATING or is_group:
        own = tuple(each for each in ROUTES_OF[matter] if each is not MEDIATION or step is Step.MEDIATING)
    else:
        own = ROUTES_OF[matter]
    return [UNION, *own, STATE]


def means(matter: Matter, *, is_migrant: bool, hardship: str) -> MeansAdvice:
    """Whether hardship has to be shown, and by which article not."""
    if is_migrant and matter in (Matter.WAGES, Matter.INJURY):
        return _MIGRANT
    return _EXEMPT.get(hardship, _PLEDGE)


def papers(matter: Matter, *, is_group: bool, has_award: bool) -> list[PaperAdvice]:
    """What to bring."""
    first = [PaperAdvice(Paper.ID_CARD, "身份证"), PaperAdvice(Paper.CONTRACT, "劳动合同；没有就带工牌、工作服照片")]
    award = [PaperAdvice(Paper.AWARD, "裁决书和送达回执")] if has_award else []
    group = [PaperAdvice(Paper.AUTHORISATION, "推举代表的名单，每个人签名按手印")] if is_group else []
    return [*first, *_PAPERS_OF[matter], *award, *group]
