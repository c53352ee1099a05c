"""Calls every method of the `webhooks` resource of `wallgent`, as it is, against a system: once in a row, once awaited.

Takes the API's address, a key, a receiver's address that takes deliveries, and the ids of dead deliveries, two for each
of both rounds. Ends with 0 and the names of the methods that were called, or with what was not as it should be.
"""

import asyncio
import json
import sys

from wallgent import AsyncWallgent, Wallgent
from wallgent.exceptions import WebhookNotFoundError
from wallgent.models import Webhook, WebhookDlqEntry
from wallgent.resources.webhooks import WebhooksResource

base_url, api_key, receiver, *dead = sys.argv[1:]
called = set()


def recording(resource):
    """Calls methods of the resource by name, and remembers which."""

    async def call(name, *arguments, **options):
        called.add(name)
        answer = getattr(resource, name)(*arguments, **options)
        return await answer if asyncio.iscoroutine(answer) else answer

    return call


async def administer(call):
    made = await call("create", receiver, ["payment_link.claimed"], enabled=True)
    assert Webhook.model_validate(made).secret.startswith("whsec_"), made
    identifier = made["id"]
    shown = await call("retrieve", identifier)
    assert Webhook.model_validate(shown).url == receiver and "secret" not in shown, shown
    assert identifier in [hook["id"] for hook in await call("list")]
    changed = await call("update", identifier, url=receiver, enabled=False, events=["*"])
    assert changed["enabled"] is False and changed["events"] == ["*"], changed
    assert (await call("update", identifier, enabled=True))["enabled"] is True
    tested = await call("test", identifier)
    assert tested["delivered"] is True and tested["statusCode"] == 200 and tested["durationMs"] >= 0, tested
    await remove(call, identifier)


async def remove(call, identifier):
    assert await call("delete", identifier) is None
    for name in ["retrieve", "update", "delete", "test"]:
        try:
            await call(name, identifier)
        except WebhookNotFoundError as error:
            assert error.status_code == 404, error
        else:
            raise AssertionError(f"{name} of a webhook that is gone should have raised")


async def repair(call, first, second):
    entries = (await call("list_dlq", limit=50, offset=0))["data"]
    for entry in entries:
        assert WebhookDlqEntry.model_validate(entry).payload["event"] == entry["eventType"], entry
    assert {first, second} <= {entry["id"] for entry in entries}, entries
    assert await call("retry_dlq", first) == {"id": first, "status": "PENDING"}
    assert await call("discard_dlq", second) == {"id": second, "status": "FAILED"}
    assert second not in [entry["id"] for entry in (await call("list_dlq"))["data"]]


async def main():
    with Wallgent(api_key, base_url=base_url) as client:
        await administer(recording(client.webhooks))
        await repair(recording(client.webhooks), *dead[:2])
    client = AsyncWallgent(api_key, base_url=base_url)
    await administer(recording(client.webhooks))
    await repair(recording(client.webhooks), *dead[2:])
    methods = {name for name in vars(WebhooksResource) if not name.startswith("_")}
    assert called == methods, methods - called
    print(json.dumps(sorted(called)))


asyncio.run(main())
