"""Several runs as one figure: the median, and how far the others lie."""

import statistics


def summary(values):
    """Median, least and most, and the spread as a share of the median."""
    middle = statistics.median(values)
    return {
        "median": round(middle, 3),
        "least": round(min(values), 3),
        "most": round(max(values), 3),
        "spread": round((max(values) - min(values)) / middle, 4) if middle else 0,
    }


def summaries(runs, *names):
    """The summary of each of those figures over the runs."""
    return {name: summary([run[name] for run in runs]) for name in names}


def median_of_maps(runs, name):
    """The median of each value of a figure that is a map, such as CPU by process."""
    keys = sorted({key for run in runs for key in run[name]})
    return {key: round(statistics.median([run[name].get(key, 0) for run in runs]), 2) for key in keys}
