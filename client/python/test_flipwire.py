"""python3 -m unittest discover client/python: against a service of two lines on a free port."""

import email.utils
import json
import threading
import time
import unittest
from http.server import BaseHTTPRequestHandler, HTTPServer

from flipwire import Flipwire, Problem, QuotaExceeded, Unauthorized, UpgradeRequired


class FlipwireTest(unittest.TestCase):
    def setUp(self):
        self.replies, self.requests, self.sleeps = [], [], []
        self.ids, self.bodies = [], []
        test = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self):
                test.requests.append((self.command, self.path, self.headers.get("Authorization")))
                test.ids.append(self.headers.get("X-Request-Id"))
                length = int(self.headers.get("Content-Length", 0))
                test.bodies.append((self.headers.get("Idempotency-Key"), self.rfile.read(length)))
                status, body, headers = test.replies.pop(0)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                if status == 204:
                    return
                self.wfile.write(json.dumps(body).encode() if body is not None else b"<h1>broken</h1>")

            do_GET = do_POST = do_PUT = do_DELETE = answer

            def log_message(self, *_):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def client(self, api_key="key"):
        return Flipwire(self.url, api_key=api_key, sleep=self.sleeps.append)

    def reply(self, status, body, **headers):
        self.replies.append((status, body, {name.replace("_", "-"): value for name, value in headers.items()}))

    def test_waits_as_long_as_asked(self):
        self.reply(503, {"code": "unavailable"}, Retry_After="2")
        self.reply(200, {"data": []})
        self.assertEqual(self.client().symbols(), {"data": []})
        self.assertEqual(self.sleeps, [2])

    def test_does_not_wait_for_the_quota_of_the_day(self):
        self.reply(429, {"code": "quota_exceeded"}, Retry_After="3600")
        with self.assertRaises(QuotaExceeded) as caught:
            self.client().symbols()
        self.assertEqual((caught.exception.retry_after, self.sleeps), (3600, []))

    def test_waits_until_an_instant_it_is_given(self):
        self.reply(503, {"code": "unavailable"}, Retry_After=email.utils.formatdate(time.time() - 60, usegmt=True))
        self.reply(200, {"data": []})
        self.client().symbols()
        self.assertEqual(self.sleeps, [0])

    def test_has_one_id_for_a_call_and_its_repeats(self):
        self.reply(503, {"code": "unavailable"}, Retry_After="1")
        self.reply(200, {"data": []})
        self.reply(200, {"data": []})
        client = self.client()
        client.symbols()
        client.symbols()
        first, again, other = self.ids
        self.assertEqual(first, again)
        self.assertNotEqual(first, other)
        self.assertRegex(first, "^[0-9a-f-]{36}$")

    def test_gives_up_after_three_tries(self):
        for _ in range(3):
            self.reply(503, {"code": "unavailable"})
        with self.assertRaises(Problem):
            self.client().symbols()
        self.assertEqual((len(self.requests), len(self.sleeps)), (3, 2))

    def test_tells_what_needs_a_higher_tier(self):
        self.reply(403, {"code": "upgrade_required", "requiredTier": "pro", "upgradeUrl": "/?upgrade"})
        with self.assertRaises(UpgradeRequired) as caught:
            self.client().exposure("BRK.B")
        self.assertEqual(caught.exception.required_tier, "pro")
        self.assertEqual(self.requests, [("GET", "/v1/exposure/BRK.B", "Bearer key")])

    def test_renews_a_refused_guest_token_once(self):
        far = "2999-01-01T00:00:00.000Z"
        self.reply(200, {"token": "a", "expiresAt": far})
        self.reply(401, {"code": "expired_token"})
        self.reply(200, {"token": "b", "expiresAt": far})
        self.reply(200, {"data": []})
        self.client(api_key=None).symbols()
        self.assertEqual([token for _, path, token in self.requests if path == "/v1/symbols"], ["Bearer a", "Bearer b"])
        asked = [token for _, path, token in self.requests if path == "/v1/auth/guest"]
        self.assertEqual(asked, [None, "Bearer a"])

    def test_goes_through_pages(self):
        self.reply(200, {"data": {"rows": [1, 2], "nextCursor": "c d"}})
        self.reply(200, {"data": {"rows": [3], "nextCursor": None}})
        self.assertEqual(list(self.client().contracts("SPX", limit=2)), [1, 2, 3])
        self.assertEqual(self.requests[1][1], "/v1/chain/SPX?cursor=c+d&limit=2")

    def test_goes_through_pages_of_snapshots(self):
        self.reply(200, {"data": [1, 2], "nextCursor": "c"})
        self.reply(200, {"data": [3], "nextCursor": None})
        self.assertEqual(list(self.client().every_snapshot("SPX")), [1, 2, 3])
        self.assertEqual(self.requests[1][1], "/v1/snapshots/SPX?cursor=c")

    def test_opens_renews_and_closes_a_window(self):
        self.reply(201, {"data": {"id": "a/b"}})
        self.reply(200, {"data": {"id": "a/b"}})
        self.reply(204, None)
        client = self.client()
        id = client.open_window("exposure", "SPX", idempotency_key="k")["data"]["id"]
        client.renew_window(id)
        self.assertIsNone(client.close_window(id))
        self.assertEqual(
            [request[:2] for request in self.requests],
            [("POST", "/v1/windows"), ("PUT", "/v1/windows/a%2Fb"), ("DELETE", "/v1/windows/a%2Fb")],
        )
        self.assertEqual(self.bodies[0], ("k", b'{"kind": "exposure", "symbol": "SPX"}'))

    def test_does_not_try_again_what_changes_something(self):
        self.reply(503, {"code": "unavailable"}, Retry_After="1")
        with self.assertRaises(Problem):
            self.client().open_window("exposure", "SPX")
        self.assertEqual((len(self.requests), self.sleeps), (1, []))

    def test_a_refused_key_is_a_kind_of_its_own(self):
        self.reply(401, {"code": "invalid_token"})
        with self.assertRaises(Unauthorized):
            self.client().symbols()
        self.assertEqual(len(self.requests), 1)

    def test_says_which_field_is_wrong(self):
        errors = [{"field": "limit", "detail": "expected 1 to 500"}]
        self.reply(400, {"code": "invalid_parameter", "errors": errors})
        with self.assertRaises(Problem) as caught:
            self.client().chain("SPX", limit=0)
        self.assertEqual(caught.exception.errors, errors)

    def test_an_answer_that_is_no_problem_document_is_a_problem(self):
        self.reply(500, None)
        with self.assertRaises(Problem) as caught:
            self.client().symbols()
        self.assertEqual((caught.exception.code, caught.exception.status), ("internal", 500))

    def test_no_answer_is_a_problem(self):
        self.server.shutdown()
        self.server.server_close()
        with self.assertRaises(Problem) as caught:
            self.client().symbols()
        self.assertEqual((caught.exception.status, len(self.sleeps)), (0, 2))


if __name__ == "__main__":
    unittest.main()
