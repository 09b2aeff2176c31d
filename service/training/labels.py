"""The Chinese words for the closed lists of training, as they stand on screen and on printed sheets."""

from service.training.enums import LessonMode, MarkState

MY_TRAINING = "/training"
"""Where the app shows a worker's own attendance."""
SAID: dict[MarkState, str] = {
    MarkState.PRESENT: "到课",
    MarkState.LATE: "迟到",
    MarkState.LEFT_EARLY: "早退",
    MarkState.EXCUSED: "请假",
    MarkState.ABSENT: "缺课",
    MarkState.MADE_UP: "补课",
}
MODES_SAID: dict[LessonMode, str] = {
    LessonMode.ONLINE: "线上",
    LessonMode.ON_SITE: "线下",
    LessonMode.SIMULATED: "模拟",
    LessonMode.HANDS_ON: "实训",
}
