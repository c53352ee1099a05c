#!/usr/bin/env bash
# openapi-python-client 0.29.1 leaves out an operation whose request body is application/x-ndjson. It prints a
# warning, and exits with 0. With content_type_overrides in its configuration, it generates the operation, and sends
# bytes.
#
# The input is valid: OpenAPI 3.1 allows any media type, and the schema is a string.
# For this reason clients/openapi-python-client.yml exists, and the check of the generators fails on warnings.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check openapi-python-client==0.29.1

cat >api.yaml <<'YAML'
openapi: 3.1.0
info: { title: Lines, version: '1' }
paths:
  /lines:
    post:
      operationId: sendLines
      requestBody: { required: true, content: { application/x-ndjson: { schema: { type: string, format: binary } } } }
      responses: { '204': { description: Taken } }
YAML
printf 'content_type_overrides: { application/x-ndjson: application/octet-stream }\n' >config.yml
export PATH="$PWD/venv/bin:$PATH"

openapi-python-client generate --path api.yaml --meta none --output-path plain >log 2>&1
openapi-python-client generate --path api.yaml --meta none --output-path overridden --config config.yml >/dev/null 2>&1
grep 'Unsupported content type' log
find plain overridden -name send_lines.py | tee seen
[ "$(cat seen)" = overridden/api/default/send_lines.py ]
