"""Refusals of files."""

from service.core.errors import Conflict, Invalid, NotFound, Unavailable


class OfField:
    """Names the field of the form in `details`, as with any other field that is wrong."""

    message = ""

    def __init__(self, field: str = "piece") -> None:
        super().__init__(details={field: [self.message]})  # type: ignore[call-arg]


class FileUnknown(NotFound):
    """No such file, or the actor may not know of it."""

    code = "legal_aid.file_unknown"
    message = "没有找到这个文件"


class FileTooLarge(OfField, Invalid):
    """Larger than a file may be, or more than a case may hold."""

    code = "legal_aid.file_too_large"
    message = "文件太大，或者材料太多"
    next_step = "每个文件不超过20MB，每个案件不超过60个文件"


class FileKindRefused(OfField, Invalid):
    """By its content it is nothing that may be sent here, whatever its name says."""

    code = "legal_aid.file_kind"
    message = "只收照片、PDF和录音"
    next_step = "请拍照上传，或者转成PDF"


class FileDamaged(OfField, Invalid):
    """It cannot be opened, or is larger inside than it says."""

    code = "legal_aid.file_damaged"
    message = "文件打不开，可能损坏了"
    next_step = "请重新拍照上传"


class FileInfected(OfField, Invalid):
    """The scanner found something in it."""

    code = "legal_aid.file_infected"
    message = "文件不安全，没有保存"
    next_step = "请重新拍照上传"


class PieceMisplaced(Conflict):
    """The piece does not begin where the last one ended; `details.received` says where to go on."""

    code = "legal_aid.piece_misplaced"
    message = "上传中断了，请接着上传"


class ScannerAway(Unavailable):
    """The malware scanner does not answer: nothing is kept unseen."""

    code = "legal_aid.scanner_away"
    message = "现在不能检查文件，请稍后再传"
