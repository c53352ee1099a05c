"""The open loop against a server whose stall is known."""

import json
import os
import socket
import subprocess
import tempfile
import threading
import time
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.path.join(ROOT, ".build", "release", "LoadGenerator")
ANSWER = b"HTTP/1.1 %d X\r\nServer: test\r\nContent-Length: 2\r\n\r\nok"


class StallingServer:
    """Answers every request at once, but for one stall of a second that stops everything."""

    def __init__(self, stall_after, status=200):
        self.stall_after, self.status, self.count, self.paths = stall_after, status, 0, []
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        with connection:
            stream = connection.makefile("rb")
            while head := stream.readline():
                length = 0
                while (line := stream.readline().lower()) not in (b"\r\n", b""):
                    if line.startswith(b"content-length:"):
                        length = int(line.split(b":")[1])
                stream.read(length)
                with self.lock:
                    self.count += 1
                    self.paths.append(head.split(b" ")[1].decode())
                    if self.count == self.stall_after:
                        time.sleep(1)
                connection.sendall(ANSWER % self.status)

    def close(self):
        self.listener.close()


@unittest.skipUnless(os.access(PROGRAM, os.X_OK), "LoadGenerator is not built: bench/setup")
class OpenLoopTests(unittest.TestCase):
    def generate(self, server, phases, connections=8):
        with tempfile.TemporaryDirectory() as folder:
            template, values = os.path.join(folder, "template"), os.path.join(folder, "values")
            with open(template, "w", newline="") as file:
                file.write("GET /{1} HTTP/1.1\r\nHost: test\r\n\r\n")
            with open(values, "w") as file:
                file.writelines(f"v{number}\n" for number in range(2_000))
            words = [
                PROGRAM,
                "requests",
                "--port",
                str(server.port),
                "--template",
                template,
                "--values",
                values,
                "--first",
                "5",
                "--connections",
                str(connections),
            ]
            for phase in phases:
                words += ["--phase", phase]
            said = subprocess.run(words, capture_output=True, text=True, check=True)
        return json.loads(said.stdout)

    def test_a_stall_is_charged_to_all_who_were_due_meanwhile(self):
        """At 200 a second over 4 s, a stall of 1 s delays a quarter of the requests by half a second on average."""
        server = StallingServer(stall_after=200)
        report = self.generate(server, ["200:4"])
        server.close()
        latency = report["phases"][0]["latencyMs"]["accepted"]
        self.assertEqual(report["phases"][0]["statuses"], {"200": 800})
        # The 95th of a hundred lies well within the quarter that the stall hit; a closed loop would see 8 of 800.
        self.assertGreater(latency["p95"], 500)
        self.assertGreater(latency["max"], 900)
        # Only those that were under way in it waited for it from their sending on; the others were sent after it.
        self.assertLess(report["phases"][0]["serviceMs"]["accepted"]["p95"], 500)
        self.assertEqual(sum(second.get("sent", 0) for second in report["timeline"]), 800)

    def test_every_request_is_sent_once_in_order_from_the_first_line_on(self):
        server = StallingServer(stall_after=0)
        report = self.generate(server, ["300:1", "100:1"], connections=1)
        server.close()
        self.assertEqual(server.paths, [f"/v{number}" for number in range(5, 405)])
        self.assertEqual((report["due"], report["answered"], report["lost"]), (400, 400, 0))
        self.assertEqual([sum(phase["statuses"].values()) for phase in report["phases"]], [300, 100])

    def test_the_client_charges_a_stall_to_all_who_were_due_meanwhile(self):
        """The same through the Swift client, which takes an answer of 503 for what it is, and does not ask again."""
        server = StallingServer(stall_after=200, status=503)
        with tempfile.NamedTemporaryFile("w") as slugs:
            slugs.writelines(f"s{number}\n" for number in range(900))
            slugs.flush()
            words = [PROGRAM, "claims", "--base-url", f"http://127.0.0.1:{server.port}", "--slugs", slugs.name]
            words += ["--first", "5", "--connections", "1", "--phase", "200:4"]
            said = subprocess.run(words, capture_output=True, text=True, check=True)
        server.close()
        report = json.loads(said.stdout)
        self.assertEqual((report["phases"][0]["statuses"], report["lost"]), ({"503": 800}, 0))
        self.assertGreater(report["phases"][0]["latencyMs"]["shed"]["p95"], 500)
        expected = {f"/v1/payment-links/claim/s{number}/claim" for number in range(5, 805)}
        self.assertEqual((set(server.paths), len(server.paths)), (expected, 800))

    def test_refusals_are_counted_apart(self):
        server = StallingServer(stall_after=0, status=503)
        report = self.generate(server, ["100:1"])
        server.close()
        self.assertEqual(list(report["phases"][0]["latencyMs"]), ["shed"])


if __name__ == "__main__":
    unittest.main()
