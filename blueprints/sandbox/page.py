"""The sandbox's page: the phones, and buttons for what can go wrong. Plain HTML: no script, nothing from elsewhere."""

from collections.abc import Iterable
from datetime import datetime
from html import escape
from pathlib import Path

from flask import Response

from blueprints.sandbox.faults import EVERYWHERE, KINDS
from blueprints.sandbox.push_sender import FORMATS, MODES
from blueprints.sandbox.state import Sandbox, box
from service.core.clock import SHANGHAI

POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
STYLE = Path(__file__).with_name("page.css")
PATHS = (
    EVERYWHERE,
    "/sns/jscode2session",
    "/cgi-bin/stable_token",
    "/wxa/business/getuserphonenumber",
    "/cgi-bin/message/subscribe/send",
    "/wxa/msg_sec_check",
    "/wxa/media_check_async",
    "/wxa/getwxacodeunlimit",
    "/sns/oauth2/access_token",
)
FAULTS = {
    "-1": "系统繁忙（-1）",
    "45009": "当天次数用完（45009）",
    "45011": "每分钟次数用完（45011）",
    "40001": "凭证失效（40001）",
    "40164": "IP 不在白名单（40164）",
    "timeout": "不回应",
    "late": "做了但回应太晚",
    "cut": "断开连接",
    "502": "网关错误页（502）",
    "slow": "一个字节一个字节地回",
}
SWITCHES = {
    "is_strict": "严格检查 JSON 编码",
    "gives_unionid": "返回 unionid",
    "is_snapshot": "网页里是预览用户",
    "country_code_as_number": "国家码用数字",
    "label_as_text": "风险标签用文字",
    "checks_pages": "检查页面是否已发布",
}


def show_page() -> Response:
    """Everything on one page."""
    wechat = box()
    parts = [part(wechat) for part in (_phones, _subscribe, _visitor, _clock, _faults, _switches, _pushes)]
    body = "".join(f"<section>{part}</section>" for part in parts)
    page = (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>微信沙箱</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="stylesheet" href="/sandbox/page.css"></head><body><h1>微信沙箱</h1>{body}</body></html>'
    )
    return Response(
        page, mimetype="text/html", headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
    )


def show_style() -> Response:
    """The page's style."""
    return Response(STYLE.read_bytes(), mimetype="text/css")


def _phones(wechat: Sandbox) -> str:
    cards = [
        f"<article><h3>{escape(each.persona)}　{escape(each.title)}</h3><p>{_time(each.at)}</p><dl>"
        + "".join(f"<dt>{escape(label)}</dt><dd>{escape(text)}</dd>" for label, text in each.fields.items())
        + f"</dl><p>打开：{escape(each.page) or '（无）'}</p></article>"
        for each in list(wechat.mailbox.received)[:50]
    ]
    return "<h2>手机收到的消息</h2>" + ("".join(cards) or "<p>还没有消息。</p>")


def _subscribe(wechat: Sandbox) -> str:
    templates = _options((each.template_id, each.title) for each in wechat.templates.values())
    answers = _options((("accept", "允许"), ("reject", "拒绝")))
    names = {each.template_id: each.title for each in wechat.templates.values()}
    left = [
        f"<li>{escape(wechat.people.of(row['openid']) or row['openid'])}：{escape(names[row['template_id']])}，"
        f"{'长期' if row['credits'] < 0 else str(row['credits']) + '次'}</li>"
        for row in wechat.mailbox.credited()
    ]
    return (
        "<h2>订阅消息</h2>"
        + _form(
            "/sandbox/wx/subscribe",
            f"{_who()}<select name=template_ids>{templates}</select><select name=answer>{answers}</select>",
            "点订阅",
        )
        + f"<ul>{''.join(left)}</ul>"
    )


def _visitor(wechat: Sandbox) -> str:
    shown = f"<h2>网页登录</h2><p>打开网页的是 {escape(wechat.page_persona)}</p>"
    return shown + _form("/sandbox/wx/page", _who(), "换人")


def _clock(wechat: Sandbox) -> str:
    steps = _options((("60", "1分钟"), ("301", "5分钟多"), ("7200", "2小时"), ("86400", "1天")))
    shown = f"<h2>时钟</h2><p>{_time(wechat.clock.now())}，比真实时间快 {int(wechat.clock.ahead_s)} 秒</p>"
    return shown + _form("/sandbox/clock", f"<select name=seconds>{steps}</select>", "拨快")


def _faults(wechat: Sandbox) -> str:
    standing = [
        f"<li>{escape(str(each['path']))}：{FAULTS.get(str(each['kind']), '')}，{each['times'] or '一直'}</li>"
        for each in wechat.faults.standing()
    ]
    paths = _options((path, "全部接口" if path == EVERYWHERE else path) for path in PATHS)
    kinds = _options((kind, FAULTS[kind]) for kind in KINDS)
    choice = f"<select name=path>{paths}</select><select name=kind>{kinds}</select>"
    times = '<label>次数<input name=times type=number min=1 placeholder="一直"></label>'
    clear = _form("/sandbox/faults/clear", "<input type=hidden name=all value=1>", "全部恢复")
    return f"<h2>故障</h2><ul>{''.join(standing)}</ul>" + _form("/sandbox/faults", choice + times, "打开") + clear


def _switches(wechat: Sandbox) -> str:
    rows = []
    for name, label in SWITCHES.items():
        is_on = wechat.switches[name]
        hidden = f"<input type=hidden name={name} value={'off' if is_on else 'on'}>"
        rows.append(_form("/sandbox/switches", f"<span>{label}：{'开' if is_on else '关'}</span>{hidden}", "切换"))
    return "<h2>开关</h2>" + "".join(rows)


def _pushes(wechat: Sandbox) -> str:
    options = wechat.push.options
    modes = _options(((each, each) for each in MODES), options.mode)
    formats = _options(((each, each) for each in FORMATS), options.format)
    rows = [
        f"<li>{escape(each.event)}：{each.statuses}，{'已收下' if each.is_taken else '未收下'}</li>"
        for each in list(wechat.push.deliveries)[:20]
    ]
    choice = f"<select name=mode>{modes}</select><select name=format>{formats}</select>"
    return f"<h2>消息推送</h2><ul>{''.join(rows)}</ul>" + _form("/sandbox/push/options", choice, "设置")


def _who() -> str:
    return "<label>谁<input name=persona value=worker-0001 required pattern='[a-z0-9][a-z0-9\\-]*'></label>"


def _form(action: str, inner: str, button: str) -> str:
    return f'<form method="post" action="{action}">{inner}<button>{button}</button></form>'


def _options(pairs: Iterable[tuple[str, str]], chosen: str = "") -> str:
    return "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(label)}</option>'
        for value, label in pairs
    )


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
