"""Importing the union tree and its workers from workbooks."""

import functools
from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response, request
from flask_smorest import Blueprint

from blueprints.answers import WORKBOOK, workbook_response
from blueprints.auth import current_actor
from blueprints.keyed import keyed
from blueprints.refusals import refuses
from schemas.fields import Paging
from schemas.imports import (
    AcceptImport,
    FindingPage,
    ImportPage,
    ImportView,
    ListFindings,
    UploadImport,
)
from service.core.lifecycle import WrongState
from service.core.pages import Page
from service.files.errors import NotAWorkbook, WorkbookTooLarge
from service.unions import imports, sheets
from service.unions.enums import ImportKind
from service.unions.errors import BadRows, ImportUnknown, NodeNotInScope, NothingToImport
from service.unions.import_models import Import, ImportFinding

bp = Blueprint("staff_imports", __name__, url_prefix="/staff/imports", description="表格导入")


def whole_body(view: Callable[..., Any]) -> Callable[..., Any]:
    """Keep the body before the form is parsed out of it, so that an Idempotency-Key is bound to the file too."""

    @functools.wraps(view)
    def run(*args: Any, **kwargs: Any) -> Any:
        request.get_data(cache=True)
        return view(*args, **kwargs)

    return run


@bp.post("")
@whole_body
@refuses(NotAWorkbook, WorkbookTooLarge, NodeNotInScope)
@bp.arguments(UploadImport, location="form", content_type="multipart/form-data")
@bp.response(202, ImportView)
@keyed(ImportView, 202)
def upload_import(form: dict[str, Any]) -> Import:
    """Upload an .xlsx; it is checked in the background, and nothing is written before it is accepted."""
    file = form["file"]
    return imports.upload(
        current_actor(), kind=form["kind"], node_id=form["node"], file_name=file.filename, content=file.read()
    )


@bp.get("")
@bp.arguments(Paging, location="query")
@bp.response(200, ImportPage)
def list_imports(query: dict[str, Any]) -> Page[Import]:
    """The imports in the caller's scope, newest first."""
    return imports.listed(current_actor(), page=query["page"], per_page=query["per_page"])


@bp.get("/<uuid:import_id>")
@refuses(ImportUnknown)
@bp.response(200, ImportView)
def get_import(import_id: UUID) -> Import:
    """One import and how far it has come."""
    return imports.for_actor(current_actor(), import_id)


@bp.get("/<uuid:import_id>/findings")
@refuses(ImportUnknown)
@bp.arguments(ListFindings, location="query")
@bp.response(200, FindingPage)
def list_findings(query: dict[str, Any], import_id: UUID) -> Page[ImportFinding]:
    """Every bad cell of the sheet, or what will change, line by line."""
    return imports.findings(current_actor(), import_id, **query)


@bp.get("/<uuid:import_id>/problems.xlsx")
@refuses(ImportUnknown)
@bp.response(200, content_type=WORKBOOK)
def download_problems(import_id: UUID) -> Response:
    """Every bad cell as a workbook."""
    return workbook_response(imports.problems_workbook(current_actor(), import_id), "错误的行.xlsx")


@bp.post("/<uuid:import_id>/accept")
@refuses(ImportUnknown, WrongState, BadRows, NothingToImport)
@bp.arguments(AcceptImport)
@bp.response(202, ImportView)
@keyed(ImportView, 202)
def accept_import(order: dict[str, Any], import_id: UUID) -> Import:
    """Write the import into the register, in the background; bad rows are skipped only where that is said."""
    return imports.accept(current_actor(), import_id, skip_bad_rows=order["skip_bad_rows"])


@bp.post("/<uuid:import_id>/discard")
@refuses(ImportUnknown, WrongState)
@bp.response(200, ImportView)
@keyed(ImportView)
def discard_import(import_id: UUID) -> Import:
    """Give the import up; its file is removed."""
    return imports.discard(current_actor(), import_id)


@bp.get("/template/<any(union_nodes, workers):kind>.xlsx")
@bp.response(200, content_type=WORKBOOK)
def download_template(kind: str) -> Response:
    """An empty workbook with the headings and one example."""
    return workbook_response(sheets.template(ImportKind(kind)), f"{kind}.xlsx")
