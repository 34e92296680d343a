import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, describe, expect, test } from 'vitest'

const REFERENCE = resolve(import.meta.dirname, '../../shared/reference/black-scholes.csv')
const folder = mkdtempSync(join(tmpdir(), 'greeks-'))
afterAll(() => rmSync(folder, { recursive: true }))

function run(...args: string[]) {
  const script = join(import.meta.dirname, 'greeks.ts')
  const pinnedNode = resolve(import.meta.dirname, '../node_modules/.bin/node')
  return spawnSync(pinnedNode, ['--disable-warning=ExperimentalWarning', script, ...args], {
    encoding: 'utf8',
  })
}

function runOn(text: string) {
  const path = join(folder, 'options.csv')
  writeFileSync(path, text)
  return run(path)
}

function rowsOf(csv: string): Record<string, string>[] {
  return parse(csv, { columns: true })
}

describe('a good file', () => {
  test.skipIf(!existsSync(REFERENCE))('prints the reference table back, every greek and volatility', () => {
    const { status, stdout, stderr } = run(REFERENCE)
    expect([status, stderr]).toEqual([0, ''])
    const expected = rowsOf(readFileSync(REFERENCE, 'utf8'))
    const printed = rowsOf(stdout)
    expect(printed).toHaveLength(600)
    const columns = Object.keys(expected[0] ?? {})
    expect(Object.keys(printed[0] ?? {})).toEqual([...columns, 'impliedVol'])
    const computed = columns.slice(7).filter((name) => name !== 'americanPrice')
    for (const [i, row] of printed.entries()) {
      for (const name of computed) {
        const relative = Math.abs(Number(row[name]) / Number(expected[i]?.[name]) - 1)
        expect(relative).toBeLessThan(1e-12)
      }
      expect(Math.abs(Number(row.impliedVol) - Number(expected[i]?.vol))).toBeLessThan(1e-9)
      expect(row.type).toBe(expected[i]?.type)
      // The reference is by collocation too; one of its rows is 3e-7 below intrinsic value.
      expect(Math.abs(Number(row.americanPrice) / Number(expected[i]?.americanPrice) - 1)).toBeLessThan(5e-7)
    }
  })

  test('reads columns in any order, keeps rows in theirs, leaves out what is not computed', () => {
    const { status, stdout } = runOn(
      'type,vol,note,yield,rate,days,strike,spot\nC,0.14,x,0.013,0.043,7,5850,5800\nP,0.14,y,0.013,0.043,7,5850,5800\n',
    )
    expect(status).toBe(0)
    const [call, put] = rowsOf(stdout)
    expect(Object.keys(call ?? {}).slice(0, 8)).toEqual([
      'type',
      'vol',
      'yield',
      'rate',
      'days',
      'strike',
      'spot',
      'price',
    ])
    expect(Number(call?.price)).toBeCloseTo(25.5052143047, 9)
    expect(Number(put?.price)).toBeCloseTo(72.1288035124, 9)
  })

  test('says where the American price is only a lower bound', () => {
    const { status, stdout, stderr } = runOn(
      'spot,strike,days,rate,yield,vol,type,price\n100,100,365,-0.01,-0.02,0.2,P,7\n',
    )
    expect(status).toBe(0)
    expect(stderr).toBe('line 2: the American price is a lower bound\n')
    expect(Number(rowsOf(stdout)[0]?.americanPrice)).toBeGreaterThan(7)
  })

  test('leaves the volatility blank and says why', () => {
    const { status, stdout, stderr } = runOn(
      'spot,strike,days,rate,yield,vol,type,price\n100,90,30,0,0,0.2,C,9\n100,110,30,0,0,0.2,C,\n',
    )
    expect(status).toBe(0)
    expect(rowsOf(stdout).map((row) => row.impliedVol)).toEqual(['', ''])
    expect(stderr).toBe(
      'line 2: no implied volatility: below_intrinsic\nline 3: no implied volatility: not_finite\n',
    )
  })
})

describe('a bad file ends with 1 and one line', () => {
  const HEADER = 'spot,strike,days,rate,yield,vol,type\n'

  test.each([
    ['', 'expected a header with spot, strike, days, rate, yield, vol, type, found an empty file'],
    ['{"a":1}', 'expected CSV with a header, found Invalid Opening Quote'],
    ['a,b\n1,2\n', 'expected columns spot, strike, days, rate, yield, vol, type, found no spot'],
    [HEADER, 'expected at least one row under the header, found none after line 1'],
    [`${HEADER}100,abc,30,0,0,0.2,C\n`, 'expected a number above 0 in column strike, found "abc" in line 2'],
    [`${HEADER}100,90,30,0,0,0.2,C\n100,90,0,0,0,0.2,C\n`, 'column days, found "0" in line 3'],
    [`${HEADER}100,90,30,0,0,0.2,X\n`, 'expected C or P in column type, found "X" in line 2'],
    [`${HEADER}100,90,30\n`, 'expected CSV with a header, found Invalid Record Length'],
  ])('%j', (text, problem) => {
    const { status, stdout, stderr } = runOn(text)
    expect(status).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toContain(problem)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  })

  test('no such file, or no argument', () => {
    expect(run(join(folder, 'absent.csv')).stderr).toContain('found ENOENT at')
    const { status, stderr } = run()
    expect([status, stderr]).toEqual([1, 'greeks: expected the path of a CSV file, found no argument\n'])
  })
})
