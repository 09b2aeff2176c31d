"""Refusals of uploaded files."""

from service.core.errors import Invalid, Unavailable


class NotAWorkbook(Invalid):
    """The file is not an .xlsx workbook, whatever its name says, or is damaged or protected by a password."""

    code = "files.not_a_workbook"
    message = "这不是有效的 .xlsx 文件，或文件已损坏、已加密"
    next_step = "请用 Excel 或 WPS 另存为 .xlsx（不设密码）后再上传"


class WorkbookTooLarge(Invalid):
    """Larger than 20 MB, or more than the permitted content when unpacked."""

    code = "files.workbook_too_large"
    message = "文件太大：不超过20MB，表格不超过20万行"
    next_step = "请拆成几个文件分别上传"


class NoChineseFont(Unavailable):
    """The machine lacks the configured font with Chinese letters: a printed sheet would be empty boxes."""

    code = "files.no_chinese_font"
    message = "服务器缺少中文字体，暂时不能生成 PDF"
    next_step = "请先下载 Excel 表格，并请管理员安装中文字体"
