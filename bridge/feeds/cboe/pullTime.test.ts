import { expect, test } from 'vitest'
import { parsePullTime } from './pullTime.ts'

const SEPTEMBER_4_1430_NEW_YORK = Date.UTC(2025, 8, 4, 18, 30)

test.each([
  'September 4, 2025 at 2:30 PM EDT',
  '4 de setembro de 2025 às 14:30 GMT-4',
  '4 de septiembre de 2025 a las 14:30 GMT-4',
  '4 de septiembre de 2025, 02:30 p. m. GMT-4',
  '4 septembre 2025 à 14:30 UTC−4',
  '4. September 2025 um 14:30 GMT-4',
  '4 settembre 2025 alle ore 14:30 GMT-4',
  '4 września 2025 14:30 GMT-4',
  '4. september 2025 kl. 14.30 GMT-4',
  '4 сентября 2025 г. в 14:30 GMT-4',
  '4 Eylül 2025 14:30 GMT-4',
  '4 Σεπτεμβρίου 2025 στις 2:30 μ.μ. GMT-4',
  '2025年9月4日 14:30 GMT-4',
  '2025년 9월 4일 오후 2:30 GMT-4',
  '  "Sep 4, 2025, 2:30\u202fPM" ',
])('%s is 14:30 in New York', (text) => {
  expect(parsePullTime(text)).toBe(SEPTEMBER_4_1430_NEW_YORK)
})

test.each([
  ['December 12, 2022 at 8:30 PM EST', Date.UTC(2022, 11, 13, 1, 30)],
  ['4 de março de 2025 às 00:05 GMT-5', Date.UTC(2025, 2, 4, 5, 5)],
  ['March 4, 2025 at 12:05 AM EST', Date.UTC(2025, 2, 4, 5, 5)],
  ['March 4, 2025 at 12:05 PM EST', Date.UTC(2025, 2, 4, 17, 5)],
  // The day after the clocks go forward.
  ['March 10, 2025 at 9:31 AM EDT', Date.UTC(2025, 2, 10, 13, 31)],
])('%s', (text, utcMs) => {
  expect(parsePullTime(text)).toBe(utcMs)
})

test('the zone named in the text is never used: the site always writes New York time', () => {
  expect(parsePullTime('4 September 2025 at 14:30 CEST')).toBe(SEPTEMBER_4_1430_NEW_YORK)
})

test.each([
  '',
  'yesterday',
  '4 September 2025',
  '14:30',
  '31 February 2025 at 10:00',
  'May 4, 2025 at 25:00',
  'May 4, 2025 at 13:00 PM',
])('%j is no time', (text) => {
  expect(parsePullTime(text)).toBeNull()
})
