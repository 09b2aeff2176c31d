"""Who may knock where in consultation and labour-law supervision: part of the table in `policy.py`."""

from blueprints.rule import Content, Rule
from service.core.access import Role

WORKER = Rule((Role.WORKER,))
HANDLING = Rule((Role.LEGAL_AID_OFFICER, Role.LEGAL_STAFF), content=Content.CASE)
SUPERVISING = Rule((Role.LABOUR_LAW_SUPERVISOR,), content=Content.CASE)

LEGAL_AID: dict[str, Rule] = {
    "consultation.list_my_consultations": WORKER,
    "consultation.ask_lawyer": WORKER,
    "consultation.get_my_consultation": WORKER,
    "consultation.follow_up_consultation": WORKER,
    "consultation.close_consultation": WORKER,
    "staff_consultation.list_consultations": HANDLING,
    "staff_consultation.get_consultation": HANDLING,
    "staff_consultation.answer_consultation": HANDLING,
    "staff_consultation.list_published_of_consultation": HANDLING,
    "staff_consultation.publish_answer": HANDLING,
    "staff_consultation.withdraw_published_answer": HANDLING,
    "supervision.list_my_tips": WORKER,
    "supervision.give_tip": WORKER,
    "supervision.follow_my_tip": WORKER,
    "supervision.answer_about_tip": WORKER,
    "staff_supervision.list_tips": SUPERVISING,
    "staff_supervision.get_tip": SUPERVISING,
    "staff_supervision.check_tip": SUPERVISING,
    "staff_supervision.ask_tipper": SUPERVISING,
    "staff_supervision.record_site_check": SUPERVISING,
    "staff_supervision.issue_letter": SUPERVISING,
    "staff_supervision.enter_letter_reply": SUPERVISING,
    "staff_supervision.close_tip": SUPERVISING,
    "staff_supervision.dismiss_tip": SUPERVISING,
    "staff_supervision.hand_over_tip": SUPERVISING,
    "legal_aid_documents.make_my_document": WORKER,
    "staff_documents.make_case_document": HANDLING,
    "staff_documents.download_letter": SUPERVISING,
    "staff_legal_aid_statistics.download_legal_aid_statistics": Rule((Role.LEGAL_STAFF,), content=Content.CASE),
}
