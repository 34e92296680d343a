import { join } from 'node:path'
import { startChild, type Child } from '../local/processes.ts'
import { startFaultProxy, type FaultProxy } from '../rig/faultProxy.ts'
import type { Ledger } from './ledger.ts'
import { startWitness, type Gate, type Witness } from './witness.ts'

const RESTART_AFTER_MS = 300

export interface BridgeSetting {
  readonly symbol: string
  readonly workerUrl: string
  readonly vendorPort: number
  readonly keyFile: string
  /** Journals lie here, one folder a bridge. */
  readonly directory: string
  readonly seed: number
  readonly ledger: Ledger
  readonly gate: Gate
  readonly log: (line: string) => void
}

/** A bridge with its own way to the Worker: bridge, faulty network, witness, Worker. Started again whenever it ends. */
export interface RigBridge {
  readonly name: string
  readonly network: FaultProxy
  readonly witness: Witness
  /** kill -9; it stays dead until `start`. */
  kill(): Promise<void>
  start(): void
  freeze(): void
  thaw(): void
  remove(): Promise<void>
}

export async function startRigBridge(name: string, setting: BridgeSetting): Promise<RigBridge> {
  const { symbol, workerUrl, vendorPort, keyFile, directory, seed, ledger, gate, log } = setting
  const witness = await startWitness(workerUrl, ledger, gate)
  const network = await startFaultProxy(() => witness.port, seed)
  let child: Child | null = null

  const start = (): void => {
    const args = ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'rigBridge.ts')]
    args.push(
      '--to',
      `http://127.0.0.1:${network.port}`,
      '--key',
      keyFile,
      '--journal',
      join(directory, name),
    )
    const env = { SYMBOL: symbol, VENDOR_PORT: String(vendorPort), BRIDGE: name }
    const started = startChild('node', args, { stdio: ['ignore', 'ignore', 'pipe'], env })
    child = started
    started.process.stderr?.on('data', (chunk: Buffer) => log(chunk.toString()))
    void started.exited.then(() => {
      if (child === started) setTimeout(() => child === started && start(), RESTART_AFTER_MS)
    })
  }
  const kill = async (): Promise<void> => {
    const killed = child
    child = null
    await killed?.kill('SIGKILL')
  }
  start()
  return {
    name,
    network,
    witness,
    kill,
    start,
    freeze: () => void child?.process.kill('SIGSTOP'),
    thaw: () => void child?.process.kill('SIGCONT'),
    async remove() {
      await kill()
      network.close()
      witness.close()
    },
  }
}
