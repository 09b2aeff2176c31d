"""Formulas, templates and markup typed into names and texts come out of workbooks, documents and pages as typed.

Over HTTP, through legal aid's doors: every template of a case and of a letter, filled from what was typed,
and the exported list with such names in it. What is printed of training is walked by its tests. The control: a server
whose templates and workbooks believe what was typed.
"""

import io
import zipfile
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
from docx import Document

from service.core.db import db
from service.identity.models import Person
from service.organisations.models import UnionNode
from tests import make_legal_aid as aid
from tests.bench.stage import stage
from tests.drills import aid_unguarded
from tests.drills.case_planting import DESK, FILES, OWN, TIP_DESK, TIPS, Planting
from tests.drills.case_words import LIMITS
from tests.drills.scene import Verdict, control
from tests.drills.walked import Walk, walk

TYPED = (
    "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1+1)", '=HYPERLINK("http://x","看")', "{{7*7}}", "{{ number }}",
    "{% for x in y %}", "{# 说明 #}", "{{ ''.__class__ }}", "#import os", "#strong[x]", "${7*7}", "<b>甲</b> & \"乙\"",
    "</w:t></w:r><w:br/>", "&lt;甲&gt;", "]]>", "http://example.com/a",
)  # fmt: skip
HARMFUL = ("fldSimple", "instrText", "hyperlink", "object", "altChunk", "attachedTemplate")
WALK = Walk(
    tests=(
        "tests/service/training/test_exports.py", "tests/service/files/test_workbook.py",
        "tests/service/legal_aid/test_documents.py",
    ),
    guards={},
)  # fmt: skip


def run(engine: str) -> dict[str, Any]:
    """How many documents and cells were looked at, and that a server that believes what was typed is noticed."""
    verdict = Verdict()
    with stage(engine, own_postgres=True, **LIMITS) as made:
        planting = Planting(made)
        name_everybody(planting)
        made.server.start("web")
        through_the_doors(verdict, planting)
        aid_unguarded.start(made, "templates")
        with control(verdict, "believed", lambda: is_believed(planting)):
            pass
    walked = walk(engine, WALK)
    verdict.figures["tests"] = walked["figures"]["tests"]
    verdict.expect(walked["ok"], f"walked tests: {walked['figures'].get('faults')}")
    return verdict.outcome()


def name_everybody(planting: Planting) -> None:
    """Handlers and the union are called what nobody should be called."""
    with planting.made.app.app_context():
        for name, typed in (("handler", TYPED[0]), ("supervisor", TYPED[5]), ("worker 0", TYPED[13])):
            db.session.get_one(Person, planting.ids[name]).name = typed
        db.session.get_one(UnionNode, planting.node_id).name = TYPED[4]
        db.session.commit()
        db.session.remove()


def through_the_doors(verdict: Verdict, planting: Planting) -> None:
    """A case a payload, its documents, a letter, the list."""
    for number, typed in enumerate(TYPED):
        case_documents(verdict, planting, f"worker {number % 3}", typed)
        letter(verdict, planting, typed)
    exported(verdict, planting)
    verdict.figures["typed"] = len(TYPED)


def case_documents(verdict: Verdict, planting: Planting, worker: str, typed: str) -> None:
    """The request and the authorisation by the worker, the office's own, from one case; then it is withdrawn."""
    case = planting.send(worker, "POST", OWN, json={"matter": "wages", "answers": {}})
    own, at = f"{OWN}/{case['id']}", f"{DESK}/{case['id']}"
    steps: dict[str, dict[str, Any]] = {
        "matter": {"matter": "wages", "reason": f"前{typed}后", "claims": typed},
        "person": {"name": typed, "phone": typed[:20].strip(), "address": typed, "worker_category": "migrant"},
        "employer": {"employer_name": typed, "employer_address": typed},
    }
    for step, part in steps.items():
        case = planting.send(worker, "PUT", f"{own}/{step}", json=part | {"version": case["version"]})
    case = planting.send(worker, "POST", f"{own}/submit", json={"version": case["version"]})
    made = [planting.send(worker, "POST", f"{own}/documents", json={"kind": "arbitration_request"})]
    told = {"papers": ["wages"], "note": typed, "version": case["version"]}
    case = planting.send("intake", "POST", f"{at}/missing", json=told)
    made.append(planting.send("intake", "POST", f"{at}/documents", json={"kind": "supplement_notice"}))
    case = planting.send(worker, "POST", f"{own}/supplement")
    decided = {"articles": list(aid.ARTICLES), "reason": typed, "version": case["version"]}
    case = planting.send("intake", "POST", f"{at}/grant", json=decided)
    made.append(planting.send("intake", "POST", f"{at}/documents", json={"kind": "grant"}))
    to = {"version": case["version"], "handler_id": planting.ids["handler"]}
    planting.send("intake", "POST", f"{at}/assign", json=to)
    made.append(planting.send("handler", "POST", f"{at}/documents", json={"kind": "authorisation"}))
    for file in made:
        judge(verdict, planting.ask(worker, "GET", f"{FILES}/{file['id']}").content, typed)


