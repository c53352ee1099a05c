#!/usr/bin/env bash
# openapi-generator-cli 7.26.0, generator python: when two parts of an allOf describe the same property, the model has
# only what the last part says of it. Here the message of an error is lost: the second part only narrows its code.
#
# The input is valid: in JSON Schema 2020-12, a value of an allOf must match all of its parts.
# For this reason both parts of an error's schema in openapi.yaml name all of its members. It needs Java.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check openapi-generator-cli==7.26.0 \
    pydantic==2.14.4 python-dateutil==4.0.0 urllib3==2.8.0

cat >api.yaml <<'YAML'
openapi: 3.1.0
info: { title: Errors, version: '1' }
paths:
  /thing:
    get:
      operationId: readThing
      responses:
        '404':
          description: Absent
          content: { application/json: { schema: { $ref: '#/components/schemas/Absent' } } }
components:
  schemas:
    Failure:
      type: object
      required: [error]
      properties:
        error:
          type: object
          required: [code, message]
          properties: { code: { type: string }, message: { type: string } }
    Absent:
      allOf:
        - { $ref: '#/components/schemas/Failure' }
        - { type: object, properties: { error: { type: object, properties: { code: { enum: [NOT_FOUND] } } } } }
YAML
venv/bin/openapi-generator-cli generate -i api.yaml -g python -o client --package-name errors_client >log 2>&1
PYTHONPATH=client venv/bin/python >seen <<'PYTHON'
from errors_client.models import Absent

print(Absent.from_dict({"error": {"code": "NOT_FOUND", "message": "It is not here."}}).to_dict())
PYTHON
cat seen
[ "$(cat seen)" = "{'error': {'code': 'NOT_FOUND'}}" ]
