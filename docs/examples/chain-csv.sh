#!/usr/bin/env bash
# The puts of the first symbol as CSV, page after page by the Link header.
set -euo pipefail
url=$1
token=$(curl -fsS -X POST "$url/v1/auth/guest" | sed 's/.*"token":"\([^"]*\)".*/\1/')
auth="Authorization: Bearer $token"
symbol=$(curl -fsS -H "$auth" -H 'Accept: text/csv' "$url/v1/symbols" | sed -n '2s/,.*//p')
headers=$(mktemp)
trap 'rm -f "$headers"' EXIT
next="/v1/chain/$symbol?right=put&limit=100"
first=1
while [ -n "$next" ]; do
  curl -fsS -D "$headers" -H "$auth" -H 'Accept: text/csv' "$url$next" | tail -n "+$first"
  first=2
  next=$(sed -n 's/^[Ll]ink: <\(.*\)>; rel="next".*/\1/p' "$headers")
done
