import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '../testing/temporaryDirectory.ts'
import { lockDirectory } from './directoryLock.ts'

/** As a process that lives wrote it, for certain: the one that has started this one. */
function lockOfParent(startedAt: string): string {
  const directory = temporaryDirectory()
  writeFileSync(join(directory, 'lock'), `${process.ppid}${startedAt}`)
  return directory
}
const parentStat = (): string => readFileSync(`/proc/${process.ppid}/stat`, 'utf8')

describe.skipIf(process.platform !== 'linux')('a lock on a journal', () => {
  it('keeps others off while its process lives', () => {
    const startedAt = parentStat().slice(parentStat().lastIndexOf(')')).split(' ')[20]
    expect(() => lockDirectory(lockOfParent(` ${startedAt}`))).toThrow('is in use by process')
    // Of a bridge that did not note its start.
    expect(() => lockDirectory(lockOfParent(''))).toThrow('is in use by process')
  })

  it('is taken over when its process id is another process’s by now', () => {
    const directory = lockOfParent(' 1')
    const unlock = lockDirectory(directory)
    expect(readFileSync(join(directory, 'lock'), 'utf8')).toMatch(new RegExp(`^${process.pid} \\d+$`))
    unlock()
  })
})
