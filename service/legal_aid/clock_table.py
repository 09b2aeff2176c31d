"""Every clock, as the law or a rule has it. Sources: docs/rules.md `legal_aid.clocks`, `legal_aid.union_clocks`.

Where the law says "days" and the practice of an arbitration commission counts workdays, the law's word stands here
and a union may settle the other (`is_settable`).
"""

from service.core.enums import Unit
from service.legal_aid.clocks import Clock
from service.legal_aid.enums import Force, Interruption, Watched

AID, ARBITRATION, INSPECTION = "法律援助法", "劳动争议调解仲裁法", "劳动保障监察条例"
INJURY, MIGRANT_WAGES = "工伤保险条例", "保障农民工工资支付条例"
BY_ANALOGY = "工会自办援助参照法律援助法第六十八条，天数为本级工会规定"
EXAMPLE = "示例值，本级工会可改"
ALL_THREE = (Interruption.CLAIM, Interruption.COMPLAINT, Interruption.AGREEMENT)
FORCE_MAJEURE = "不可抗力或者其他正当理由"

_DESK = (
    Clock("state_decision", "决定是否给予援助", "收到申请", 7, Unit.DAY, f"{AID}第四十三条", Watched.OFFICE),
    Clock("state_assignment", "指派承办人", "决定给予援助", 3, Unit.DAY, f"{AID}第四十三条", Watched.OFFICE),
    Clock("state_objection", "答复异议", "司法行政部门收到异议", 5, Unit.DAY, f"{AID}第四十九条", Watched.AUTHORITY),
    Clock(
        "union_decision", "决定是否给予援助", "收到申请", 7, Unit.DAY, BY_ANALOGY, Watched.OFFICE, Force.LOCAL,
        is_settable=True,
    ),
    Clock(
        "union_assignment", "指派承办人", "决定给予援助", 3, Unit.DAY, BY_ANALOGY, Watched.OFFICE, Force.LOCAL,
        is_settable=True,
    ),
    Clock(
        "union_objection", "答复异议", "上一级工会收到异议", 5, Unit.DAY, BY_ANALOGY, Watched.OFFICE, Force.LOCAL,
        is_settable=True,
    ),
    Clock(
        "supplement_papers", "补齐材料", "收到一次性告知", 15, Unit.DAY, EXAMPLE, Watched.WORKER, Force.LOCAL,
        is_settable=True,
    ),
    Clock(
        "consultation_answer", "答复咨询", "收到咨询", 3, Unit.WORKDAY, EXAMPLE, Watched.OFFICE, Force.LOCAL,
        is_settable=True,
    ),
    Clock(
        "complaint_answer", "答复投诉", "收到投诉", 15, Unit.WORKDAY, EXAMPLE, Watched.OFFICE, Force.LOCAL,
        is_settable=True,
    ),
    Clock(
        "hint_reply", "回复提示函", "发出提示函", 15, Unit.WORKDAY, EXAMPLE, Watched.EMPLOYER, Force.LOCAL,
        is_settable=True,
    ),
    Clock(
        "opinion_reply", "回复意见书", "发出意见书", 15, Unit.WORKDAY, EXAMPLE, Watched.EMPLOYER, Force.LOCAL,
        is_settable=True,
    ),
    Clock(
        "advice_reply", "回复建议书", "发出建议书", 60, Unit.DAY, EXAMPLE, Watched.AUTHORITY, Force.LOCAL,
        is_settable=True,
    ),
)  # fmt: skip

