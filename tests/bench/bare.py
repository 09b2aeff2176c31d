"""The baseline: the least a Flask endpoint with a JWT can do. A JSON body in, the caller's id out."""

import os

from flask import Flask, Response, jsonify, request
from flask_jwt_extended import JWTManager, get_jwt_identity, jwt_required

app = Flask("bare")
app.config.update(
    JWT_SECRET_KEY=os.environ["JWT_SECRET"],
    JWT_DECODE_AUDIENCE=os.environ.get("BARE_AUDIENCE") or None,
    JWT_DECODE_ISSUER=os.environ.get("BARE_ISSUER") or None,
)
JWTManager(app)


@app.post("/auth")
@jwt_required()
def auth() -> Response:
    """Who is asking, and how many fields came."""
    return jsonify(person=get_jwt_identity(), fields=len(request.get_json()))


@app.get("/healthz")
def healthz() -> Response:
    """Alive."""
    return jsonify(ok=True)
