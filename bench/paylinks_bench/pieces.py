"""Everything that can be measured, by name; each piece runs alone."""
from functools import partial

from . import closed_loop, expiry, growth, latency, limits, overload

#: In the order in which a full run takes them.
ALL = {
    "wallet-hot": partial(closed_loop.measure, name="wallet-hot"),
    "wallet-cold": partial(closed_loop.measure, name="wallet-cold"),
    "ach": partial(closed_loop.measure, name="ach"),
    "create": partial(closed_loop.measure, name="create"),
    "details": partial(closed_loop.measure, name="details"),
    "gateway-http": partial(closed_loop.measure, name="gateway-http"),
    "latency-half": latency.at_half,
    "latency-lone": latency.lone,
    "overload": overload.measure,
    "limit-settlement": limits.settlement,
    "limit-broker": limits.broker,
    "batch-one": growth.batch_one,
    "expiry": expiry.measure,
    "connections": growth.connections,
    "workers": growth.workers,
    "pinning": growth.pinning,
    "links": growth.links,
}

QUICK = list(ALL)
