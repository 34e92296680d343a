import { describe, expect, it } from 'vitest'
import { Alarms, OVERDUE_MS } from './alarms.ts'

type Name = 'save' | 'archive'

describe('Alarms', () => {
  it('arms the earliest and leaves the platform alone while that stands', () => {
    const alarms = new Alarms<Name>()
    alarms.ensureBy('archive', 60_000)
    expect(alarms.armAt(0)).toBe(60_000)
    expect(alarms.armAt(1)).toBeNull()
    alarms.ensureBy('save', 15_000)
    expect(alarms.armAt(2)).toBe(15_000)
    alarms.ensureBy('save', 20_000)
    expect(alarms.armAt(3)).toBeNull()
  })

  it('never asks for a time that has passed', () => {
    const alarms = new Alarms<Name>([['save', 5]])
    expect(alarms.armAt(1_000)).toBe(1_000)
  })

  it('takes what is due, earliest first, and puts it back until its work is done', () => {
    const alarms = new Alarms<Name>([
      ['archive', 200],
      ['save', 100],
    ])
    expect(alarms.takeDue(150, 1_000)).toEqual(['save'])
    expect(alarms.entries()).toEqual([
      ['archive', 200],
      ['save', 1_150],
    ])
    expect(alarms.armAt(150)).toBe(200)
    expect(alarms.takeDue(5_000, 1_000)).toEqual(['archive', 'save'])
    alarms.cancel('save')
    alarms.cancel('archive')
    expect(alarms.armAt(5_000)).toBeNull()
  })

  it('sets an alarm again that should have come long ago', () => {
    const alarms = new Alarms<Name>([['save', 1_000]])
    expect(alarms.armAt(0)).toBe(1_000)
    expect(alarms.armAt(1_000 + OVERDUE_MS)).toBeNull()
    expect(alarms.armAt(1_001 + OVERDUE_MS)).toBe(1_001 + OVERDUE_MS)
  })

  it('sets the alarm anew in every life, because it may have been lost in the one before', () => {
    const first = new Alarms<Name>([['save', 1_000]])
    first.armAt(0)
    const second = new Alarms<Name>(first.entries())
    expect(second.armAt(10)).toBe(1_000)
  })

  it('says once after each change that it wants saving', () => {
    const alarms = new Alarms<Name>()
    alarms.set('save', 1)
    expect(alarms.takeChanged()).toBe(true)
    expect(alarms.takeChanged()).toBe(false)
    alarms.ensureBy('save', 2)
    expect(alarms.takeChanged()).toBe(false)
    alarms.cancel('save')
    alarms.cancel('save')
    expect(alarms.takeChanged()).toBe(true)
  })
})
