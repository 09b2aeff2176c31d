"""Closed lists of the field. Sources: docs/rules.md."""

from enum import StrEnum


class NodeKind(StrEnum):
    """What a union node is (docs/rules.md `organisations.hierarchy`)."""

    CITY = "city"
    COUNTY = "county"
    PARK = "park"
    TOWN = "town"
    SECTOR = "sector"
    GRASSROOTS = "grassroots"
    BRANCH = "branch"


class Industry(StrEnum):
    """The eight industries of Pu'er (八大产业), and everything else."""

    TEA = "tea"
    COFFEE = "coffee"
    SUGARCANE = "sugarcane"
    BEEF_CATTLE = "beef_cattle"
    FRUIT = "fruit"
    BIOMEDICINE = "biomedicine"
    FORESTRY = "forestry"
    GREEN_ENERGY = "green_energy"
    OTHER = "other"


class WorkerCategory(StrEnum):
    """How a person works; drives audiences and, later, exemptions in legal aid."""

    EMPLOYEE = "employee"
    MIGRANT = "migrant"
    DISPATCHED = "dispatched"
    TRUCK_DRIVER = "truck_driver"
    COURIER = "courier"
    SECURITY_GUARD = "security_guard"
    DELIVERY_RIDER = "delivery_rider"
    OTHER = "other"