def letter(verdict: Verdict, planting: Planting, typed: str) -> None:
    """A 提示函 full of it."""
    told = {"matter": "wages", "employer_name": typed, "words": typed, "node_id": planting.node_id}
    tip = planting.send("worker 1", "POST", TIPS, json=told)
    at = f"{TIP_DESK}/{tip['id']}"
    tip = planting.send("committee", "POST", f"{at}/check", json={"version": tip["version"]})
    said = dict.fromkeys(("addressee", "facts", "ground", "demands"), typed)
    order = said | {"kind": "hint", "version": tip["version"]}
    made = planting.send("committee", "POST", f"{at}/letters", json=order)
    content = planting.ask("committee", "GET", f"{TIP_DESK}/letters/{made['id']}/document").content
    judge(verdict, content, typed, least=4)


def judge(verdict: Verdict, content: bytes, typed: str, least: int = 1) -> None:
    """A document holds what was typed, as text, and nothing that does something."""
    verdict.figures["documents"] = verdict.figures.get("documents", 0) + 1
    try:
        text = "\n".join(each.text for each in Document(io.BytesIO(content)).paragraphs)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            tags = {each.tag for each in ET.fromstring(archive.read("word/document.xml")).iter()}
            links = [archive.read(name) for name in archive.namelist() if name.endswith(".rels")]
    except (ValueError, KeyError, zipfile.BadZipFile, SyntaxError) as error:
        verdict.faults.append(f"{typed!r} broke a document: {type(error).__name__}")
        return
    verdict.expect(text.count(typed) >= least, f"{typed!r} is not as typed")
    verdict.expect("49" not in text.replace(typed, "") or typed != "{{7*7}}", f"{typed!r} was reckoned")
    harm = [each for each in HARMFUL if any(tag.endswith(f"}}{each}") for tag in tags)]
    verdict.expect(not harm, f"{typed!r} became {harm}")
    verdict.expect(not any(b'TargetMode="External"' in each for each in links), f"{typed!r} became a link")


def exported(verdict: Verdict, planting: Planting) -> None:
    """The list with such a handler and such a union."""
    content = planting.ask("supervisor", "GET", f"{DESK}.xlsx").content
    cells = [
        cell
        for page in openpyxl.load_workbook(io.BytesIO(content))
        for row in page.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    values = {cell.value for cell in cells if cell.data_type == "s"}
    verdict.figures["cells"] = len(cells)
    verdict.expect({TYPED[0], TYPED[4]} <= values, "names are not as typed in the list")
    verdict.expect({cell.data_type for cell in cells} <= {"s", "n", "d"}, "a formula in the list")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist())
    verdict.expect(b"<f>" not in whole and b"<hyperlink" not in whole, "a formula or link in the list")


def is_believed(planting: Planting) -> bool:
    """The guard off: markup breaks a document, a name becomes a formula."""
    verdict = Verdict()
    for typed in (TYPED[5], TYPED[13], TYPED[14]):
        answer = planting.ask("worker 3", "POST", OWN, json={"matter": "wages", "answers": {}})
        own = f"{OWN}/{answer.json()['id']}"
        version = planting.send("worker 3", "GET", own)["case"]["version"]
        part = {"matter": "wages", "reason": typed, "claims": typed, "version": version}
        planting.send("worker 3", "PUT", f"{own}/matter", json=part)
        made = planting.ask("worker 3", "POST", f"{own}/documents", json={"kind": "arbitration_request"})
        if not made.ok:
            verdict.faults.append(f"{typed!r} broke the making of a document")
        else:
            judge(verdict, planting.ask("worker 3", "GET", f"{FILES}/{made.json()['id']}").content, typed)
    documents = len(verdict.faults)
    exported(verdict, planting)
    return documents > 0 and "a formula in the list" in verdict.faults
