"""Figures on their way from the results to the page."""

import json
import os
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from paylinks_bench import aims, overload, report, statistics, svg, tables, ulid  # noqa: E402


def measured(rate):
    figure = statistics.summary([rate])
    return {
        "acceptedPerSecond": figure,
        "doneInPostgresPerSecond": statistics.summary([rate * 0.9]),
        "drainSeconds": figure,
        "walBytesPerOperation": figure,
        "statementsPerOperation": figure,
        "cpuMicrosecondsPerOperation": {"gateway": 10.0, "postgres": 20.0},
        "peakMiB": {"gateway": 50.0},
    }


def run(results=None, failures=None, command="bench/run"):
    """What `bench/run` writes."""
    facts = {"cpu": "", "cores": 2, "memoryGiB": 1, "kernel": "", "system": "", "versions": {"commit": "abc"}}
    return {
        "command": command,
        "machine": {"date": "today", "niceness": 0, **facts},
        "results": results or {},
        "failures": failures or {},
        "durability": None,
    }


class StatisticsTests(unittest.TestCase):
    def test_the_median_with_its_spread(self):
        self.assertEqual(statistics.summary([90, 110, 100]), {"median": 100, "least": 90, "most": 110, "spread": 0.2})

    def test_a_process_that_only_one_run_saw_counts_as_nothing_in_the_others(self):
        runs = [{"cpu": {"a": 3}}, {"cpu": {"a": 5, "b": 8}}, {"cpu": {"a": 4}}]
        self.assertEqual(statistics.median_of_maps(runs, "cpu"), {"a": 4, "b": 0})


class IdentifierTests(unittest.TestCase):
    def test_an_id_goes_to_postgres_and_back(self):
        value = "01936d8f-2c4b-7a1e-9f00-0123456789ab"
        text = ulid.identifier("wal", value)
        self.assertEqual(len(text), 30)
        self.assertEqual(ulid.as_uuid(text), value)


class ReportTests(unittest.TestCase):
    def test_aims_say_what_was_met_and_leave_out_what_was_not_measured(self):
        rows = aims.rows({"wallet-hot": measured(9_000), "create": measured(7_000)})
        self.assertIn(("wallet-hot: at least 8,000/s", "9,000/s", "yes"), rows)
        self.assertIn(("create: at least 8,000/s", "7,000/s", "no"), rows)
        self.assertFalse([row for row in rows if row[0].startswith("ach")])

    def test_sections_are_chosen_by_name_and_a_wrong_name_is_told(self):
        texts = {"rates": "r", "links": "l", "peer": "p"}
        self.assertEqual(report.chosen(texts, None), texts)
        self.assertEqual(report.chosen(texts, "links,peer"), {"links": "l", "peer": "p"})
        with self.assertRaisesRegex(SystemExit, "no section x; there are rates, links, peer"):
            report.chosen(texts, "links,x")

    def test_a_section_is_replaced_and_the_text_around_it_stays(self):
        with tempfile.TemporaryDirectory() as folder:
            report.DOCUMENT, kept = os.path.join(folder, "page.md"), report.DOCUMENT
            self.addCleanup(setattr, report, "DOCUMENT", kept)
            with open(report.DOCUMENT, "w") as file:
                file.write("before\n<!-- bench:rates -->\nold\n<!-- /bench -->\nafter\n")
            report.fill({"rates": r"new \1"})
            with open(report.DOCUMENT) as file:
                self.assertEqual(file.read(), "before\n<!-- bench:rates -->\nnew \\1\n<!-- /bench -->\nafter\n")

    def test_the_last_run_of_a_piece_counts_whether_it_failed_or_not(self):
        bad, good = run(failures={"ach": "lost a claim"}), run({"ach": measured(1)})
        self.assertIn("ach", report.merge(self.write(bad, good))["results"])
        for files in ((bad,), (good, bad)):
            with self.assertRaisesRegex(SystemExit, "lost a claim"):
                report.merge(self.write(*files))

    def test_every_piece_is_told_with_the_run_that_it_is_from(self):
        first = run({"ach": measured(1), "create": measured(2)}, command="bench/run --quick")
        document = report.merge(self.write(first, run({"create": measured(3)})))
        self.assertEqual(document["results"]["create"]["acceptedPerSecond"]["median"], 3)
        self.assertEqual(
            [(each["command"], each["pieces"]) for each in document["runs"]],
            [("bench/run --quick", ["ach"]), ("bench/run", ["create"])],
        )
        table = tables.machine(document)
        self.assertIn("| run 1 | `bench/run --quick` on today, commit abc: ach |", table)
        self.assertIn("| run 2 | `bench/run` on today, commit abc: create |", table)

    def test_a_claim_by_ach_counts_when_it_is_settled(self):
        results = {"ach": measured(9_000), "wallet-hot": measured(9_000)}
        rows = aims.rows(results)
        self.assertIn(("ach: at least 8,000/s", "8,100/s", "yes"), rows)
        self.assertIn(("wallet-hot: at least 8,000/s", "9,000/s", "yes"), rows)
        self.assertIn("| ach | **8,100** |", tables.rates(results))

    def test_costs_are_flat_only_if_they_are_at_every_level(self):
        def level(cost):
            return {"cpuMicrosecondsPerOperation": {"postgres": cost, "generator": 50}}

        rows = aims.rows({"links": {"10000": level(100), "1000000": level(130), "10000000": level(110)}})
        self.assertEqual(rows, [("CPU a claim within 15 % from 10,000 to 10,000,000 links", "+30%", "no")])

    def test_every_section_of_the_page_has_its_text(self):
        with open(report.DOCUMENT) as file:
            page = file.read()
        names = report.sections(report.merge(self.write(run())))
        for name in names:
            self.assertIn(f"<!-- bench:{name} -->\n", page)
        self.assertEqual(page.count("<!-- bench:"), len(names))

    def write(self, *documents):
        paths = []
        for document in documents:
            with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as file:
                json.dump(document, file)
            self.addCleanup(os.remove, file.name)
            paths.append(file.name)
        return paths


