"""Figures on their way from the results to the page."""

import json
import os
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from paylinks_bench import aims, report, statistics, svg, ulid  # noqa: E402


def measured(rate):
    figure = statistics.summary([rate])
    return {
        "acceptedPerSecond": figure,
        "drainSeconds": figure,
        "walBytesPerOperation": figure,
        "statementsPerOperation": figure,
        "cpuMicrosecondsPerOperation": {"gateway": 10.0, "postgres": 20.0},
        "peakMiB": {"gateway": 50.0},
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

    def test_a_piece_that_failed_is_made_good_only_by_a_later_run_of_it(self):
        bad = {"results": {}, "failures": {"ach": "lost a claim"}, "durability": None}
        good = {"results": {"ach": measured(1)}, "failures": {}, "durability": None}
        self.assertIn("ach", report.merge(self.write(bad, good))["results"])
        with self.assertRaises(SystemExit):
            report.merge(self.write(bad))

    def test_every_section_of_the_page_has_its_text(self):
        document = {
            "command": "bench/run",
            "results": {},
            "durability": None,
            "machine": {
                "date": "",
                "cpu": "",
                "cores": 2,
                "memoryGiB": 1,
                "kernel": "",
                "system": "",
                "versions": {},
                "loadBefore": 0.0,
            },
        }
        with open(report.DOCUMENT) as file:
            page = file.read()
        for name in report.sections(document):
            self.assertIn(f"<!-- bench:{name} -->\n", page)
        self.assertEqual(page.count("<!-- bench:"), len(report.sections(document)))

    def write(self, *documents):
        paths = []
        for document in documents:
            with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as file:
                json.dump(document, file)
            self.addCleanup(os.remove, file.name)
            paths.append(file.name)
        return paths


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
