"""What ends a measurement: a figure that cannot be trusted is not reported."""


class BenchFailure(Exception):
    """The run is worth nothing, and this is why."""


def require(holds, reason):
    if not holds:
        raise BenchFailure(reason)
