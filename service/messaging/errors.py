"""What messaging refuses."""

from service.core.errors import NotFound


class MessageUnknown(NotFound):
    """No such message in this person's inbox."""

    code = "inbox.message_not_found"
    message = "没有找到这条消息"


class TemplatesWrong(Exception):
    """The file of subscribe templates cannot be used. The text names everything that is wrong, at once."""
