"""The REST API of a Flipwire service. Standard library only.

    from flipwire import Flipwire, UpgradeRequired

    flipwire = Flipwire("https://flipwire.example", api_key="...")
    levels = flipwire.levels("SPX")
    print(levels["data"]["nearestFlip"], levels["meta"]["asOf"])

Without a key it asks for guest tokens by itself. Only reads are tried again, and only after no answer, 429 and 503.
"""

import calendar
import json
import random
import time
import urllib.error
import urllib.parse
import urllib.request

__all__ = ["Flipwire", "Problem", "UpgradeRequired"]

TRIES = 3
RETRY_DELAY_SECONDS = 0.4
MAX_RETRY_AFTER_SECONDS = 10
TIMEOUT_SECONDS = 10
RENEW_BEFORE_SECONDS = 60
TOKEN_CODES = {"missing_token", "invalid_token", "expired_token"}


class Problem(Exception):
    """What the service says went wrong: RFC 9457, with a stable `code`. `status` is 0 when no answer came."""

    def __init__(self, document):
        super().__init__(f"{document.get('title')}: {document.get('detail')}")
        self.document = document
        self.code = document.get("code")
        self.status = document.get("status")
        self.request_id = document.get("requestId")


class UpgradeRequired(Problem):
    """A higher tier may: `required_tier`, to be had at `upgrade_url`."""

    def __init__(self, document):
        super().__init__(document)
        self.required_tier = document.get("requiredTier")
        self.upgrade_url = document.get("upgradeUrl")


class Flipwire:
    def __init__(self, base_url, api_key=None, sleep=time.sleep):
        self._base_url = base_url.rstrip("/")
        self._api_key = api_key
        self._sleep = sleep
        self._guest_token = None
        self._guest_until = 0.0

    def symbols(self):
        return self._read("/v1/symbols")

    def levels(self, symbol):
        return self._read("/v1/levels", symbol)

    def exposure(self, symbol):
        return self._read("/v1/exposure", symbol)

    def strikes(self, symbol, shape="rows"):
        return self._read("/v1/exposure", symbol, "strikes", shape=shape)

    def timeline(self, symbol):
        return self._read("/v1/exposure", symbol, "timeline")

    def volatility(self, symbol):
        return self._read("/v1/volatility", symbol)

    def metrics(self, symbol, *families):
        return self._read("/v1/metrics", symbol, family=",".join(families) or None)

    def explain(self, symbol, metric):
        return self._read("/v1/explain", symbol, metric)

    def methods(self):
        return self._read("/v1/methods")

    def chain(self, symbol, **query):
        """One page. `expiry`, `right`, `limit`, `cursor`, `shape`."""
        return self._read("/v1/chain", symbol, **query)

    def contracts(self, symbol, **query):
        """Every contract, page after page."""
        cursor = None
        while True:
            data = self.chain(symbol, cursor=cursor, **query)["data"]
            yield from data["rows"]
            cursor = data["nextCursor"]
            if cursor is None:
                return

    def snapshots(self, symbol, **query):
        return self._read("/v1/snapshots", symbol, **query)

    def snapshot(self, symbol, id):
        return self._read("/v1/snapshots", symbol, id)

    def usage(self, day=None):
        return self._read("/v1/usage", day=day)

    def health(self):
        return self._read("/v1/health")

    def _read(self, route, *segments, **query):
        path = "/".join([route, *(urllib.parse.quote(segment, safe="") for segment in segments)])
        given = {name: value for name, value in query.items() if value is not None}
        url = f"{self._base_url}{path}" + (f"?{urllib.parse.urlencode(given)}" if given else "")
        renewed = False
        attempt = 1
        while True:
            try:
                return _call("GET", url, self._token())
            except Problem as problem:
                if problem.code in TOKEN_CODES and self._api_key is None and not renewed:
                    renewed = True
                    self._guest_token = None
                    continue
                wait = _wait_seconds(problem, attempt)
                if wait is None:
                    raise
                self._sleep(wait)
                attempt += 1

    def _token(self):
        if self._api_key is not None:
            return self._api_key
        if self._guest_token is None or time.time() > self._guest_until:
            guest = _call("POST", f"{self._base_url}/v1/auth/guest", None)
            self._guest_token = guest["token"]
            expires = time.strptime(guest["expiresAt"][:19], "%Y-%m-%dT%H:%M:%S")
            self._guest_until = calendar.timegm(expires) - RENEW_BEFORE_SECONDS
        return self._guest_token


def _call(method, url, token):
    headers = {"Accept": "application/json"}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(url, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        raise _problem_of(error) from None
    except (OSError, ValueError) as error:
        detail = {"title": "No answer", "detail": str(error), "code": "unavailable", "status": 0}
        raise Problem(detail) from error


def _problem_of(error):
    try:
        document = json.load(error)
    except ValueError:
        document = {"title": "No problem document", "detail": str(error), "code": "internal"}
    document.setdefault("status", error.code)
    problem = UpgradeRequired(document) if document.get("code") == "upgrade_required" else Problem(document)
    problem.retry_after = error.headers.get("Retry-After")
    return problem


def _wait_seconds(problem, attempt):
    """How long to wait before the next try; None when there is none. A quota of the day is not waited for."""
    if problem.status not in (0, 429, 503) or attempt >= TRIES:
        return None
    asked = getattr(problem, "retry_after", None)
    if asked is not None and asked.isdigit():
        return int(asked) if int(asked) <= MAX_RETRY_AFTER_SECONDS else None
    return RETRY_DELAY_SECONDS * 2 ** (attempt - 1) * (0.5 + random.random())
