"""Everything that can be measured, by name; each piece runs alone."""

from functools import partial

from . import allocations, backlog, batches, closed_loop, expiry, growth, latency, limits, overload, peers

ALL = {
    "wallet-hot": partial(closed_loop.measure, name="wallet-hot"),
    "wallet-cold": partial(closed_loop.measure, name="wallet-cold"),
    "ach": partial(closed_loop.measure, name="ach"),
    "create": partial(closed_loop.measure, name="create"),
    "details": partial(closed_loop.measure, name="details"),
    "gateway-http": partial(closed_loop.measure, name="gateway-http"),
    "sustained": closed_loop.sustained,
    "batches": batches.measure,
    "backlog": backlog.measure,
    "latency-half": latency.at_half,
    "latency-lone": latency.lone,
    "latency-lone-socket": partial(latency.lone, by_client=False),
    "overload": overload.measure,
    "limit-settlement": limits.settlement,
    "limit-broker": limits.broker,
    "expiry": expiry.measure,
    "connections": growth.connections,
    "batch-one": growth.batch_one,
    "allocations": allocations.measure,
    "workers": growth.workers,
    "pinning": growth.pinning,
    "links": growth.links,
    "peer": peers.measure,
}

#: What a run takes, in its order; the peer has an environment of its own, and a run of its own (`make bench-peers`).
FULL = [name for name in ALL if name != "peer"]

#: What a quick run leaves out takes minutes by itself.
QUICK = [name for name in FULL if name not in ("sustained", "links", "connections", "pinning")]
