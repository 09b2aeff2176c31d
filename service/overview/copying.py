"""Preparing the copy a person asked for: a zip with everything as JSON, and as a page to read."""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any
from uuid import UUID

from service.core import clock
from service.core.access import Actor
from service.files import shelf
from service.identity import copies
from service.identity.enums import CopyState
from service.overview import collecting, retention
from service.overview.collecting import Chapter
from service.overview.my_data import GROUNDS

JSON_NAME, PAGE_NAME = "data.json", "我的个人信息.html"
STYLE = (
    "body{font:16px/1.6 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}"
    "table{border-collapse:collapse;width:100%}th,td{border:1px solid #ccc;padding:.3em .5em;text-align:left}"
    "p{color:#555}"
)


def prepare(payload: Mapping[str, Any]) -> None:
    """Make the file, put it on the shelf, say that it is there. The outbox's outward handler."""
    copy_id = UUID(hex=payload["copy_id"])
    row = copies.prepared(copy_id)
    if row.state != CopyState.PREPARING:
        return
    content = packed(row.person_id)
    shelf.keep(copies.SHELF, copy_id, content)
    copies.finish(copy_id, len(content))


def discard(payload: Mapping[str, Any]) -> None:
    """Take a copy whose days are over off the shelf. The outbox's outward handler."""
    copies.discard(UUID(hex=payload["copy_id"]))


@dataclass(frozen=True, slots=True)
class Download:
    """A file to be handed out: its Chinese name, its media type and its bytes."""

    name: str
    media_type: str
    content: bytes


def download(actor: Actor, copy_id: UUID) -> Download:
    """The actor's own copy. Raises CopyUnknown, CopyNotReady."""
    return Download("我的个人信息.zip", "application/zip", copies.content(actor=actor, copy_id=copy_id))


def packed(person_id: int) -> bytes:
    """The zip: `data.json` and a page in Chinese. Raises SealBroken."""
    chapters = list(collecting.everything(person_id))
    done = collecting.deeds(person_id)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(JSON_NAME, json.dumps(_plain(person_id, chapters, done), ensure_ascii=False, indent=1))
        file.writestr(PAGE_NAME, _page(chapters, done))
    return written.getvalue()


def _plain(person_id: int, chapters: list[Chapter], done: int) -> dict[str, Any]:
    return {
        "person_id": person_id,
        "made_at": clock.local(clock.now()).isoformat(timespec="seconds"),
        "tables": {
            each.holding.table: {
                "title": each.holding.title,
                "ground": GROUNDS[each.holding.category],
                "kept": retention.BY_CODE[each.holding.retention].kept(),
                "count": each.count,
                "rows": [dict(zip(each.headings, row, strict=True)) for row in each.rows],
            }
            for each in chapters
        },
        "records_of_others_handled": done,
    }


def _page(chapters: list[Chapter], done: int) -> str:
    made = clock.local(clock.now())
    parts = [
        "<!doctype html><html lang='zh-CN'><meta charset='utf-8'><title>我的个人信息</title>",
        f"<style>{STYLE}</style><h1>我的个人信息</h1><p>生成于 {made:%Y-%m-%d %H:%M}</p>",
        *(_chapter(each) for each in chapters),
        f"<h2>经办记录</h2><p>您作为工作人员经手的他人或班次记录：{done} 条（内容属于他人，不在此列出）。</p></html>",
    ]
    return "\n".join(parts)


def _chapter(chapter: Chapter) -> str:
    kept = retention.BY_CODE[chapter.holding.retention].kept()
    ground = GROUNDS[chapter.holding.category]
    head = (
        f"<h2>{escape(chapter.holding.title)}（{chapter.count}）</h2>"
        f"<p>依据：{escape(ground)}；保存：{escape(kept)}</p>"
    )
    if not chapter.rows:
        return head
    heading = "".join(f"<th>{escape(each)}</th>" for each in chapter.headings)
    rows = "".join("<tr>" + "".join(f"<td>{_cell(value)}</td>" for value in row) + "</tr>" for row in chapter.rows)
    return f"{head}<table><tr>{heading}</tr>{rows}</table>"


def _cell(value: Any) -> str:
    return "" if value is None else escape(str(value))
