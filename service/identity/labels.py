"""What roles are called on screen."""

from service.core.access import Role

ROLES: dict[Role, str] = {
    Role.WORKER: "职工",
    Role.MEMBER: "会员",
    Role.TRAINER: "培训教师",
    Role.JUDGE: "裁判",
    Role.LEGAL_AID_OFFICER: "法律援助员",
    Role.LABOUR_LAW_SUPERVISOR: "劳动法律监督员",
    Role.PUBLISHING_STAFF: "信息发布员",
    Role.TRAINING_STAFF: "培训管理员",
    Role.LEGAL_STAFF: "法律工作干部",
    Role.HONOURS_STAFF: "评优表彰干部",
    Role.MEMBERSHIP_STAFF: "会籍管理员",
    Role.WELFARE_STAFF: "帮扶服务干部",
    Role.REPORTING_OFFICER: "统计填报员",
    Role.AUDITOR: "审计员",
    Role.ADMINISTRATOR: "系统管理员",
}
