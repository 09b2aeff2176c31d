"""Where legal aid holds something about a worker: the case and everything beside it."""

from service.legal_aid import spoken
from service.legal_aid.supervision.spoken import STATES as TIP_STATES
from service.legal_aid.supervision.spoken import STEPS as TIP_STEPS
from service.legal_aid.triage_questions import MATTERS
from service.overview.holding_kinds import Category, Erasure, Holding, Shown, words

CONSULTATION_STATES = {"waiting": "等待答复", "answered": "已答复", "closed": "已结束"}

LEGAL_AID: tuple[Holding, ...] = (
    Holding(
        "aid_cases", "法律援助案件", Category.LEGAL_AID, "legal_aid",
        shown={
            "number": Shown("编号"), "matter": Shown("案由", words(MATTERS)),
            "state": Shown("状态", words(spoken.STATES)), "form_sealed": Shown("申请表"),
            "received_at": Shown("收到时间"), "decided_at": Shown("决定时间"), "ended_at": Shown("结束时间"),
        },
        erasure=Erasure.BLANK, blanked=("form_sealed", "employer_id", "employer_index", "limitation_on"),
    ),
    Holding(
        "aid_events", "案件进展", Category.LEGAL_AID, "legal_aid",
        shown={"kind": Shown("事项", words(spoken.STEPS)), "at": Shown("时间")},
    ),
    Holding(
        "aid_notices", "一次性告知", Category.LEGAL_AID, "legal_aid",
        shown={"note_sealed": Shown("说明"), "told_at": Shown("告知时间"), "due_on": Shown("补齐期限")},
        erasure=Erasure.BLANK, blanked=("note_sealed",),
    ),
    Holding(
        "aid_decisions", "援助决定", Category.LEGAL_AID, "legal_aid",
        shown={
            "kind": Shown("决定", words(spoken.DECISIONS)), "reason_sealed": Shown("理由"),
            "decided_at": Shown("时间"),
        },
        erasure=Erasure.BLANK, blanked=("reason_sealed",),
    ),
    Holding(
        "aid_objections", "异议", Category.LEGAL_AID, "legal_aid",
        shown={"words_sealed": Shown("异议内容"), "filed_at": Shown("提出时间"), "decided_at": Shown("答复时间")},
        erasure=Erasure.BLANK, blanked=("words_sealed",),
    ),
    Holding(
        "aid_files", "案件材料", Category.LEGAL_AID, "legal_aid",
        shown={
            "name_sealed": Shown("文件名"), "paper": Shown("种类", words(spoken.PAPERS)),
            "created_at": Shown("时间"),
        },
        erasure=Erasure.BLANK, blanked=("name_sealed",),
    ),
    Holding(
        "aid_messages", "案件留言", Category.LEGAL_AID, "legal_aid",
        shown={"words_sealed": Shown("内容"), "sent_at": Shown("时间")},
        erasure=Erasure.BLANK, blanked=("words_sealed",),
    ),
    Holding(
        "aid_tasks", "办理事项", Category.LEGAL_AID, "legal_aid",
        shown={"words_sealed": Shown("内容"), "due_on": Shown("期限"), "done_at": Shown("办完时间")},
        erasure=Erasure.BLANK, blanked=("words_sealed",),
    ),
    Holding(
        "aid_hearings", "开庭和调解", Category.LEGAL_AID, "legal_aid",
        shown={"at": Shown("时间"), "place_sealed": Shown("地点")},
        erasure=Erasure.BLANK, blanked=("place_sealed",),
    ),
    Holding(
        "aid_hand_overs", "案件转交", Category.LEGAL_AID, "legal_aid",
        shown={"note_sealed": Shown("说明"), "sent_at": Shown("时间")},
        erasure=Erasure.BLANK, blanked=("note_sealed",),
    ),
    Holding(
        "aid_results", "案件结果", Category.LEGAL_AID, "legal_aid",
        shown={"amount_sealed": Shown("挽回金额（分）"), "note_sealed": Shown("说明"), "closed_at": Shown("时间")},
        erasure=Erasure.BLANK, blanked=("amount_sealed", "note_sealed"),
    ),
    Holding(
        "aid_ratings", "援助评价", Category.LEGAL_AID, "legal_aid",
        shown={"stars": Shown("评分"), "words_sealed": Shown("评价"), "rated_at": Shown("时间")},
        erasure=Erasure.BLANK, blanked=("words_sealed",),
    ),
    Holding(
        "aid_complaints", "援助投诉", Category.LEGAL_AID, "legal_aid",
        shown={"words_sealed": Shown("内容"), "answer_sealed": Shown("答复"), "filed_at": Shown("时间")},
        erasure=Erasure.BLANK, blanked=("words_sealed", "answer_sealed"),
    ),
    Holding(
        "consultations", "法律咨询", Category.LEGAL_AID, "legal_aid",
        shown={
            "matter": Shown("案由", words(MATTERS)), "state": Shown("状态", CONSULTATION_STATES),
            "asked_at": Shown("提出时间"), "answered_at": Shown("答复时间"),
        },
    ),
    Holding(
        "consultation_entries", "咨询内容", Category.LEGAL_AID, "legal_aid",
        shown={"words_sealed": Shown("内容"), "at": Shown("时间")},
        erasure=Erasure.BLANK, blanked=("words_sealed",),
    ),
    Holding(
        "labour_tips", "劳动法律监督线索", Category.LEGAL_AID, "legal_aid",
        shown={
            "number": Shown("编号"), "state": Shown("状态", words(TIP_STATES)), "told_sealed": Shown("反映的内容"),
            "received_at": Shown("收到时间"),
        },
        erasure=Erasure.BLANK, blanked=("told_sealed",),
    ),
    Holding(
        "labour_tip_entries", "线索进展", Category.LEGAL_AID, "legal_aid",
        shown={"step": Shown("事项", words(TIP_STEPS)), "at": Shown("时间")},
        erasure=Erasure.BLANK, blanked=("words_sealed",),
    ),
)  # fmt: skip
