#!/usr/bin/env bash
# openapi-python-client 0.29.1 gives the inline enumeration of Parcel.status the name ParcelStatus. When the document
# has a schema ParcelStatus, the generator leaves Parcel out, and the operation that returns a Parcel returns None.
#
# The input is valid: OpenAPI 3.1 gives inline schemas no name, so they cannot collide with those of components.
# For this reason every enumeration of openapi.yaml is a schema of its own.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check openapi-python-client==0.29.1

cat >api.yaml <<'YAML'
openapi: 3.1.0
info: { title: Parcels, version: '1' }
paths:
  /parcel:
    get:
      operationId: readParcel
      responses:
        '200':
          description: A parcel
          content: { application/json: { schema: { $ref: '#/components/schemas/Parcel' } } }
components:
  schemas:
    ParcelStatus: { type: object, properties: { id: { type: string } } }
    Parcel: { type: object, properties: { status: { type: string, enum: [SENT, LOST] } } }
YAML
PATH="$PWD/venv/bin:$PATH" openapi-python-client generate --path api.yaml --meta none --output-path client >log 2>&1
PYTHONPATH=. venv/bin/python >seen <<'PYTHON'
import httpx
from client import Client
from client.api.default import read_parcel

answer = httpx.MockTransport(lambda request: httpx.Response(200, json={"status": "SENT"}))
client = Client(base_url="http://localhost")
client.set_httpx_client(httpx.Client(transport=answer, base_url="http://localhost"))
response = read_parcel.sync_detailed(client=client)
print(response.status_code, response.content, response.parsed)
PYTHON
cat seen
grep -o 'Found conflicting enums named ParcelStatus' log
[ "$(cat seen)" = "200 b'{\"status\":\"SENT\"}' None" ]
