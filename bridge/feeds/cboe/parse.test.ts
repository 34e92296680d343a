import { describe, expect, test } from 'vitest'
import { readSnapshot } from '../chain/readSnapshot.ts'
import { describeProblem, type ChainSnapshot } from '../chain/snapshot.ts'

const HEADER =
  'Expiration Date,Calls,Last Sale,Net,Bid,Ask,Volume,IV,Delta,Gamma,Open Interest,' +
  'Strike,Puts,Last Sale,Net,Bid,Ask,Volume,IV,Delta,Gamma,Open Interest'
const PRICE_LINE = 'S&P 500 INDEX,Last: 6485.6401,Change:  37.3801'
const DATE_LINE = 'Date: 4 de setembro de 2025 às 14:30 GMT-4,Bid: 6484.5,Ask: 6486.8501,Size: 1*1,Volume: 0'
const ROW =
  'Thu Sep 04 2025,SPXW250904C06485000,7.5,0,7.4,7.7,812,0.1131,0.51,0.0291,404,' +
  '6485.00,SPXW250904P06485000,7.1,0,6.9,7.2,1055,0.1129,-0.49,0.0291,0'
const WING =
  'Thu Sep 04 2025,SPXW250904C02600000,3829.35,0,3875.8,3891.6,0,0,1,0,3,' +
  '2600.00,SPXW250904P02600000,0,0,0,0.05,0,0,0,0,21'

function csv(...lines: string[]): string {
  return `${lines.join('\n')}\n`
}

function snapshotOf(text: string): ChainSnapshot {
  const result = readSnapshot(text)
  if (!result.ok) throw new Error(describeProblem(result.problem))
  return result.snapshot
}

function problemOf(text: string): string {
  const result = readSnapshot(text)
  return result.ok ? 'parsed' : describeProblem(result.problem)
}

const JSON_BODY = {
  timestamp: '2023-09-21 03:17:42',
  data: {
    symbol: '^RUT',
    current_price: 1806.1193,
    bid: 0,
    ask: 0,
    last_trade_time: '2023-09-20T16:15:04',
    options: [
      {
        option: 'RUT231020C01800000',
        bid: 30.1,
        ask: 31.1,
        iv: 0.1712,
        open_interest: 12,
        volume: 3,
        delta: 0.53,
        gamma: 0.0041,
        last_trade_price: 0,
      },
      {
        option: 'RUT231020P01800000',
        bid: 0,
        ask: 0,
        iv: 0.02,
        open_interest: null,
        volume: 0,
        delta: 0,
        gamma: 0,
      },
      { option: 'nonsense' },
      17,
    ],
  },
}

describe('quotedata CSV', () => {
  test('reads underlying, spot, pull time and both sides of each line', () => {
    const { rows, ...head } = snapshotOf(csv('', PRICE_LINE, DATE_LINE, HEADER, ROW))
    expect(head).toEqual({
      source: 'cboe-file',
      underlying: 'SPX',
      spot: 6485.6401,
      bid: 6484.5,
      ask: 6486.8501,
      pulledAtMs: Date.UTC(2025, 8, 4, 18, 30),
      asOfMs: Date.UTC(2025, 8, 4, 18, 30),
      openInterestOf: 'previous_session',
      rejected: [],
    })
    expect(rows[0]).toEqual({
      symbol: 'SPXW250904C06485000',
      root: 'SPXW',
      expiryDate: '2025-09-04',
      strike: 6485,
      right: 'call',
      bid: 7.4,
      ask: 7.7,
      quoteMissing: 'none',
      last: 7.5,
      volume: 812,
      openInterest: 404,
      vendorIv: 0.1131,
      vendorIvMissing: 'none',
      vendorDelta: 0.51,
      vendorGamma: 0.0291,
    })
    expect(rows[1]).toMatchObject({ right: 'put', volume: 1055, vendorDelta: -0.49, openInterest: 0 })
  })

  test('sentinels are missing, with the reason, and zero counts are counts', () => {
    const [call, put] = snapshotOf(csv(PRICE_LINE, DATE_LINE, HEADER, WING)).rows
    expect(call).toMatchObject({
      quoteMissing: 'none',
      vendorIv: null,
      vendorIvMissing: 'vendor_sentinel',
      vendorDelta: 1,
    })
    expect(put).toMatchObject({
      bid: null,
      ask: 0.05,
      quoteMissing: 'no_bid',
      last: null,
      volume: 0,
      openInterest: 21,
    })
  })

  test('a title above, a byte-order mark, CRLF and a quoted date make no difference', () => {
    const quoted =
      '"Date: December 12, 2022 at 8:30 PM EST",Bid: 3962.01,Ask: 4016.62,Size: 1*1,"Volume: 89,468,957"'
    const text = csv('\ufeff---Example Data---', PRICE_LINE, quoted, HEADER, ROW).replaceAll('\n', '\r\n')
    const { pulledAtMs, rows } = snapshotOf(text)
    expect(pulledAtMs).toBe(Date.UTC(2022, 11, 13, 1, 30))
    expect(rows).toHaveLength(2)
  })

  test('an unquoted date with commas is read whole', () => {
    const line = 'Date: September 4, 2025, 2:30 PM EDT,Bid: 6484.5,Ask: 6486.85,Size: 1*1,Volume: 0'
    expect(snapshotOf(csv(PRICE_LINE, line, HEADER, ROW)).pulledAtMs).toBe(Date.UTC(2025, 8, 4, 18, 30))
  })

  test('columns are found by name, in older wording too', () => {
    const old = HEADER.replaceAll('Volume', 'Vol').replaceAll('Open Interest', 'Open Int')
    expect(snapshotOf(csv(PRICE_LINE, DATE_LINE, old, ROW)).rows[0]).toMatchObject({
      volume: 812,
      openInterest: 404,
    })
  })

  test('a line that holds no contract is rejected by itself, with its number and reason', () => {
    const bad = ROW.replace('SPXW250904C06485000', 'SPXW259904C06485000')
    const { rows, rejected } = snapshotOf(csv('', PRICE_LINE, DATE_LINE, HEADER, bad, 'x,y', ROW))
    expect(rows).toHaveLength(3)
    expect(rejected).toEqual([
      { line: 5, found: '"SPXW259904C06485000"', reason: 'expiry_date' },
      { line: 6, found: '"x,y"', reason: 'too few fields' },
    ])
  })

  test('text that is not a number is missing, not 0', () => {
    const [call] = snapshotOf(
      csv(PRICE_LINE, DATE_LINE, HEADER, ROW.replace(',7.4,', ',n/a,').replace(',404,', ',,')),
    ).rows
    expect(call).toMatchObject({ bid: null, quoteMissing: 'invalid', openInterest: null })
  })

  test.each([
    [
      'cut off',
      csv(PRICE_LINE, DATE_LINE, HEADER, ROW) + ROW.slice(0, 90),
      'expected 22 fields on the last line, found 13 fields',
    ],
    ['no contracts', csv(PRICE_LINE, DATE_LINE, HEADER), 'expected at least one contract'],
    [
      'no price',
      csv(DATE_LINE, HEADER, ROW),
      'expected a line with "Last: <price of the underlying>", found none at lines 1-2',
    ],
    [
      'price not a number',
      csv('X,Last: abc', DATE_LINE, HEADER, ROW),
      'expected a positive price after "Last:", found "X,Last: abc" at line 1',
    ],
    ['no date', csv(PRICE_LINE, HEADER, ROW), 'expected a line with the date and "Bid:"'],
    [
      'unreadable date',
      csv(PRICE_LINE, 'Date: ?,Bid: 1', HEADER, ROW),
      'expected a date and time of the pull, found "Date: ?,Bid: 1" at line 2',
    ],
    [
      'a column gone',
      csv(PRICE_LINE, DATE_LINE, HEADER.replace('Gamma', 'Theta'), ROW),
      'expected a "gamma" column for calls, found none at line 3',
    ],
    ['quoting broken', csv(PRICE_LINE, DATE_LINE, HEADER, `"${ROW}`), 'expected comma-separated lines'],
  ])('%s: one line saying what and where', (_, text, message) => {
    expect(problemOf(text)).toContain(message)
    expect(problemOf(text)).not.toContain('\n')
  })
})

