"""What WeChat may refuse, by its own codes (docs/rules.md `wechat.errors`)."""

from service.core.errors import Conflict, Forbidden, Invalid, Unauthenticated, Unavailable


class LoginCodeInvalid(Unauthenticated):
    """The code of wx.login is unknown, older than five minutes or used: the client calls wx.login once more."""

    code = "auth.wechat_code_invalid"
    message = "微信登录已失效，请重新登录"
    next_step = "请重新打开小程序再登录"


class LoginBlocked(Forbidden):
    """WeChat holds the user for a risk."""

    code = "auth.wechat_blocked"
    message = "微信判定该账号存在风险，暂时不能登录"
    next_step = "请在微信里解除限制，或联系所在工会"


class EncryptedDataStale(Unauthenticated):
    """Sealed data of the mini-program does not open: it was made under another session_key, or for another app."""

    code = "auth.wechat_data_stale"
    message = "微信授权信息已失效，请重新授权"
    next_step = "请重新登录后再点一次授权按钮"


class SnapshotUser(Forbidden):
    """Somebody looking at a page in WeChat's preview mode: not a real account."""

    code = "auth.wechat_preview"
    message = "当前是预览模式，还不能登录"
    next_step = "请点页面右下角的“使用完整服务”"


class PhoneCodeInvalid(Invalid):
    """The code of the phone button is unknown, too old, used, or another app's: tap the button again."""

    code = "wechat.phone_code_invalid"
    message = "手机号授权已失效，请重新点按钮授权"
    next_step = "请再点一次“微信手机号”按钮"


class UserRefused(Conflict):
    """The person never subscribed to this template, used the subscription up, or cancelled it: nothing unusual."""

    code = "wechat.user_refused"
    message = "对方没有订阅这类微信消息"


class TemplateBad(Invalid):
    """The template, or the page a message or code leads to, is not one of ours: a fault of the configuration."""

    code = "wechat.template_bad"
    message = "微信消息模板或页面没有配置好"


class ArgumentBad(Invalid):
    """Something in the request is not as WeChat wants it; `details` names the field where that is known."""

    code = "wechat.argument_bad"
    message = "发给微信的内容不符合要求"


class ContentVisitExpired(Conflict):
    """The text cannot be checked: its author has not been in the mini-program for two hours."""

    code = "wechat.visit_expired"
    message = "内容暂时无法检查，请重新打开小程序再提交"


class WeChatBusy(Unavailable):
    """WeChat's limit of a minute is reached, or as many calls are under way as we allow. Nothing was done."""

    code = "wechat.busy"
    message = "现在使用的人太多，请稍后再试"


class WeChatDayLimit(WeChatBusy):
    """WeChat's limit of a day is reached: there is no sense in trying before tomorrow."""

    code = "wechat.day_limit"
    message = "今天的微信调用次数已用完，请明天再试"


class WeChatUnavailable(Unavailable):
    """No answer, or none that makes sense."""

    code = "wechat.unavailable"
    message = "暂时连不上微信，请稍后再试"


class WeChatUnclear(WeChatUnavailable):
    """The request went out and no answer came: it may or may not have been done, so it is not sent again."""

    code = "wechat.unclear"
    message = "微信没有回应，不确定是否已完成"


class TokenRefused(WeChatUnavailable):
    """WeChat refuses our access token, and the one fetched in its place. Nothing was done."""

    code = "wechat.token_refused"


class WeChatMisconfigured(Unavailable):
    """Our appid, secret, address list or abilities are wrong: an operator must look."""

    code = "wechat.misconfigured"
    message = "微信服务暂时不可用，我们正在处理"


class PushRefused(Forbidden):
    """A message push that is not WeChat's: wrong signature, old, replayed, or not to be read."""

    code = "wechat.push_refused"
    message = "消息来源无法确认"
