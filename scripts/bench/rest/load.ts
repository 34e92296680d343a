/** Requests one after the other on so many kept connections. */
import { Agent, get } from 'node:http'

export interface Load {
  readonly requests: number
  readonly connections: number
  readonly url: string
  headersOf(request: number): Readonly<Record<string, string>>
  /** Anything else is an error. */
  readonly status: number
}

export interface LoadResult {
  readonly seconds: number
  readonly delaysMs: readonly number[]
}

export async function load({ requests, connections, url, headersOf, status }: Load): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const delaysMs: number[] = []
  let begun = 0
  const one = async (): Promise<void> => {
    while (begun < requests) {
      const headers = headersOf(begun++)
      const atMs = performance.now()
      const answered = await askPatiently(url, headers, agent)
      if (answered !== status) throw new Error(`expected ${status} of ${url}, was ${answered}`)
      delaysMs.push(performance.now() - atMs)
    }
  }
  const beganMs = performance.now()
  await Promise.all(Array.from({ length: connections }, one))
  agent.destroy()
  return { seconds: (performance.now() - beganMs) / 1000, delaysMs }
}

/** The server may close a kept connection in the moment it is used again. */
async function askPatiently(...request: Parameters<typeof ask>): Promise<number> {
  try {
    return await ask(...request)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ECONNRESET') throw error
    return ask(...request)
  }
}

function ask(url: string, headers: Readonly<Record<string, string>>, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, headers }, (response) => {
      response
        .on('end', () => resolve(response.statusCode ?? 0))
        .on('error', reject)
        .resume()
    })
    request.on('error', reject)
  })
}
