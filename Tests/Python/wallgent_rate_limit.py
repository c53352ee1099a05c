"""A key that is used faster than its rate: the API's own Python client raises its own class.

PAYLINKS_BASE_URL and PAYLINKS_API_KEY name a system whose rate for the key is a few requests a second.
"""

import os

from wallgent import Wallgent, exceptions

# More than a few a second, however slow the machine: a request takes milliseconds.
ATTEMPTS = 200

wg = Wallgent(os.environ["PAYLINKS_API_KEY"], base_url=os.environ["PAYLINKS_BASE_URL"] + "/v1")
try:
    for _ in range(ATTEMPTS):
        wg.wallets.list(limit=1)
except exceptions.RateLimitExceededError as error:
    assert (error.status_code, error.error_code) == (429, "RATE_LIMIT_EXCEEDED"), error
    print("refused as RateLimitExceededError")
else:
    raise SystemExit("the rate was never held")
