"""Messages as Standard Webhooks has them, and what is not one."""

import base64
import hashlib
import hmac
import json
import unittest

from flipwire import WebhookRefused, verify_webhook

# Of the reference implementations of Standard Webhooks.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_" + base64.b64encode(b"another secret of 32 bytes......").decode()
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
NOW = 1614265330
BODY = '{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
EVENT = '{"type":"key.rotated","timestamp":"2026-11-20T12:00:00.000Z","data":{"key":"a","successor":"\u00fc"}}'


def signature_of(body, secret=SECRET):
    key = base64.b64decode(secret[len("whsec_") :])
    return "v1," + base64.b64encode(hmac.new(key, f"{ID}.{NOW}.{body}".encode(), hashlib.sha256).digest()).decode()


def headers_of(**changes):
    given = {"id": ID, "timestamp": str(NOW), "signature": signature_of(EVENT), **changes}
    return {f"webhook-{name}": value for name, value in given.items() if value is not None}


class WebhooksTest(unittest.TestCase):
    def reason(self, secret=SECRET, body=EVENT, now=NOW, **changes):
        try:
            verify_webhook(secret, headers_of(**changes), body, now)
        except WebhookRefused as refusal:
            return refusal.reason
        return "ok"

    def test_makes_the_signature_of_the_vector(self):
        self.assertEqual(signature_of(BODY), SIGNATURE)
        # Its signature is right, and it is no event.
        self.assertEqual(self.reason(body=BODY, signature=SIGNATURE), "wrong_body")
        self.assertEqual(self.reason(body=BODY, signature=SIGNATURE, secret=OTHER), "wrong_signature")

    def test_is_an_event(self):
        message = verify_webhook(SECRET, headers_of(), EVENT.encode(), NOW)
        self.assertEqual((message.id, message.attempted, message.type), (ID, NOW, "key.rotated"))
        self.assertEqual(message.data["successor"], "\u00fc")

    def test_takes_what_standard_webhooks_allows(self):
        both = f"v1a,AAAA v1,AAAA {signature_of(EVENT)}"
        for given in (
            {"secret": SECRET[6:]},
            {"secret": [OTHER, SECRET]},
            {"signature": both},
            {"now": NOW - 300},
            {"now": NOW + 300},
        ):
            self.assertEqual(self.reason(**given), "ok", given)
        capitals = {name.upper(): value for name, value in headers_of().items()}
        self.assertEqual(verify_webhook(SECRET, capitals, EVENT, NOW).id, ID)

    def test_refuses_what_is_not_ours_or_not_of_now(self):
        for reason, given in (
            ("wrong_signature", {"secret": OTHER}),
            ("wrong_signature", {"body": EVENT + " "}),
            ("wrong_signature", {"id": "msg_1"}),
            ("wrong_signature", {"timestamp": str(NOW + 1)}),
            ("wrong_signature", {"signature": "v1,"}),
            ("wrong_signature", {"signature": "v1,\u00fc"}),
            ("wrong_signature", {"signature": signature_of(EVENT).replace("v1", "v2")}),
            ("wrong_signature", {"signature": "v1,AAAA " * 1_000 + signature_of(EVENT)}),
            ("missing_header", {"id": None}),
            ("missing_header", {"signature": ""}),
            ("wrong_timestamp", {"timestamp": "NaN"}),
            ("wrong_timestamp", {"timestamp": "\u0661"}),
            ("wrong_timestamp", {"timestamp": "1" * 400}),
            ("too_old", {"now": NOW + 301}),
            ("too_new", {"now": NOW - 301}),
        ):
            self.assertEqual(self.reason(**given), reason, given)

    def test_verifies_nothing_with_a_secret_that_is_none(self):
        for secret in ("", "whsec_", "whsec_MfKQ9r8G", "whsec_***", [], [""]):
            with self.assertRaises(ValueError) as caught:
                verify_webhook(secret, headers_of(), EVENT, NOW)
            self.assertNotIn("MfKQ", str(caught.exception))

    def test_leaves_new_types_to_the_receiver(self):
        body = json.dumps({"type": "key.expired", "timestamp": "", "data": {}})
        message = verify_webhook(SECRET, headers_of(signature=signature_of(body)), body, NOW)
        self.assertEqual((message.type, message.data), ("key.expired", {}))


if __name__ == "__main__":
    unittest.main()
