#!/usr/bin/env bash
# Takes a place for a window, renews it as a client does every 30 s, shows what is open, and gives the place back.
set -euo pipefail
url=$1
token=$(curl -fsS -X POST "$url/v1/auth/guest" | sed 's/.*"token":"\([^"]*\)".*/\1/')
auth="Authorization: Bearer $token"
# The name of its own makes it safe to ask again after an answer that got lost.
opened=$(curl -fsS "$url/v1/windows" -H "$auth" -H "Idempotency-Key: $(date +%s%N)-example" \
  -d '{"kind": "exposure", "symbol": "SPX"}')
id=$(sed 's/.*"id":"\([^"]*\)".*/\1/' <<<"$opened")
curl -fsS -X PUT "$url/v1/windows/$id" -H "$auth" -o /dev/null
curl -fsS "$url/v1/windows" -H "$auth"
curl -fsS -X DELETE "$url/v1/windows/$id" -H "$auth"
