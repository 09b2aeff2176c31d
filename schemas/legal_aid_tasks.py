"""Orders and views of tasks on a case."""

from marshmallow import fields

from schemas.fields import Day, Number, Order, Text, View, page_view


class AddTask(Order):
    """What is to be done, until when; whose it is, where it is not one's own."""

    words = Text(1000, required=True, metadata={"example": "去仲裁院拿受理通知书"})
    due_on = Day(required=True)
    assignee_id = Number(1, load_default=None, allow_none=True)


class TaskView(View):
    """A task."""

    id = fields.UUID()
    case_id = fields.UUID()
    words = fields.String()
    due_on = fields.Date()
    days_left = fields.Integer(metadata={"description": "calendar days, negative when over"})
    assignee_id = fields.Integer()
    assignee_name = fields.String(metadata={"example": "张三"})
    added_at = fields.AwareDateTime(format="iso")
    done_at = fields.AwareDateTime(format="iso", allow_none=True)


class TasksView(View):
    """The tasks of a case: what is open first, then by date."""

    items = fields.List(fields.Nested(TaskView))


class DueTaskView(View):
    """A task across cases: the case's number and the date, no word."""

    id = fields.UUID(attribute="task.id")
    due_on = fields.Date(attribute="task.due_on")
    days_left = fields.Integer(metadata={"description": "calendar days, negative when over"})
    case_id = fields.UUID(attribute="case.id")
    number = fields.String(attribute="case.number", metadata={"example": "530802-2026-0001"})


DueTaskPage = page_view(DueTaskView)