describe('JSON body', () => {
  test('measures from the last trade in New York, not from the UTC timestamp of the file', () => {
    const { rows, ...head } = snapshotOf(JSON.stringify(JSON_BODY))
    expect(head).toMatchObject({
      underlying: 'RUT',
      spot: 1806.1193,
      bid: null,
      pulledAtMs: Date.UTC(2023, 8, 21, 3, 17, 42),
      asOfMs: Date.UTC(2023, 8, 20, 20, 15, 4),
    })
    expect(rows[0]).toMatchObject({
      root: 'RUT',
      strike: 1800,
      vendorIv: 0.1712,
      last: null,
      openInterest: 12,
    })
    expect(rows[1]).toMatchObject({
      quoteMissing: 'no_quote',
      vendorIvMissing: 'vendor_sentinel',
      openInterest: null,
    })
    expect(head.rejected).toEqual([
      { line: 2, found: '"nonsense"', reason: 'length' },
      { line: 3, found: '"17"', reason: 'no option symbol' },
    ])
  })

  test('without a last trade time the quotes are as old as the feed is late', () => {
    const { last_trade_time: _, ...data } = JSON_BODY.data
    expect(snapshotOf(JSON.stringify({ ...JSON_BODY, data })).asOfMs).toBe(Date.UTC(2023, 8, 21, 3, 2, 42))
  })

  test.each([
    ['cut off', JSON.stringify(JSON_BODY).slice(0, 300), 'expected a whole JSON body'],
    ['no data', '{"a":1}', 'expected an object with "data"'],
    [
      'no options',
      JSON.stringify({ ...JSON_BODY, data: { ...JSON_BODY.data, options: null } }),
      'expected an array of options, found "null" at data.options',
    ],
    [
      'no price',
      JSON.stringify({ ...JSON_BODY, data: { ...JSON_BODY.data, current_price: 0 } }),
      'expected a positive price, found "0" at data.current_price',
    ],
    ['no time', JSON.stringify({ ...JSON_BODY, timestamp: 'now' }), 'at timestamp'],
    [
      'only rubbish',
      JSON.stringify({ ...JSON_BODY, data: { ...JSON_BODY.data, options: [1] } }),
      'expected at least one contract',
    ],
  ])('%s: one line saying what and where', (_, text, message) => {
    expect(problemOf(text)).toContain(message)
    expect(problemOf(text)).not.toContain('\n')
  })

  test('a cut-off body is placed by its offset', () => {
    expect(problemOf(JSON.stringify(JSON_BODY).slice(0, 300))).toMatch(/at offset 300$/)
  })
})

test.each([
  ['empty', '', 'found an empty file'],
  ['blank', ' \n\n', 'found an empty file'],
  [
    'a web page',
    '<!doctype html>\n<p class="x">',
    'expected a Cboe quotedata table (a header line with "Calls" and "Puts")',
  ],
  ['another CSV', 'a,b\n1,2\n', 'at line 1'],
])('%s is not mistaken for quotes', (_, text, message) => {
  expect(problemOf(text)).toContain(message)
})
