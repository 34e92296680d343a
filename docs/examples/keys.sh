#!/usr/bin/env bash
# An API key from its making to its end: keys.sh <url> <token of tier partner> <symbol>. Prints what its use has cost.
set -euo pipefail
url=$1
auth="Authorization: Bearer $2"
field() { sed "s/.*\"$1\":\"\([^\"]*\)\".*/\1/"; }
made=$(curl -fsS "$url/v1/keys" -H "$auth" -d '{"name": "example", "scopes": ["levels"], "expiresInDays": 1}')
key=$(field key <<<"$made")
# An answer that got lost is asked for again under the same name, and costs nothing the second time.
for _ in 1 2; do
  curl -fsS "$url/v1/levels/$3" -H "X-API-Key: $key" -H 'X-Request-Id: example-1' -o /dev/null
done
successor=$(curl -fsS -X POST "$url/v1/keys/$(field id <<<"$made")/rotate" -H "$auth")
curl -fsS "$url/v1/levels/$3" -H "X-API-Key: $(field key <<<"$successor")" -o /dev/null
curl -fsS "$url/v1/usage/daily" -H "$auth" -H 'Accept: text/csv'
for one in "$made" "$successor"; do
  curl -fsS -X DELETE "$url/v1/keys/$(field id <<<"$one")" -H "$auth"
done
