"""Runs the example of the documentation, as it stands there, on one delivery, and prints whether it gave the event.

Takes the file with the example's text, which defines `receive`, and the file with the delivery.
"""

import base64
import json
import sys

with open(sys.argv[1], encoding="utf-8") as example:
    exec(compile(example.read(), sys.argv[1], "exec"))
with open(sys.argv[2], "rb") as file:
    delivery = json.load(file)
event = receive(base64.b64decode(delivery["body"]), delivery["headers"], delivery["secret"])
print(json.dumps(event is not None and event["id"] == delivery["headers"]["webhook-id"]))
