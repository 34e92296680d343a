"""A receiver of webhooks: FLIPWIRE_WEBHOOK_SECRET=whsec_… webhook.py PORT. Several secrets, by a space, while you change
them. Prints each event once and answers 204; 400 to what is not ours."""

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

from flipwire import WebhookRefused, verify_webhook

SECRETS = os.environ["FLIPWIRE_WEBHOOK_SECRET"].split(" ")
MAX_BODY_BYTES = 100_000


class Receiver(BaseHTTPRequestHandler):
    seen = set()  # In production, where it outlives the process.

    def do_POST(self):
        length = int(self.headers.get("content-length", 0))
        if length > MAX_BODY_BYTES:
            return self.answer(413)
        # As it came: parsed and written again it would not be the same bytes.
        body = self.rfile.read(length)
        try:
            message = verify_webhook(SECRETS, self.headers, body)
        except WebhookRefused:
            return self.answer(400)
        if message.id not in self.seen:
            self.seen.add(message.id)
            if message.type == "level.crossed":
                print(message.data["symbol"], "is", message.data["side"], message.data["level"], flush=True)
            else:
                print(message.type, json.dumps(message.data), flush=True)
        self.answer(204)

    def answer(self, status):
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver)
print("listening", server.server_address, flush=True)
server.serve_forever()
