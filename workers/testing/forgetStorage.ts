/** Setup of tests in workerd: they share its storage, and each file is to begin with none. */
import { reset } from 'cloudflare:test'
import { beforeAll } from 'vitest'

beforeAll(() => reset())
