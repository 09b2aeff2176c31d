"""Quiet hours, the words on a phone, and the file they come from."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.clock import SHANGHAI, local
from service.messaging import templates, topics
from service.messaging.enums import Purpose
from service.messaging.errors import TemplatesWrong
from service.messaging.quiet_hours import QuietHours
from service.messaging.ticks import tick_at
from service.wechat.sandbox_templates import SANDBOX_TEMPLATES
from tests.engines import ROOT
from tests.guards.source import sources

NIGHT = QuietHours.of("22:00-07:00")
INSTANTS = st.integers(1_577_836_800, 2_051_222_400).map(lambda at: datetime.fromtimestamp(at, UTC))
WALLS = st.times().map(lambda at: f"{at:%H:%M}")


@pytest.mark.parametrize(
    ("at", "released"),
    [
        ("2026-11-22 21:59", "2026-11-22 21:59"),
        ("2026-11-22 22:00", "2026-11-23 07:00"),
        ("2026-11-30 23:30", "2026-12-01 07:00"),
        ("2026-12-31 22:00", "2027-01-01 07:00"),
        ("2028-02-28 23:00", "2028-02-29 07:00"),
        ("2028-02-29 23:00", "2028-03-01 07:00"),
        ("2027-01-01 06:59", "2027-01-01 07:00"),
        ("2027-01-01 07:00", "2027-01-01 07:00"),
        # The days on which clocks elsewhere change: Pu'er has no summer time.
        ("2026-03-29 06:30", "2026-03-29 07:00"),
        ("2026-10-25 23:30", "2026-10-26 07:00"),
    ],
)
def test_a_quiet_phone_rings_at_the_end_of_the_night_in_puer(at: str, released: str) -> None:
    instant = datetime.fromisoformat(at).replace(tzinfo=SHANGHAI).astimezone(UTC)
    assert NIGHT.release(instant) == datetime.fromisoformat(released).replace(tzinfo=SHANGHAI)
    assert NIGHT.release(instant).tzinfo is UTC


@given(at=INSTANTS, begins=WALLS, ends=WALLS)
def test_what_is_released_is_not_quiet_and_waits_less_than_a_day(at: datetime, begins: str, ends: str) -> None:
    quiet = QuietHours.of(f"{begins}-{ends}")
    released = quiet.release(at)
    assert timedelta(0) <= released - at < timedelta(days=1)
    assert quiet.release(released) == released
    if released != at:
        assert f"{local(released):%H:%M:%S}" == f"{ends}:00"


def test_quiet_hours_within_a_day_and_none_at_all() -> None:
    noon = datetime(2026, 11, 22, 12, 30, tzinfo=SHANGHAI)
    assert QuietHours.of("12:00-14:00").release(noon) == noon.replace(hour=14, minute=0)
    assert QuietHours.of("00:00-00:00").release(noon) == noon


@pytest.mark.parametrize("text", ["", "22-07", "24:00-07:00", "22:00-07:60", "22:00 - 07:00"])
def test_quiet_hours_have_one_form(text: str) -> None:
    with pytest.raises(ValueError, match="22:00-07:00"):
        QuietHours.of(text)


@given(at=INSTANTS, every=st.sampled_from([5, 60, 3600, 86_400]))
def test_every_instant_lies_in_one_tick_whatever_the_clock_on_the_wall(at: datetime, every: int) -> None:
    number = tick_at(every, at)
    assert tick_at(every, at.astimezone(SHANGHAI)) == number
    assert tick_at(every, at + timedelta(seconds=every)) == number + 1


def test_no_tick_is_left_out_or_doubled_at_the_end_of_a_month() -> None:
    start = datetime(2026, 11, 30, 23, 0, tzinfo=SHANGHAI)
    hours = [tick_at(3600, start + timedelta(hours=hour)) for hour in range(30)]
    assert hours == list(range(hours[0], hours[0] + 30))


def raw(**changed: Any) -> dict[str, Any]:
    """A file with one template."""
    one = {"template_id": "t1", "title": "报名结果通知", "fields": {"thing1": "工会报名", "thing2": "{text}"}}
    return {"page": "pages/index/index", "booking": one | changed}


def test_the_file_for_the_sandbox_names_the_sandboxs_templates() -> None:
    found = templates.read(ROOT / "config" / "templates.toml")
    assert set(found.by_purpose) == set(Purpose)
    for template in found.by_purpose.values():
        real = SANDBOX_TEMPLATES[template.template_id]
        assert (template.title, set(template.fields)) == (real.title, set(real.fields))
        assert template.is_long_term == real.is_long_term


def test_fields_are_filled_with_words_and_times_alone() -> None:
    template = templates.of(raw(fields={"thing1": "{text}", "time2": "{time}", "date3": "{date}"})).by_purpose[
        Purpose.BOOKING
    ]
    assert template.filled("您的报名有新进展", datetime(2026, 11, 22, 16, 5, tzinfo=UTC)) == {
        "thing1": "您的报名有新进展", "time2": "2026年11月23日 00:05", "date3": "2026年11月23日",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (raw(template_id=""), "template_id, title and fields"),
        (raw(fields={"thing1": "{name}"}), "{name} is not one of"),
        (raw(fields={"thing1": "{"}), "is not one of"),
        (raw(fields={"thing1": "一" * 21}), "too_long"),
        (raw(fields={"phrase1": "{text}"}), "too_long"),
        (raw(fields={"colour1": "红"}), "unknown_type"),
        ({"case": {}}, "case: not one of"),
        ({"state": "beta"}, "state: one of"),
        ({"pages": "x"}, "pages: not known"),
        (raw() | {"announcement": raw()["booking"]}, "titles must differ"),
        (raw() | {"announcement": raw(title="x", long_term=True)["booking"]}, "do not mix"),
    ],
)
def test_a_wrong_file_is_refused_and_says_why(file: dict[str, Any], said: str) -> None:
    with pytest.raises(TemplatesWrong, match=re.escape(said)):
        templates.of(file)


def test_no_more_is_asked_for_at_once_than_wechat_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(templates, "MOST_AT_ONCE", 1)
    with pytest.raises(TemplatesWrong, match="at inbox: at most 1"):
        templates.of(raw() | {"announcement": raw(title="x")["booking"]})


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(TemplatesWrong) as told:
        templates.of({"state": "beta", "case": {}} | raw(title=""))
    assert str(told.value).count(";") == 2
    broken = tmp_path / "templates.toml"
    broken.write_text("[booking")
    for path in (broken, tmp_path / "none.toml"):
        with pytest.raises(TemplatesWrong):
            templates.read(path)


def test_a_tap_opens_the_page_and_goes_on_to_the_link() -> None:
    ours = templates.of(raw())
    assert ours.page_for("/classes/7") == "pages/index/index?to=%2Fclasses%2F7"
    assert ours.page_for(None) == "pages/index/index"
    assert templates.NONE.page_for("/classes/7") is None
    assert templates.NONE.for_topic("booking") is None


def test_topics_fit_a_locked_screen() -> None:
    for topic in topics.TOPICS.values():
        assert (topic.purpose is None) == (not topic.text)
        assert len(topic.text) <= 20


NOTICE_KEY = re.compile(r"outbox\.notice\(\s*[\w.]+,\s*f?\"([a-z_]+):", re.DOTALL)


def test_every_notice_with_a_key_in_sight_has_a_topic() -> None:
    named = {key for source in sources("service") for key in NOTICE_KEY.findall(source.text)}
    assert named
    assert named <= set(topics.TOPICS)
