"""The tables of the services: orders, the front desk, letting and selling."""

from shouwen.services.models.agency import HouseReport, HouseReportRow, Mandate, RentDue, Viewing
from shouwen.services.models.frontdesk import Parcel, SupplyHours
from shouwen.services.models.orders import CatalogueItem, Change, Keepsake, Partner, ServiceOrder

__all__ = [
    "CatalogueItem",
    "Change",
    "HouseReport",
    "HouseReportRow",
    "Keepsake",
    "Mandate",
    "Parcel",
    "Partner",
    "RentDue",
    "ServiceOrder",
    "SupplyHours",
    "Viewing",
]
