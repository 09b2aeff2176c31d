"""Refusals of identity."""

from service.core.errors import Conflict, Forbidden, Invalid, NotFound, TooMany, Unauthenticated

AT_THE_UNION = "请带身份证到所在工会窗口办理"


class TokenInvalid(Unauthenticated):
    """The access token is not one of ours: malformed, foreign, altered, or of another kind."""

    code = "auth.token_invalid"
    message = "登录状态无效，请重新登录"


class TokenExpired(Unauthenticated):
    """The access token has run out; the refresh token gives another."""

    code = "auth.token_expired"
    message = "登录已过期，请重新登录"


class SignInEnded(Unauthenticated):
    """The sign-in was ended: signed out, taken over, or the account is disabled."""

    code = "auth.signed_out"
    message = "您已退出登录，请重新登录"


class RefreshRefused(Unauthenticated):
    """The refresh token is unknown, expired or was used before."""

    code = "auth.refresh_refused"
    message = "登录已过期，请重新登录"


class WrongPassword(Unauthenticated):
    """No such account, or another password: the answer does not tell which."""

    code = "auth.wrong_password"
    message = "账号或密码不正确"
    next_step = "请核对后再试，忘记密码请联系管理员重置"


class AccountLocked(Forbidden):
    """Too many wrong passwords in a row; `details.locked_until` says until when."""

    code = "auth.locked"
    message = "密码连续输错太多次，账号已暂时锁定"
    next_step = "请15分钟后再试，忘记密码请联系管理员重置"


class AccountDisabled(Forbidden):
    """The password is right, the account is switched off."""

    code = "auth.disabled"
    message = "该账号已停用"
    next_step = "请联系上级工会管理员"


class PasswordMustChange(Forbidden):
    """The password is one that somebody else has set: nothing but changing it opens."""

    code = "auth.must_change_password"
    message = "请先修改初始密码"
    next_step = "修改密码后即可继续"


class TotpMustEnrol(Forbidden):
    """Staff of this installation need an authenticator, and the account has none yet: nothing but enrolling opens."""

    code = "auth.must_enrol_totp"
    message = "请先绑定动态口令"
    next_step = "用手机验证器扫码绑定后即可继续"


class TotpMissing(Unauthenticated):
    """The password is right, and the account asks for a code of its authenticator as well."""

    code = "auth.totp_missing"
    message = "请输入动态口令"


class TotpWrong(Unauthenticated):
    """The code is wrong, or was used before; a recovery code likewise."""

    code = "auth.totp_wrong"
    message = "动态口令不正确或已用过，请等下一个口令"


class TotpLocked(Forbidden):
    """Too many wrong codes in a row; `details.locked_until` says until when."""

    code = "auth.totp_locked"
    message = "动态口令连续输错太多次，账号已暂时锁定"
    next_step = "请15分钟后再试，手机丢失请用恢复码或联系管理员"


class TotpEnrolled(Conflict):
    """The account has an authenticator already; another takes its place only after the first is taken away."""

    code = "auth.totp_enrolled"
    message = "已绑定动态口令"
    next_step = "更换手机请先解除绑定"


class TotpNotEnrolled(Conflict):
    """There is no authenticator to confirm or take away."""

    code = "auth.totp_not_enrolled"
    message = "还没有绑定动态口令"


class SignInUnknown(NotFound):
    """No such sign-in of the actor's that has not ended."""

    code = "auth.sign_in_unknown"
    message = "没有找到这次登录"


class LoginTaken(Conflict):
    """Another account has this login, or the person already has an account."""

    code = "identity.login_taken"
    message = "该账号名已被使用，或此人已有账号"


class AccountUnknown(NotFound):
    """There is no account with this login."""

    code = "identity.account_unknown"
    message = "没有这个账号"


class PersonUnknown(NotFound):
    """There is no such person, or it lies outside the actor's scope."""

    code = "identity.person_unknown"
    message = "没有找到这个人"


class NotVerified(Forbidden):
    """The WeChat account is not bound to a person of the roster yet."""

    code = "identity.not_verified"
    message = "请先完成身份认证"
    next_step = "在“我的”里填写姓名、身份证号和手机号"


class BindingRefused(Invalid):
    """Name, ID number and phone do not agree with the roster: which of them is not told."""

    code = "identity.binding_refused"
    message = "信息与工会登记不一致"
    next_step = f"请核对姓名、身份证号和手机号；若登记有误，{AT_THE_UNION}"


class AlreadyVerified(Conflict):
    """The person asking is bound already."""

    code = "identity.already_verified"
    message = "您已完成身份认证，无需重复办理"


class NoWeChat(Conflict):
    """The person asking has no WeChat account that could be bound."""

    code = "identity.no_wechat"
    message = "请在微信小程序里办理身份认证"


class BoundElsewhere(Conflict):
    """The person of the roster is bound to another WeChat account."""

    code = "identity.bound_elsewhere"
    message = "该身份已绑定另一个微信号"
    next_step = f"若不是您本人绑定或已更换微信，可提交申诉由工会核实，或{AT_THE_UNION}"


class TooManyTries(TooMany):
    """Too many tries within the hour; `details.retry_after_s` says how long to wait."""

    code = "identity.too_many_tries"
    message = "尝试次数太多，请一小时后再试"
    next_step = f"也可以{AT_THE_UNION}"


class IdNumberWrong(Invalid):
    """Not an ID number: length, digits, check digit or date of birth."""

    code = "identity.id_number_wrong"
    message = "身份证号有误，请逐位核对"


class PhoneWrong(Invalid):
    """Not a mobile number."""

    code = "identity.phone_wrong"
    message = "手机号须为11位，以1开头"


class PhoneCodeWrong(Invalid):
    """The code is wrong, has expired, was used, or was tried too often: ask for another."""

    code = "identity.phone_code_wrong"
    message = "验证码不正确或已过期"
    next_step = "请核对，或重新获取验证码"


class PhoneNotProved(Conflict):
    """The installation wants the phone proved, by WeChat or by a code, before it is compared with the roster."""

    code = "identity.phone_not_proved"
    message = "请先验证手机号"
    next_step = "用微信手机号或短信验证码验证后，再填写身份信息"


class OccupationUnknown(Invalid):
    """No such occupation code."""

    code = "identity.occupation_unknown"
    message = "没有这个职业，请从列表中选择"


class PasswordWeak(Invalid):
    """A staff password is too short, too common, or is the login."""

    code = "auth.password_weak"
    message = "密码至少12个字符，不能是账号名或常见密码"
