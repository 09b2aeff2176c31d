"""Templates of subscribe messages: what our WeChat account has for which purpose, and how its fields are filled.

They stand in a file of TOML (setting WECHAT_TEMPLATES), for ids and keys differ from account to account. A field's text
may hold `{text}` (the topic's words), `{time}` and `{date}` (of the notice, in Pu'er); nothing else, so that no
message can carry anything of a case or a person.
"""

import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from service.core import clock, configuration
from service.messaging.enums import Purpose
from service.messaging.errors import TemplatesWrong
from service.messaging.topics import MOMENTS, TOPICS
from service.wechat.subscribe_fields import wrong_fields

PLACES = frozenset({"text", "time", "date"})
STATES = ("formal", "trial", "developer")
MOST_AT_ONCE = 5
SAMPLE = datetime(2026, 12, 31, 23, 59, tzinfo=clock.SHANGHAI)


@dataclass(frozen=True, slots=True)
class Template:
    """One template: `fields` is {key: text with places}."""

    template_id: str
    title: str
    fields: Mapping[str, str]
    is_long_term: bool = False

    def filled(self, text: str, at: datetime) -> dict[str, str]:
        """The fields with their places filled."""
        local = clock.local(at)
        day = f"{local.year}年{local.month}月{local.day}日"
        places = {"text": text, "date": day, "time": f"{day} {local:%H:%M}"}
        return {key: value.format_map(places) for key, value in self.fields.items()}


@dataclass(frozen=True, slots=True)
class Templates:
    """All of them, by purpose; the page a tap opens, and the mini-program's version it opens in."""

    by_purpose: Mapping[Purpose, Template] = field(default_factory=dict)
    page: str = ""
    state: str = "formal"

    def for_topic(self, name: str) -> Template | None:
        """The template that tells of a topic; None where the phone is not told."""
        known = TOPICS.get(name)
        return self.by_purpose.get(known.purpose) if known and known.purpose else None

    def page_for(self, link: str | None) -> str | None:
        """The page that opens on a tap, which goes on to the link inside the app."""
        return f"{self.page}?to={quote(link, safe='')}" if self.page and link else self.page or None


NONE = Templates()


def current() -> Templates:
    """The templates of the configuration in force; none where there is no file. Raises TemplatesWrong."""
    path = configuration.current().wechat_templates
    return read(Path(path)) if path else NONE


@cache
def read(path: Path) -> Templates:
    """The templates in a file. Raises TemplatesWrong."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TemplatesWrong(f"{path}: {error}") from error
    return of(raw)


def of(raw: Mapping[str, Any]) -> Templates:
    """The templates in what a TOML file says. Raises TemplatesWrong."""
    settings = {name: value for name, value in raw.items() if not isinstance(value, dict)}
    problems = [f"{name}: not known" for name in settings.keys() - {"page", "state"}]
    found: dict[Purpose, Template] = {}
    for name, value in raw.items():
        if not isinstance(value, dict):
            continue
        if name not in list(Purpose):
            problems.append(f"{name}: not one of {', '.join(Purpose)}")
            continue
        template = _template(value)
        problems += [f"{name}: {problem}" for problem in _problems(Purpose(name), template)]
        found[Purpose(name)] = template
    if settings.get("state", "formal") not in STATES:
        problems.append(f"state: one of {', '.join(STATES)}")
    problems += _problems_of_moments(found)
    if problems:
        raise TemplatesWrong("; ".join(sorted(problems)))
    return Templates(found, str(settings.get("page", "")), str(settings.get("state", "formal")))


def _template(value: Mapping[str, Any]) -> Template:
    return Template(
        template_id=str(value.get("template_id", "")),
        title=str(value.get("title", "")),
        fields={str(key): str(text) for key, text in dict(value.get("fields", {})).items()},
        is_long_term=bool(value.get("long_term", False)),
    )


def _problems(purpose: Purpose, template: Template) -> list[str]:
    """What is wrong with one, tried with every text it will ever carry (docs/rules.md `wechat.subscribe_fields`)."""
    if not (template.template_id and template.title and template.fields):
        return ["template_id, title and fields are needed"]
    problems = []
    for key, text in template.fields.items():
        try:
            places = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
        except ValueError:
            places = {text}
        problems += [f"{key}: {{{place}}} is not one of {sorted(PLACES)}" for place in sorted(places - PLACES)]
    if problems:
        return problems
    said = {
        f"{key}: {problem} with {topic.text}"
        for topic in TOPICS.values()
        if topic.purpose is purpose
        for key, problem in wrong_fields(template.filled(topic.text, SAMPLE)).items()
    }
    return sorted(said)


def _problems_of_moments(found: Mapping[Purpose, Template]) -> list[str]:
    problems = []
    for moment, purposes in MOMENTS.items():
        asked = [found[purpose] for purpose in purposes if purpose in found]
        if len({template.title for template in asked}) < len(asked):
            problems.append(f"asked for together at {moment}: titles must differ")
        if len({template.is_long_term for template in asked}) > 1:
            problems.append(f"asked for together at {moment}: one-time and long-term do not mix")
        if len(asked) > MOST_AT_ONCE:
            problems.append(f"asked for together at {moment}: at most {MOST_AT_ONCE}")
    return problems
