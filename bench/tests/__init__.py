"""Checks of the bench itself: a tool that measures wrongly is worse than none."""
