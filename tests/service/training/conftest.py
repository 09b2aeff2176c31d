"""A city with two counties, and training staff of each."""

from types import SimpleNamespace

import pytest

from service.core import clock
from service.organisations.enums import NodeKind
from tests import make


@pytest.fixture
def place(database):
    """`city`, `simao`, `lancang` nodes and their staff: `of_city`, `of_simao`, `of_lancang`."""
    city = make.node(county="530800")
    simao = make.node("思茅区总工会", kind=NodeKind.COUNTY, parent=city, county="530802")
    lancang = make.node("澜沧县总工会", kind=NodeKind.COUNTY, parent=city, county="530828")
    return SimpleNamespace(
        city=city,
        simao=simao,
        lancang=lancang,
        of_city=make.staff(city),
        of_simao=make.staff(simao),
        of_lancang=make.staff(lancang),
    )


@pytest.fixture
def travel(monkeypatch):
    """Call it with a timedelta: the clock stands that much later from now on."""
    real = clock.now

    def to(later):
        monkeypatch.setattr(clock, "now", lambda: real() + later)

    return to
