"""The caller's own data: what is held, a copy of it, corrections, the end of the account, who looked."""

from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from blueprints.answers import file_response
from blueprints.auth import current_actor
from blueprints.keyed import keyed
from blueprints.refusals import refuses
from schemas.fields import Paging
from schemas.my_data import (
    AccountClosureView,
    DataCopiesView,
    DataCopyView,
    DataCorrectionsView,
    DataCorrectionView,
    LooksPage,
    MyDataView,
    RequestCorrection,
)
from service.core.pages import Page
from service.identity import closures, copies, corrections
from service.identity import request_errors as refusals
from service.identity.request_models import AccountClosure, DataCopy, DataCorrection
from service.overview import copying, my_data
from service.overview.my_data import Look, MyData

bp = Blueprint("my_data", __name__, url_prefix="/me", description="个人信息：查阅、复制、更正、注销")


@bp.get("/data")
@bp.response(200, MyDataView)
def show_my_data() -> MyData:
    """What is held about the caller, by category, with the legal ground and how long."""
    return my_data.summary(current_actor())


@bp.post("/data/copies")
@bp.response(202, DataCopyView)
@keyed(DataCopyView, 202)
@refuses(refusals.CopyRunning)
def request_copy() -> DataCopy:
    """Ask for a download of everything held about the caller; a message says when it is ready."""
    return copies.request(actor=current_actor())


@bp.get("/data/copies")
@bp.response(200, DataCopiesView)
def list_my_copies() -> dict[str, list[DataCopy]]:
    """The caller's downloads, latest first."""
    return {"items": copies.mine(actor=current_actor())}


@bp.get("/data/copies/<uuid:copy_id>")
@bp.response(200, content_type="application/zip")
@refuses(refusals.CopyUnknown, refusals.CopyNotReady)
def download_copy(copy_id: UUID) -> Response:
    """The download: a zip with everything as JSON, and as a page to read."""
    return file_response(copying.download(current_actor(), copy_id))


@bp.get("/data/corrections")
@bp.response(200, DataCorrectionsView)
def list_my_corrections() -> dict[str, list[DataCorrection]]:
    """The caller's wishes for correction, latest first."""
    return {"items": corrections.mine(actor=current_actor())}


@bp.post("/data/corrections")
@bp.arguments(RequestCorrection)
@bp.response(201, DataCorrectionView)
@keyed(DataCorrectionView, 201)
@refuses(refusals.CorrectionOpen)
def request_correction(order: dict[str, Any]) -> DataCorrection:
    """Ask for a correction of what the caller cannot change; staff of the caller's union decide."""
    return corrections.request(actor=current_actor(), **order)


@bp.get("/data/access-log")
@bp.arguments(Paging, location="query")
@bp.response(200, LooksPage)
def list_looks(query: dict[str, Any]) -> Page[Look]:
    """Who looked at the caller's data: when, in which role, which fields."""
    return my_data.looks(current_actor(), page=query["page"], per_page=query["per_page"])


@bp.post("/account/closure")
@bp.response(202, AccountClosureView)
@keyed(AccountClosureView, 202)
@refuses(refusals.HoldsRoles)
def request_closure() -> AccountClosure:
    """Have the account closed: all sign-ins end at once, everything not kept by law is erased after some days."""
    return closures.request(actor=current_actor())


@bp.get("/account/closure")
@bp.response(200, AccountClosureView)
@refuses(refusals.ClosureUnknown)
def show_closure() -> AccountClosure:
    """The caller's closure that is waiting."""
    return closures.mine(actor=current_actor())


@bp.post("/account/closure/withdraw")
@bp.response(200, AccountClosureView)
@keyed(AccountClosureView)
@refuses(refusals.ClosureUnknown)
def withdraw_closure() -> AccountClosure:
    """Take the closure back."""
    return closures.withdraw(actor=current_actor())
