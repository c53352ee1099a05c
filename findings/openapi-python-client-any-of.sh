#!/usr/bin/env bash
# openapi-python-client 0.29.1 makes one model for each alternative of an anyOf, and leaves out the properties that
# stand beside the anyOf: an Order that needs an address becomes two models without an address.
#
# The input is valid: in JSON Schema 2020-12, properties and anyOf of one schema hold together.
# For this reason no request of openapi.yaml has an anyOf or oneOf beside its properties; if, then, and else, which
# generators pass over, state what depends on another member.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check openapi-python-client==0.29.1

cat >api.yaml <<'YAML'
openapi: 3.1.0
info: { title: Orders, version: '1' }
paths:
  /orders:
    post:
      operationId: order
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } }
      responses: { '204': { description: Ordered } }
components:
  schemas:
    Order:
      type: object
      required: [address]
      properties: { address: { type: string } }
      anyOf:
        - { required: [pieces], properties: { pieces: { type: integer } } }
        - { required: [grams], properties: { grams: { type: integer } } }
YAML
PATH="$PWD/venv/bin:$PATH" openapi-python-client generate --path api.yaml --meta none --output-path client >log 2>&1
PYTHONPATH=. venv/bin/python >seen <<'PYTHON'
import attrs
from client import models

for name in sorted(models.__all__):
    print(name, sorted(field.name for field in attrs.fields(getattr(models, name)) if field.init))
PYTHON
cat seen
diff seen - <<'SEEN'
OrderType0 ['pieces']
OrderType1 ['grams']
SEEN
