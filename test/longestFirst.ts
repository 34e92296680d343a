/**
 * The order in which files run: in each project the longest first, so that its workers end together. Vitest has that order from
 * the run before; where there was none, as on a new machine, it goes by the size of files, and these would come late.
 */
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const LONGEST = [
  'test/web/desk.e2e.ts',
  'test/web/windows.e2e.ts',
  'test/client/clients.e2e.ts',
  'test/killTheWorker.e2e.ts',
  'test/web/reconnect.e2e.ts',
  'test/web/account.e2e.ts',
  'test/stream/clientStream.e2e.ts',
  'workers/openapi/fuzz/fuzz.workerd.test.ts',
  'workers/app.workerd.test.ts',
  'workers/routes/outsideJson.workerd.test.ts',
  'durable-objects/windows/windows.workerd.test.ts',
  'durable-objects/account/account.workerd.test.ts',
  'scripts/analyze/allMetrics.test.ts',
  'test/simulator/takeover.test.ts',
  'scripts/analyze.test.ts',
  'bridge/main.test.ts',
]

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const projects = [...new Set(sorted.map(({ project }) => project))]
    return projects.flatMap((project) =>
      sorted.filter((file) => file.project === project).toSorted((a, b) => rankOf(a) - rankOf(b)),
    )
  }
}

function rankOf({ moduleId }: TestSpecification): number {
  const rank = LONGEST.findIndex((path) => moduleId.endsWith(`/${path}`))
  return rank < 0 ? LONGEST.length : rank
}
