"""What personal data may be used for only with the person's own consent: a closed list, with the words that are shown.

`version` is that of the words. A consent counts while it was given to `needed_version` or a later one: words may be
improved without asking again, but not what they permit (docs/rules.md `privacy.separate_consent`,
`privacy.publication`).
"""

import hashlib
from dataclasses import dataclass

from service.identity.enums import SensitiveKind


@dataclass(frozen=True, slots=True)
class Purpose:
    """What the data is for: told to the person with its need and its effect before consent is asked."""

    code: str
    title: str
    explanation: str
    kind: SensitiveKind
    version: int = 1
    needed_version: int = 1

    @property
    def text_hash(self) -> str:
        """SHA-256 of the words shown, for the proof."""
        return hashlib.sha256(f"{self.code}|{self.version}|{self.title}|{self.explanation}".encode()).hexdigest()


ATTENDANCE_PLACE = "attendance_place"
HONOURS_PUBLICATION = "honours_publication"
HEALTH = "health"
FINANCE = "finance"
SPECIFIC_IDENTITY = "specific_identity"

_ALL = (
    Purpose(
        ATTENDANCE_PLACE,
        "签到时使用位置",
        "签到时用您手机的位置核对是否在教室附近，只记下是否较远，不保存位置。不同意也能签到，可随时撤回。",
        SensitiveKind.WHEREABOUTS,
    ),
    Purpose(
        HONOURS_PUBLICATION,
        "公开您的荣誉",
        "在光荣榜上公开您的姓名、单位和所获荣誉，不公开身份证号和手机号。不同意不影响评选和奖励，撤回后即不再展示。",
        SensitiveKind.PUBLICATION,
    ),
    Purpose(
        HEALTH,
        "使用健康信息",
        "办理困难帮扶、疗休养、互助保障或工伤维权时，使用您提交的病情和诊断材料，仅经办人可见。"
        "不同意则无法办理需要这些材料的事项，其他服务不受影响。",
        SensitiveKind.HEALTH,
    ),
    Purpose(
        FINANCE,
        "使用家庭收入和银行账户",
        "办理困难帮扶和补贴发放时，使用您的家庭收入和收款账户，仅经办人可见。"
        "不同意则无法办理需要核对收入或打款的事项，其他服务不受影响。",
        SensitiveKind.FINANCE,
    ),
    Purpose(
        SPECIFIC_IDENTITY,
        "使用特定身份信息",
        "办理面向残疾、困难、退役等职工的服务时，使用您的身份证明，仅经办人可见。"
        "不同意则无法享受专项服务，其他服务不受影响。",
        SensitiveKind.SPECIFIC_IDENTITY,
    ),
)
PURPOSES: dict[str, Purpose] = {purpose.code: purpose for purpose in _ALL}
