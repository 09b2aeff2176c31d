"""The operators' commands: views of the command line. Each makes one call and prints what came back."""

from flask import Flask

from blueprints.cli import audit, backup, breach, demo, desk, keys, openapi, person, processes, staff


def register(app: Flask) -> None:
    """Hang the commands on the app's `flask` command."""
    for command in (
        processes.worker,
        processes.outbox,
        backup.backup,
        backup.restore,
        openapi.openapi,
        audit.audit,
        keys.keys,
        demo.demo,
        desk.desk,
        staff.installation_commands,
        staff.staff,
        person.person,
        breach.breach,
    ):
        app.cli.add_command(command)