_ARBITRATION = (
    Clock(
        "arbitration", "申请劳动仲裁", "知道或者应当知道权利被侵害", 1, Unit.YEAR, f"{ARBITRATION}第二十七条",
        Watched.WORKER, interrupted_by=ALL_THREE, suspended_by=FORCE_MAJEURE, is_limitation=True,
    ),
    Clock(
        "arbitration_wages", "为拖欠工资申请劳动仲裁", "劳动关系终止", 1, Unit.YEAR,
        f"{ARBITRATION}第二十七条第四款", Watched.WORKER, interrupted_by=ALL_THREE, suspended_by=FORCE_MAJEURE,
        is_limitation=True,
    ),
    Clock("mediation", "达成调解协议", "调解组织收到申请", 15, Unit.DAY, f"{ARBITRATION}第十四条", Watched.AUTHORITY),
    Clock(
        "arbitration_acceptance", "决定是否受理仲裁", "仲裁委收到申请", 5, Unit.DAY, f"{ARBITRATION}第二十九条",
        Watched.AUTHORITY, is_settable=True,
    ),
    Clock(
        "arbitration_copy", "把申请书副本送达单位", "受理仲裁", 5, Unit.DAY, f"{ARBITRATION}第三十条",
        Watched.AUTHORITY, is_settable=True,
    ),
    Clock(
        "arbitration_answer", "单位提交答辩书", "单位收到申请书副本", 10, Unit.DAY, f"{ARBITRATION}第三十条",
        Watched.EMPLOYER, is_settable=True,
    ),
    Clock(
        "hearing_notice", "通知开庭日期和地点", "开庭", 5, Unit.DAY, f"{ARBITRATION}第三十五条", Watched.AUTHORITY,
        moves=False, is_before=True,
    ),
    Clock(
        "award", "作出仲裁裁决", "受理仲裁", 45, Unit.DAY, f"{ARBITRATION}第四十三条", Watched.AUTHORITY, extension=15
    ),
    Clock(
        "suing", "不服裁决去法院起诉", "收到裁决书", 15, Unit.DAY, f"{ARBITRATION}第四十八条、第五十条",
        Watched.WORKER, is_limitation=True,
    ),
    Clock(
        "employer_annulment", "单位申请撤销终局裁决", "单位收到裁决书", 30, Unit.DAY, f"{ARBITRATION}第四十九条",
        Watched.EMPLOYER,
    ),
    Clock(
        "inspection", "向劳动监察投诉", "违法行为终了", 2, Unit.YEAR, f"{INSPECTION}第二十条", Watched.WORKER,
        is_limitation=True,
    ),
    Clock(
        "inspection_handling", "劳动监察办结", "立案", 60, Unit.WORKDAY, f"{INSPECTION}第十七条", Watched.AUTHORITY,
        extension=30,
    ),
    Clock(
        "wage_ledger", "单位保存工资台账", "编制台账", 3, Unit.YEAR, f"{MIGRANT_WAGES}第十五条", Watched.EMPLOYER,
        moves=False,
    ),
)  # fmt: skip

_INJURY = (
    Clock(
        "injury_report_employer", "单位申请工伤认定", "事故伤害发生或者诊断为职业病", 30, Unit.DAY,
        f"{INJURY}第十七条", Watched.EMPLOYER,
    ),
    Clock(
        "injury_report", "本人、近亲属或者工会申请工伤认定", "事故伤害发生或者诊断为职业病", 1, Unit.YEAR,
        f"{INJURY}第十七条", Watched.WORKER, is_limitation=True,
    ),
    Clock(
        "injury_decision", "作出工伤认定", "受理工伤认定申请", 60, Unit.DAY, f"{INJURY}第二十条", Watched.AUTHORITY
    ),
    Clock(
        "injury_decision_clear", "对事实清楚的作出工伤认定", "受理工伤认定申请", 15, Unit.DAY, f"{INJURY}第二十条",
        Watched.AUTHORITY,
    ),
    Clock(
        "capacity", "作出劳动能力鉴定结论", "收到鉴定申请", 60, Unit.DAY, f"{INJURY}第二十五条", Watched.AUTHORITY,
        extension=30,
    ),
    Clock(
        "capacity_again", "不服鉴定申请再次鉴定", "收到鉴定结论", 15, Unit.DAY, f"{INJURY}第二十六条",
        Watched.WORKER, is_limitation=True,
    ),
    Clock(
        "capacity_review", "可以申请复查鉴定", "作出鉴定结论", 1, Unit.YEAR, f"{INJURY}第二十八条", Watched.WORKER,
        moves=False,
    ),
    Clock(
        "paid_leave", "停工留薪期", "遭受事故伤害或者患职业病", 12, Unit.MONTH, f"{INJURY}第三十三条",
        Watched.EMPLOYER, extension=12, moves=False,
    ),
)  # fmt: skip

CLOCKS: dict[str, Clock] = {each.code: each for each in (*_DESK, *_ARBITRATION, *_INJURY)}
