"""Closed lists that everything shares."""

from enum import StrEnum


class Role(StrEnum):
    """What a person may be. All but the first two are granted, on a node of the union tree and all below it.

    WORKER is everybody who is signed in; MEMBER is who has an active membership, asked by the desk at its door.
    """

    WORKER = "worker"
    MEMBER = "member"
    TRAINER = "trainer"
    JUDGE = "judge"
    LEGAL_AID_OFFICER = "legal_aid_officer"
    LABOUR_LAW_SUPERVISOR = "labour_law_supervisor"
    PUBLISHING_STAFF = "publishing_staff"
    TRAINING_STAFF = "training_staff"
    LEGAL_STAFF = "legal_staff"
    HONOURS_STAFF = "honours_staff"
    MEMBERSHIP_STAFF = "membership_staff"
    WELFARE_STAFF = "welfare_staff"
    REPORTING_OFFICER = "reporting_officer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Duty(StrEnum):
    """What somebody who came by the staff door has to do first."""

    CHANGE_PASSWORD = "change_password"  # noqa: S105  the name of a duty
    ENROL_TOTP = "enrol_totp"


class Unit(StrEnum):
    """What a term is counted in."""

    DAY = "day"
    WORKDAY = "workday"
    MONTH = "month"
    YEAR = "year"
