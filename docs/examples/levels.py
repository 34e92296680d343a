"""Key levels of the first symbol, with their age; and what a refusal looks like."""

import sys

from flipwire import Flipwire, Problem, UpgradeRequired

flipwire = Flipwire(sys.argv[1])
symbol = flipwire.symbols()["data"][0]["symbol"]
try:
    levels = flipwire.levels(symbol)
    data, meta = levels["data"], levels["meta"]
    print(f"{meta['symbol']} at {meta['asOf']} ({meta['feed']}, {meta['quality']['freshness']})")
    print(
        f"spot {data['spotPrice']}, flip {data['nearestFlip']}, "
        f"call wall {data['callWall']}, put wall {data['putWall']}"
    )
except UpgradeRequired as refusal:
    print(f"needs {refusal.required_tier}: {refusal.upgrade_url}")

try:
    flipwire.levels("NOTHING")
except Problem as problem:
    print(f"refused: {problem.code}")
