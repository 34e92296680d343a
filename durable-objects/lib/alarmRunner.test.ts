import { describe, expect, it } from 'vitest'
import { AlarmRunner } from './alarmRunner.ts'
import { Alarms } from './alarms.ts'

type Name = 'save' | 'archive'

function setUp(entries: [Name, number][]) {
  const alarms = new Alarms<Name>(entries)
  const log: string[] = []
  const runner = new AlarmRunner(alarms, {
    save: (saved) => void log.push(`save ${JSON.stringify(saved)}`),
    setAlarm: (atMs) => void log.push(`alarm ${atMs}`),
    failed: (name, error) => void log.push(`failed ${name}: ${String(error)}`),
  })
  return { alarms, runner, log }
}

describe('AlarmRunner', () => {
  it('saves and arms before it runs anything, and again when the work has changed the schedule', async () => {
    const { alarms, runner, log } = setUp([['save', 100]])
    await runner.runDue(
      () => 150,
      1_000,
      async (name) => {
        log.push(`run ${name}`)
        alarms.set('save', 5_000)
      },
    )
    expect(log).toEqual(['save [["save",1150]]', 'alarm 1150', 'run save', 'save [["save",5000]]'])
  })

  it('survives work that throws, goes on with the rest, and stays armed', async () => {
    const { alarms, runner, log } = setUp([
      ['save', 100],
      ['archive', 110],
    ])
    await runner.runDue(
      () => 150,
      1_000,
      async (name) => {
        if (name === 'save') throw new Error('no disk')
        alarms.cancel(name)
      },
    )
    expect(log).toContain('failed save: Error: no disk')
    expect(alarms.entries()).toEqual([['save', 1_150]])
    expect(log.at(-1)).toBe('save [["save",1150]]')
  })

  it('stays armed however often the work throws', async () => {
    const { alarms, runner, log } = setUp([['save', 0]])
    let nowMs = 0
    for (let attempt = 0; attempt < 10; attempt++) {
      // oxlint-disable-next-line no-await-in-loop -- time passes in order
      await runner.runDue(
        () => nowMs,
        1_000,
        () => Promise.reject(new Error('still no disk')),
      )
      expect(alarms.entries()).toEqual([['save', nowMs + 1_000]])
      nowMs += 1_000
    }
    expect(log.filter((line) => line.startsWith('alarm'))).toHaveLength(10)
  })

  it('does nothing when nothing changed', () => {
    const { runner, log } = setUp([['save', 100]])
    runner.arm(0)
    runner.arm(1)
    expect(log).toEqual(['alarm 100'])
  })
})
