"""What a union has settled for its legal aid. Where it has settled nothing, the nearest union above that has.

The law's own clocks are nobody's to change; the others come with an example value (docs/rules.md
`legal_aid.union_clocks`, `legal_aid.supplement`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from service.audit import entries
from service.core.access import Actor, Role
from service.core.db import db
from service.core.enums import Unit
from service.core.transaction import transactional
from service.legal_aid.clock_table import CLOCKS
from service.legal_aid.clocks import Clock
from service.legal_aid.enums import AidRoute, Supplement
from service.legal_aid.errors import ClockFixed
from service.legal_aid.setting_models import AidSetting, ClockSetting
from service.legal_aid.weights import WEIGHTS, Weights
from service.organisations import nodes
from service.organisations.models import UnionNode
from service.organisations.settings import here_and_above

STAFF = Role.LEGAL_STAFF
ESCALATION_DAYS, EXAMPLE = 2, "示例值，本级工会可改"
OWN_RULE = "工会自定"
UPPER_UNION, JUDICIAL_BUREAU = "上一级工会", "设立该法律援助机构的司法行政部门"


@dataclass(frozen=True, slots=True)
class OwnSettings:
    """What a union has settled itself; None, or no clock: as above."""

    supplement: Supplement | None
    union_body: str | None
    state_body: str | None
    clocks: Sequence[str]
    escalation_days: int | None = None


@dataclass(frozen=True, slots=True)
class AidSettings:
    """What holds at a union: all its clocks, who hears an objection against which route, and after how many days an
    overdue clock is told one step further up (`escalation_source`: an example value, or a union's own)."""

    node: UnionNode
    supplement: Supplement
    union_body: str
    state_body: str
    clocks: Sequence[Clock]
    own: OwnSettings
    escalation_days: int = ESCALATION_DAYS
    escalation_source: str = EXAMPLE
    weights: Weights = WEIGHTS

    def objection_body(self, route: AidRoute) -> str:
        """Who hears an objection."""
        return self.union_body if route is AidRoute.UNION else self.state_body

    def clock(self, code: str) -> Clock:
        """The clock as it holds here."""
        return next(each for each in self.clocks if each.code == code)


@transactional
def change(
    actor: Actor, node_id: int, *, supplement: Supplement | None, union_body: str | None, state_body: str | None
) -> AidSettings:
    """Settle it for this union and those below that have settled nothing; None: as above. Raises NodeUnknown."""
    node = nodes.node_in_scope(actor, node_id, STAFF)
    row = db.session.get(AidSetting, node.id, with_for_update=True) or AidSetting(node_id=node.id)
    row.supplement, row.union_body, row.state_body = supplement, union_body, state_body
    db.session.add(row)
    db.session.flush()
    said = supplement.value if supplement else None
    entries.record(actor, "legal_aid.settings_changed", "node", node.id, supplement=said)
    return at(node)


@transactional
def settle_escalation(actor: Actor, node_id: int, days: int | None) -> AidSettings:
    """Settle after how many days an overdue clock is told one step further up; None: as above. Raises NodeUnknown."""
    node = nodes.node_in_scope(actor, node_id, STAFF)
    row = db.session.get(AidSetting, node.id, with_for_update=True) or AidSetting(node_id=node.id)
    row.escalation_days = days
    db.session.add(row)
    db.session.flush()
    entries.record(actor, "legal_aid.escalation_settled", "node", node.id, days=days)
    return at(node)


@transactional
def settle_clock(actor: Actor, node_id: int, code: str, *, length: int, unit: Unit, source: str) -> AidSettings:
    """Settle a clock, with the rule it rests on. Raises NodeUnknown, ClockFixed for one of the law."""
    node = nodes.node_in_scope(actor, node_id, STAFF)
    clock = CLOCKS.get(code)
    if clock is None or not clock.is_settable:
        raise ClockFixed
    row = db.session.get(ClockSetting, (node.id, code), with_for_update=True) or ClockSetting(
        node_id=node.id, clock=code
    )
    row.length, row.unit, row.source = length, unit, source
    db.session.add(row)
    db.session.flush()
    entries.record(actor, "legal_aid.clock_settled", "node", node.id, clock=code, length=length, unit=unit.value)
    return at(node)


def settings(actor: Actor, node_id: int) -> AidSettings:
    """What holds at a union of the actor's scope. Raises NodeUnknown."""
    return at(nodes.node_in_scope(actor, node_id, STAFF, Role.LEGAL_AID_OFFICER))


def at(node: UnionNode) -> AidSettings:
    """What holds at a union, the nearest word from above counting."""
    above = here_and_above(node.path)
    said = list(
        db.session.scalars(
            select(AidSetting)
            .join(UnionNode, UnionNode.id == AidSetting.node_id)
            .where(UnionNode.path.in_(above))
            .order_by(UnionNode.path.desc())
        )
    )
    settled = dict(CLOCKS)
    lines = list(
        db.session.scalars(
            select(ClockSetting)
            .join(UnionNode, UnionNode.id == ClockSetting.node_id)
            .where(UnionNode.path.in_(above))
            .order_by(UnionNode.path)
        )
    )
    for row in lines:
        if row.clock in CLOCKS:
            settled[row.clock] = CLOCKS[row.clock].settled(row.length, row.unit, row.source)
    steps = next((row.escalation_days for row in said if row.escalation_days), None)
    return AidSettings(
        node=node,
        supplement=next((row.supplement for row in said if row.supplement), Supplement.RESTARTS),
        union_body=next((row.union_body for row in said if row.union_body), UPPER_UNION),
        state_body=next((row.state_body for row in said if row.state_body), JUDICIAL_BUREAU),
        clocks=list(settled.values()),
        own=_own(node, said, lines),
        escalation_days=steps or ESCALATION_DAYS,
        escalation_source=OWN_RULE if steps else EXAMPLE,
    )


def _own(node: UnionNode, said: Sequence[AidSetting], clocks: Sequence[ClockSetting]) -> OwnSettings:
    row = next((each for each in said if each.node_id == node.id), None)
    settled = [each.clock for each in clocks if each.node_id == node.id and each.clock in CLOCKS]
    if row is None:
        return OwnSettings(None, None, None, settled)
    return OwnSettings(row.supplement, row.union_body, row.state_body, settled, row.escalation_days)
