"""What a consultation refuses."""

from service.core.errors import Conflict, Invalid, NotFound


class ConsultationUnknown(NotFound):
    """No such consultation, or the actor may not know of it."""

    code = "consultation.unknown"
    message = "没有找到这次咨询"


class TooManyWaiting(Conflict):
    """So many of the worker's questions wait for an answer already."""

    code = "consultation.too_many_waiting"
    message = "您还有几个问题没有答复，请等答复后再问"
    next_step = "可以在原来的咨询里补充，急事请打12351"


class IdentityInside(Invalid):
    """A text for everybody tells who it is about; `details.found` says by what."""

    code = "consultation.identity_inside"
    message = "公开的文字里有姓名、单位、电话或证件号，请改写"
    next_step = "写成“某职工”“某单位”，去掉号码"


class SameWords(Invalid):
    """What is to be published is what was written in confidence, word for word."""

    code = "consultation.same_words"
    message = "不能原文公开，请另写一份"


class PublishedAlready(Conflict):
    """An answer of this consultation is public already."""

    code = "consultation.published_already"
    message = "这次咨询已经公开过答复"
    next_step = "先撤下原来的，再公开新的"


class AnswerUnknown(NotFound):
    """No such published answer, or it was taken down."""

    code = "consultation.answer_unknown"
    message = "没有找到这条答复，可能已撤下"
