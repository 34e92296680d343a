"""The chain of the first symbol: every contract row by row, and a page as columns for a data frame."""

import sys

from flipwire import Flipwire

flipwire = Flipwire(sys.argv[1])
symbol = flipwire.symbols()["data"][0]["symbol"]
contracts = [row["contract"] for row in flipwire.contracts(symbol, limit=100)]
page = flipwire.chain(symbol, shape="columns", limit=100)["data"]
print(f"{len(contracts)} of {page['total']} contracts, columns {', '.join(page['columns'])}")
