"""What WeChat may refuse, by its own codes (docs/rules.md `wechat.errors`)."""

from service.core.errors import Forbidden, Unauthenticated, Unavailable


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


class WeChatBusy(Unavailable):
    """WeChat's own limit is reached, or as many calls are under way as we allow."""

    code = "wechat.busy"
    message = "登录的人太多，请稍后再试"


class WeChatUnavailable(Unavailable):
    """No answer, or none that makes sense."""

    code = "wechat.unavailable"
    message = "暂时连不上微信，请稍后再试"


class WeChatMisconfigured(Unavailable):
    """Our appid, secret or address list is wrong: an operator must look."""

    code = "wechat.misconfigured"
    message = "微信登录暂时不可用，我们正在处理"
