"""The REST API of a Flipwire service. Standard library only.

    from flipwire import Flipwire, UpgradeRequired

    flipwire = Flipwire("https://flipwire.example", api_key="...")
    levels = flipwire.levels("SPX")
    print(levels["data"]["nearestFlip"], levels["meta"]["asOf"])

Without a key it asks for guest tokens by itself. Only reads are tried again, and only after no answer, 429 and 503; a read
has one id over all its tries, so that a partner pays it once. Receivers of webhooks: `verify_webhook`.
"""

import calendar
import email.utils
import http.client
import json
import random
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

from .webhooks import WebhookMessage, WebhookRefused, verify_webhook

__all__ = [
    "Flipwire",
    "Problem",
    "QuotaExceeded",
    "Unauthorized",
    "UpgradeRequired",
    "WebhookMessage",
    "WebhookRefused",
    "verify_webhook",
]

TRIES = 3
RETRY_DELAY_SECONDS = 0.4
MAX_RETRY_AFTER_SECONDS = 10
TIMEOUT_SECONDS = 10
RENEW_BEFORE_SECONDS = 60
TOKEN_CODES = {"missing_token", "invalid_token", "expired_token"}


class Problem(Exception):
    """What the service says went wrong: RFC 9457, with a stable `code`. `status` is 0 when no answer came."""

    def __init__(self, document, retry_after=None):
        super().__init__(f"{document.get('title')}: {document.get('detail')}")
        self.document = document
        self.code = document.get("code")
        self.status = document.get("status")
        self.request_id = document.get("requestId")
        #: Seconds, where the service asked for patience.
        self.retry_after = retry_after
        #: Of what was sent: `[{"field", "detail"}]`.
        self.errors = document.get("errors", [])


class UpgradeRequired(Problem):
    """A higher tier may: `required_tier`, to be had at `upgrade_url`."""

    def __init__(self, document, retry_after=None):
        super().__init__(document, retry_after)
        self.required_tier = document.get("requiredTier")
        self.upgrade_url = document.get("upgradeUrl")


class QuotaExceeded(Problem):
    """The units of a minute or a day are used up; there are new ones in `retry_after` seconds."""


class Unauthorized(Problem):
    """The key or token is missing, wrong, or has ended."""


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
        for page in _pages(lambda cursor: self.chain(symbol, cursor=cursor, **query)["data"]):
            yield from page["rows"]

    def snapshots(self, symbol, **query):
        """One page. `limit`, `cursor`."""
        return self._read("/v1/snapshots", symbol, **query)

    def every_snapshot(self, symbol, **query):
        """Every snapshot there is, newest first, page after page."""
        for page in _pages(lambda cursor: self.snapshots(symbol, cursor=cursor, **query)):
            yield from page["data"]

    def snapshot(self, symbol, id):
        return self._read("/v1/snapshots", symbol, id)

    def usage(self, day=None):
        return self._read("/v1/usage", day=day)

    def health(self):
        return self._read("/v1/health")

    def windows(self):
        return self._read("/v1/windows")

    def open_window(self, kind, symbol, idempotency_key=None):
        """A place for a minute. Asked again with the same key after a lost answer, the same place is given."""
        body = {"kind": kind, "symbol": symbol}
        return self._write("POST", "/v1/windows", body=body, idempotency_key=idempotency_key)

    def renew_window(self, id):
        """For another minute."""
        return self._write("PUT", "/v1/windows", id)

    def close_window(self, id):
        return self._write("DELETE", "/v1/windows", id)

    def ticket(self):
        """What a browser opens one socket with, within a minute."""
        return self._write("POST", "/v1/ws-ticket")

    def _read(self, route, *segments, **query):
        given = {name: value for name, value in query.items() if value is not None}
        path = _path(route, segments) + (f"?{urllib.parse.urlencode(given)}" if given else "")
        headers = {"X-Request-Id": str(uuid.uuid4())}
        attempt = 1
        while True:
            try:
                return self._ask("GET", path, headers)
            except Problem as problem:
                wait = _wait_seconds(problem, attempt)
                if wait is None:
                    raise
                self._sleep(wait)
                attempt += 1

    def _write(self, method, route, *segments, body=None, idempotency_key=None):
        headers = {} if idempotency_key is None else {"Idempotency-Key": idempotency_key}
        return self._ask(method, _path(route, segments), headers, body)

    def _ask(self, method, path, headers, body=None):
        """Once, and once more when a guest's token was refused: nothing was done then."""
        url = f"{self._base_url}{path}"
        try:
            return _call(method, url, self._token(), headers, body)
        except Unauthorized as problem:
            if problem.code not in TOKEN_CODES or self._api_key is not None:
                raise
        self._guest_until = 0.0
        return _call(method, url, self._token(), headers, body)

    def _token(self):
        if self._api_key is not None:
            return self._api_key
        if self._guest_token is None or time.time() > self._guest_until:
            # With the last one, the next is of the same guest.
            guest = _call("POST", f"{self._base_url}/v1/auth/guest", self._guest_token)
            self._guest_token = guest["token"]
            expires = time.strptime(guest["expiresAt"][:19], "%Y-%m-%dT%H:%M:%S")
            self._guest_until = calendar.timegm(expires) - RENEW_BEFORE_SECONDS
        return self._guest_token


def _path(route, segments):
    return "/".join([route, *(urllib.parse.quote(segment, safe="") for segment in segments)])


def _pages(read):
    cursor = None
    while True:
        page = read(cursor)
        yield page
        cursor = page["nextCursor"]
        if cursor is None:
            return


def _call(method, url, token, headers=None, body=None):
    sent = {"Accept": "application/json", **(headers or {})}
    if token is not None:
        sent["Authorization"] = f"Bearer {token}"
    data = None
    if body is not None:
        data = json.dumps(body).encode()
        sent["Content-Type"] = "application/json"
    request = urllib.request.Request(url, method=method, headers=sent, data=data)
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:
            return None if response.status == 204 else json.load(response)
    except urllib.error.HTTPError as error:
        raise _problem_of(error) from None
    except (OSError, ValueError, http.client.HTTPException) as error:
        detail = {"title": "No answer", "detail": str(error), "code": "unavailable", "status": 0}
        raise Problem(detail) from error


def _problem_of(error):
    try:
        document = json.load(error)
        if not isinstance(document, dict):
            raise ValueError
    except (OSError, ValueError, http.client.HTTPException):
        document = {"title": "No problem document", "detail": str(error), "code": "internal"}
    document.setdefault("status", error.code)
    kinds = {"upgrade_required": UpgradeRequired, "quota_exceeded": QuotaExceeded}
    kind = kinds.get(document.get("code"), Unauthorized if error.code == 401 else Problem)
    return kind(document, _retry_after_seconds(error.headers.get("Retry-After")))


def _retry_after_seconds(text):
    """Seconds or a date (RFC 9110)."""
    if text is None:
        return None
    if text.isdigit():
        return int(text)
    try:
        return max(0, email.utils.parsedate_to_datetime(text).timestamp() - time.time())
    except (TypeError, ValueError):
        return None


def _wait_seconds(problem, attempt):
    """How long to wait before the next try; None when there is none. A quota of the day is not waited for."""
    if problem.status not in (0, 429, 503) or attempt >= TRIES:
        return None
    if problem.retry_after is not None:
        return problem.retry_after if problem.retry_after <= MAX_RETRY_AFTER_SECONDS else None
    return RETRY_DELAY_SECONDS * 2 ** (attempt - 1) * (0.5 + random.random())
