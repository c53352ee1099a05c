"""One call of the bench: its options, its system, and what the pieces before have found."""

import sys
import time

from . import closed_loop
from .books import Books
from .system import System


class Session:
    """Keeps one system for all pieces that can share it; those that need another one make it themselves."""

    def __init__(self, options):
        self.options = options
        self.results = {}
        self.began = time.monotonic()
        self.shared = None
        self.durability = None

    def system(self):
        """The shared system and its books, started when first needed."""
        if self.shared is None:
            system = self.make_system().__enter__()
            self.shared = (system, Books(system))
            self.durability = self.durability or system.durability()
        return self.shared

    def new_system(self, **arguments):
        """A system for one piece, which closes it; the shared one is put away first, so that nothing runs beside it."""
        self.close_shared()
        return self.make_system(**arguments)

    def make_system(self, **arguments):
        arguments.setdefault("claim_workers", self.options.workers)
        settings = {**self.options.settings, **arguments.pop("settings", {})}
        return System(
            self.options.bin, settings=settings, postgres_settings=self.options.postgres, say=self.say, **arguments
        )

    def peak(self, name):
        """The closed loop's rate, found now if no piece has found it before."""
        if name not in self.results:
            self.results[name] = closed_loop.measure(self, name)
        return self.results[name]["acceptedPerSecond"]["median"]

    def close_shared(self):
        """Puts the shared system away: the next piece that needs one gets a fresh one."""
        if self.shared:
            self.shared[0].stop()
            self.shared = None

    def say(self, text):
        print(f"{time.monotonic() - self.began:7.1f} s  {text}", file=sys.stderr, flush=True)
