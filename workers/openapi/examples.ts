/** An answer of each model, for readers of the document: recorded from the sample batch, see the test beside this. */
import type { ComponentName } from './components.ts'
import recorded from './examples.json' with { type: 'json' }

export const EXAMPLES: Partial<Record<ComponentName, unknown>> = recorded
