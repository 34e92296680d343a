#!/usr/bin/env bash
# A problem document: what was expected, what came, and a code for machines.
set -euo pipefail
curl -sS "$1/v1/levels/SPX"
