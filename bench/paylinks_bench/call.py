"""How `bench/run` was called, as its results tell it."""

import re


def told(command):
    """The call without the file that it wrote: where that was put says nothing of the run."""
    return re.sub(r" --output[ =]\S+", "", command)
