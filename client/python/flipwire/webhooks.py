"""What a receiver of webhooks does first: makes sure that a message is ours and of now (Standard Webhooks)."""

import base64
import binascii
import hashlib
import hmac
import json
import time
from typing import Any, Dict, List, NamedTuple, Optional, TypedDict, Union

PREFIX = "whsec_"
VERSION = "v1,"
TOLERANCE_SECONDS = 300
# What Standard Webhooks has for the least; a secret that is missing or cut off must not verify anything.
MIN_SECRET_BYTES = 24
MAX_SIGNATURES = 20


class LevelsNow(TypedDict):
    zeroGamma: Optional[float]
    callWall: Optional[float]
    putWall: Optional[float]


class LevelCrossed(TypedDict):
    symbol: str
    level: str
    side: str
    movedBy: str
    price: float
    spotPrice: float
    levels: LevelsNow
    previous: Dict[str, Any]
    meta: Dict[str, Any]


class RegimeChanged(TypedDict):
    symbol: str
    regime: str
    netGex: float
    spotPrice: float
    levels: LevelsNow
    previous: Dict[str, Any]
    meta: Dict[str, Any]


class UsageThreshold(TypedDict):
    day: str
    percent: int
    units: float
    unitsPerDay: float


class KeyRotated(TypedDict):
    key: str
    name: str
    successor: str
    endsAt: str


class WebhookTest(TypedDict):
    webhook: str


#: The `data` of each type of event. There may be more of either than this version knows.
EVENTS = {
    "level.crossed": LevelCrossed,
    "regime.changed": RegimeChanged,
    "usage.threshold": UsageThreshold,
    "key.rotated": KeyRotated,
    "webhook.test": WebhookTest,
}


class WebhookMessage(NamedTuple):
    #: Of the event, the same at every attempt: tell repeats by it.
    id: str
    #: Of this attempt, Unix seconds.
    attempted: int
    type: str
    #: When it happened, ISO 8601 UTC.
    timestamp: str
    data: Union[LevelCrossed, RegimeChanged, UsageThreshold, KeyRotated, WebhookTest, Dict[str, Any]]


class WebhookRefused(Exception):
    """Not ours, or not of now: answer 400. `reason` is one word for a log."""

    def __init__(self, reason, detail):
        super().__init__(detail)
        self.reason = reason


def verify_webhook(secret, headers, body, now=None):
    """The message, or WebhookRefused. ValueError when a secret is not written as one.

    `secret`: `whsec_…`, or several while you change them. `headers`: of the request, as they came. `body`: the bytes as they
    came: parsed and written again they would not be the same.
    """
    secrets = [_secret_bytes(each) for each in ([secret] if isinstance(secret, str) else secret)]
    if not secrets:
        raise ValueError("expected a secret, was none")
    id, seconds, signatures = (_header(headers, f"webhook-{name}") for name in ("id", "timestamp", "signature"))
    if not id or not seconds or not signatures:
        raise WebhookRefused("missing_header", "expected webhook-id, webhook-timestamp and webhook-signature")
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 12):
        raise WebhookRefused("wrong_timestamp", "expected Unix seconds in webhook-timestamp")
    age = (time.time() if now is None else now) - int(seconds)
    if age > TOLERANCE_SECONDS:
        raise WebhookRefused("too_old", "expected a message of the last five minutes")
    if age < -TOLERANCE_SECONDS:
        raise WebhookRefused("too_new", "expected a message of the past")
    content = body.encode() if isinstance(body, str) else bytes(body)
    if not _is_signed(f"{id}.{seconds}.".encode() + content, signatures, secrets):
        raise WebhookRefused("wrong_signature", "expected a signature made with this secret, over the body as it came")
    try:
        event = json.loads(content)
        return WebhookMessage(id, int(seconds), str(event["type"]), str(event["timestamp"]), event["data"])
    except (ValueError, KeyError, TypeError):
        raise WebhookRefused("wrong_body", "expected JSON with type, timestamp and data") from None


def _is_signed(content: bytes, signatures: str, secrets: List[bytes]) -> bool:
    given = [each[len(VERSION) :] for each in signatures.split(" ") if each.startswith(VERSION)][:MAX_SIGNATURES]
    digests = [base64.b64encode(hmac.new(secret, content, hashlib.sha256).digest()) for secret in secrets]
    # A list: all are compared, whichever fits.
    return any([hmac.compare_digest(each.encode(), digest) for each in given for digest in digests])


def _secret_bytes(secret: str) -> bytes:
    try:
        text = secret[len(PREFIX) :] if secret.startswith(PREFIX) else secret
        decoded = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        decoded = b""
    if len(decoded) < MIN_SECRET_BYTES:
        raise ValueError(f"expected a secret as it was shown, {PREFIX} and base64, was something else")
    return decoded


def _header(headers, name: str) -> Optional[str]:
    """Of http.server, a framework or a dict, names in any case. Two of one name: somebody added one."""
    values = [value for key, value in headers.items() if key.lower() == name]
    return values[0] if len(values) == 1 else None
