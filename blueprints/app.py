"""The composition root: settings in, app out."""

from dataclasses import fields
from typing import Any

import orjson
from flask import Flask
from flask.json.provider import JSONProvider
from flask_migrate import Migrate
from flask_smorest import Api, Blueprint

from blueprints import (
    accounts,
    announcements,
    attendance,
    auth,
    bookings,
    cli,
    clients,
    consents,
    consultation,
    disputes,
    documentation,
    edge,
    errors,
    health,
    identity,
    inbox,
    legal_aid,
    legal_aid_cases,
    legal_aid_documents,
    legal_aid_work,
    limits,
    metrics,
    my_data,
    organisations,
    page_sign_in,
    parsing,
    phones,
    sign_ins,
    skills,
    subscriptions,
    supervision,
    tickets,
    training,
    wechat_push,
    worker,
)
from blueprints.row_id import RowId
from blueprints.sandbox import forward, texts
from blueprints.staff import accounts as staff_accounts
from blueprints.staff import announcements as staff_announcements
from blueprints.staff import approvals as staff_approvals
from blueprints.staff import attendance as staff_attendance
from blueprints.staff import audit as staff_audit
from blueprints.staff import bindings as staff_bindings
from blueprints.staff import bookings as staff_bookings
from blueprints.staff import consultation as staff_consultation
from blueprints.staff import corrections as staff_corrections
from blueprints.staff import courses as staff_courses
from blueprints.staff import holidays as staff_holidays
from blueprints.staff import imports as staff_imports
from blueprints.staff import legal_aid as staff_legal_aid
from blueprints.staff import legal_aid_covers as staff_legal_aid_covers
from blueprints.staff import legal_aid_settings as staff_legal_aid_settings
from blueprints.staff import legal_aid_statistics as staff_legal_aid_statistics
from blueprints.staff import legal_aid_tasks as staff_legal_aid_tasks
from blueprints.staff import legal_aid_work as staff_legal_aid_work
from blueprints.staff import nodes as staff_nodes
from blueprints.staff import outbox as staff_outbox
from blueprints.staff import people as staff_people
from blueprints.staff import posters as staff_posters
from blueprints.staff import roles as staff_roles
from blueprints.staff import rosters as staff_rosters
from blueprints.staff import skills as staff_skills
from blueprints.staff import supervision as staff_supervision
from blueprints.staff import training as staff_training
from config import logging
from config.settings import WECHAT_BASE, Settings
from service.booking import gates
from service.core import configuration
from service.core.db import db, engine_options
from service.identity import exports
from service.legal_aid import scanning
from service.messaging import templates
from service.skills import gate as skills_gate
from service.training import gates as training_gates
from service.wechat import watching

BLUEPRINTS: tuple[Blueprint, ...] = (
    identity.auth_bp,
    identity.bp,
    sign_ins.bp,
    accounts.bp,
    phones.bp,
    page_sign_in.bp,
    disputes.bp,
    staff_bindings.bp,
    staff_accounts.bp,
    staff_roles.bp,
    staff_people.bp,
    inbox.bp,
    subscriptions.bp,
    announcements.bp,
    staff_announcements.bp,
    staff_outbox.bp,
    bookings.bp,
    staff_bookings.bp,
    organisations.bp,
    staff_holidays.bp,
    legal_aid.bp,
    legal_aid_cases.bp,
    legal_aid_work.bp,
    staff_legal_aid.bp,
    staff_legal_aid_work.bp,
    staff_legal_aid_tasks.bp,
    staff_legal_aid_covers.bp,
    staff_legal_aid_settings.bp,
    consultation.bp,
    consultation.answers_bp,
    staff_consultation.bp,
    supervision.bp,
    supervision.anonymous_bp,
    staff_supervision.bp,
    legal_aid_documents.bp,
    legal_aid_documents.staff_bp,
    staff_legal_aid_statistics.bp,
    skills.bp,
    staff_skills.bp,
    staff_imports.bp,
    training.bp,
    staff_courses.bp,
    staff_training.bp,
    staff_rosters.bp,
    staff_approvals.bp,
    staff_posters.bp,
    staff_nodes.bp,
    tickets.bp,
    attendance.bp,
    staff_attendance.bp,
    consents.bp,
    my_data.bp,
    staff_corrections.bp,
    staff_audit.bp,
)


class OrjsonProvider(JSONProvider):
    """orjson: fast, and it answers NaN, lone surrogates and endless nesting with an ordinary error."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        return orjson.dumps(obj).decode()

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        return orjson.loads(s)


def create_app(settings: Settings) -> Flask:
    """The product's web app. The database is not touched until the first request."""
    app = Flask("gongyun", static_folder=None)
    app.json = OrjsonProvider(app)
    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        MAX_CONTENT_LENGTH=21 * 1024 * 1024,
        API_TITLE="工云 Gongyun",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        GONGYUN=settings,
    )
    app.url_map.strict_slashes = False
    app.url_map.converters["int"] = RowId
    logging.configure(settings.log_level, is_production=settings.is_production)
    configuration.use(_configuration(settings))
    db.init_app(app)
    Migrate(app, db, directory="migrations")
    api = Api(app)
    errors.register(app)
    _hang_up_the_door(app, settings)
    for blueprint in BLUEPRINTS:
        api.register_blueprint(blueprint, url_prefix=f"/api/v1{blueprint.url_prefix or ''}")
    parsing.refuse_what_was_not_asked_for(app)
    documentation.register(app, api, public_url=settings.public_url, is_shown=bool(settings.api_docs))
    gates.register(training_gates.KIND, training_gates.EARLIER_COURSE)
    gates.register(skills_gate.KIND, skills_gate.GATE)
    worker.register_handlers()
    watching.register(metrics.count_wechat_call)
    exports.register(metrics.count_bulk_export)
    templates.current()
    scanning.use(scanning.at(settings.clamd_address))
    cli.register(app)
    return app


def _hang_up_the_door(app: Flask, settings: Settings) -> None:
    """What every request passes, in this order: the edge, its address's limit, its token, its person's limit."""
    rates = limits.Limits(settings)
    edge.register(app, settings)
    limits.register_before_token(app, rates)
    auth.register(app)
    limits.register_after_token(app, rates)
    for outside_api in (health.bp, metrics.bp, wechat_push.bp, clients.bp):
        app.register_blueprint(outside_api)
    if not settings.is_production and settings.wechat_api_base != WECHAT_BASE:
        forward.register(app, sandbox_url=settings.wechat_api_base)
        texts.register(app)


def _configuration(settings: Settings) -> configuration.Configuration:
    names = [each.name for each in fields(configuration.Configuration)]
    return configuration.Configuration(**{name: getattr(settings, name) for name in names})