class OverloadTests(unittest.TestCase):
    """Phases of 10, 10 and 30 seconds; the schedule's half is 100 a second."""

    def figures(self, last):
        """What is made of a timeline whose last phase begins with these seconds, and then is as it should be."""
        half, over = {"sent": 100, "accepted": 100}, {"sent": 400, "accepted": 150, "shed": 250}
        timeline = [half] * 10 + [over] * 10 + last
        timeline += [half] * (50 - len(timeline))
        phase = {"rate": 100, "latencyMs": {}, "serviceMs": {}}
        return overload.figures({"timeline": timeline, "phases": [phase] * 3}, 10, peak=200)

    def test_goodput_is_held_against_the_peak_as_long_as_too_much_is_sent(self):
        found = self.figures([{"sent": 300, "accepted": 50, "shed": 250}] * 2)
        self.assertEqual((found["overloadSeconds"], found["sentPerSecond"]), (12, 380))
        self.assertEqual((found["goodputPerSecond"], found["goodputOfPeak"]), (130, 0.65))
        self.assertEqual(found["recoverySeconds"], 0)

    def test_it_has_recovered_when_the_rate_is_held_and_nothing_refused_for_some_seconds(self):
        for wrong in ({"sent": 100}, {"sent": 100, "accepted": 99, "shed": 1}, {"sent": 100, "accepted": 120}):
            self.assertEqual(self.figures([wrong])["recoverySeconds"], 1)
            self.assertEqual(self.figures([wrong, {"sent": 100, "accepted": 100}, wrong])["recoverySeconds"], 3)
        self.assertIsNone(self.figures([{"sent": 100, "accepted": 50}] * 30)["recoverySeconds"])


class PlotTests(unittest.TestCase):
    def test_plots_are_well_formed_and_show_every_value(self):
        for plot in (
            svg.bars("A & B", [("one", 1), ("two", 2)]),
            svg.stacked("S", [("row", {"x": 1, "y": 0})]),
            svg.lines("L", [1, 2, 3], {"a": [0, 5, 7], "b": [1, 1, 1]}, "a second"),
        ):
            root = ElementTree.fromstring(plot)
            self.assertTrue(root.tag.endswith("svg"))
        self.assertIn("1,303", svg.bars("", [("peer", 1303)]))

    def test_axes_end_above_the_highest_value_at_a_number_that_four_divides(self):
        for value in (1, 7, 99, 1_234, 80_001):
            top = svg.round_up(value)
            self.assertGreaterEqual(top, value)
            self.assertEqual(top % 4, 0)


if __name__ == "__main__":
    unittest.main()
