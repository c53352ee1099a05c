#!/usr/bin/env bash
# openapi-generator-cli 7.26.0, generator python: the client sends a request whose response is application/x-ndjson,
# and raises "Unsupported content type" when the response of status 200 has come. With the schema of a binary string
# the client returns the bytes.
#
# The input is valid: OpenAPI 3.1 allows any media type, and the generator accepts the document without a warning
# about it.
# For this reason streams are binary strings in openapi.yaml, with the schema of a line in x-itemSchema. It needs
# Java.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check openapi-generator-cli==7.26.0 \
    pydantic==2.14.4 python-dateutil==4.0.0 urllib3==2.8.0

cat >api.yaml <<'YAML'
openapi: 3.1.0
info: { title: Lines, version: '1' }
paths:
  /objects:
    get:
      operationId: readObjects
      responses:
        '200':
          description: Lines
          content: { application/x-ndjson: { schema: { $ref: '#/components/schemas/Line' } } }
  /bytes:
    get:
      operationId: readBytes
      responses:
        '200':
          description: Lines
          content: { application/x-ndjson: { schema: { type: string, format: binary } } }
components:
  schemas:
    Line: { type: object, properties: { index: { type: integer } } }
YAML
venv/bin/openapi-generator-cli generate -i api.yaml -g python -o client --package-name lines_client >log 2>&1
PYTHONPATH=client venv/bin/python >seen <<'PYTHON'
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from lines_client import ApiClient, Configuration, DefaultApi


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson")
        self.end_headers()
        self.wfile.write(b'{"index":0}\n{"index":1}\n')

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
api = DefaultApi(ApiClient(Configuration(host=f"http://127.0.0.1:{server.server_port}")))
for call in (api.read_objects, api.read_bytes):
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error.status, error.reason)
server.shutdown()
PYTHON
cat seen
diff seen - <<'SEEN'
ApiException 0 Unsupported content type: application/x-ndjson
b'{"index":0}\n{"index":1}\n'
SEEN
