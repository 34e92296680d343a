"""python3 -m unittest discover client/python: against a service of two lines on a free port."""

import json
import threading
import unittest
from http.server import BaseHTTPRequestHandler, HTTPServer

from flipwire import Flipwire, Problem, UpgradeRequired


class FlipwireTest(unittest.TestCase):
    def setUp(self):
        self.replies, self.requests, self.sleeps = [], [], []
        test = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self):
                test.requests.append((self.command, self.path, self.headers.get("Authorization")))
                status, body, headers = test.replies.pop(0)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(json.dumps(body).encode() if body is not None else b"<h1>broken</h1>")

            do_GET = do_POST = answer

            def log_message(self, *_):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
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
        with self.assertRaises(Problem) as caught:
            self.client().symbols()
        self.assertEqual((caught.exception.code, self.sleeps), ("quota_exceeded", []))

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

    def test_goes_through_pages(self):
        self.reply(200, {"data": {"rows": [1, 2], "nextCursor": "c d"}})
        self.reply(200, {"data": {"rows": [3], "nextCursor": None}})
        self.assertEqual(list(self.client().contracts("SPX", limit=2)), [1, 2, 3])
        self.assertEqual(self.requests[1][1], "/v1/chain/SPX?cursor=c+d&limit=2")

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
