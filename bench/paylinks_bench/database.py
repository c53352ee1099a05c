"""Questions to Postgres, by psql."""

import os
import subprocess

from .failure import require
from .servers import SEARCH_PATH


class Database:
    """One database of a server."""

    def __init__(self, postgres, name):
        self.postgres = postgres
        self.name = name

    @property
    def url(self):
        return self.postgres.url(self.name)

    def environment(self):
        return {
            "PATH": SEARCH_PATH,
            "PGPASSWORD": self.postgres.password,
            "PGHOST": "127.0.0.1",
            "PGPORT": str(self.postgres.port),
            "PGUSER": "paylinks",
            "PGDATABASE": self.name,
        }

    def run(self, script, output=None, variables=None):
        """Runs SQL as one transaction's text or a script of statements, and returns what psql prints, unaligned."""
        words = [
            f"{self.postgres.programs}/psql",
            "--no-psqlrc",
            "--tuples-only",
            "--no-align",
            "--quiet",
            "--set",
            "ON_ERROR_STOP=1",
        ]
        # In the script rather than on the command line, which has a limit.
        settings = "".join(f"\\set {name} '{value}'\n" for name, value in (variables or {}).items())
        ran = subprocess.run(
            words + ["--file", "-"],
            input=settings + script,
            env=self.environment(),
            cwd="/",
            text=True,
            stdout=output or subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        require(ran.returncode == 0, f"SQL failed: {ran.stderr}\n{script[:2000]}")
        return None if output else ran.stdout.rstrip("\n")

    def rows(self, query, variables=None):
        text = self.run(query, variables=variables)
        return [line.split("|") for line in text.split("\n")] if text else []

    def value(self, query, variables=None):
        return self.rows(query, variables)[0][0]

    def save(self, query, path, variables=None):
        """Writes a query's rows to a file, a line each."""
        with open(path, "w") as file:
            self.run(query, output=file, variables=variables)
        return path


def file_system_of(path):
    """The type of the file system that a folder is on: on a tmpfs, fsync would cost nothing."""
    said = subprocess.run(["stat", "-f", "-c", "%T", path], capture_output=True, text=True)
    return said.stdout.strip()


def line_count(path):
    return os.path.getsize(path) and sum(1 for _ in open(path))
