/**
 * `npm run simulate`: 10,000 seeds, on as many cores as there are, and how often each fault, each
 * verdict and each recovery happened. `--seed N` plays one seed and prints its log, `--seeds N` plays as
 * many, `--from N` begins with another than 1. `--without sync`, `nonce` or `reading` takes a mechanism away,
 * to see seeds fail.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { mechanisms } from './broken'
import * as Ledger from './ledger'
import { printLine, run } from './run'

interface Told {
  readonly ledger: Ledger.Ledger
  readonly failed: ReadonlyArray<{ readonly seed: number; readonly wrongs: ReadonlyArray<string> }>
}

/** A child's line; anything else it prints is passed on. */
const mark = 'told '

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '10000' },
    from: { type: 'string', default: '1' },
    part: { type: 'string' },
    without: { type: 'string' },
  },
})

const { without } = values
const broken = without === undefined ? {} : mechanisms[without]

const one = async (seed: number): Promise<boolean> => {
  const { log, wrongs } = await run(seed, broken)
  console.log(log.map(printLine).join('\n'))
  console.log(
    wrongs.length === 0 ? `seed ${seed} holds` : `seed ${seed}:\n  ${wrongs.join('\n  ')}`,
  )
  return wrongs.length === 0
}

const many = async (first: number, count: number, every: number): Promise<Told> => {
  let ledger = Ledger.empty
  const failed: Array<Told['failed'][number]> = []
  for (let seed = first; seed < first + count; seed += every) {
    const outcome = await run(seed, broken)
    ledger = Ledger.sum(ledger, outcome.ledger)
    if (outcome.wrongs.length > 0) failed.push({ seed, wrongs: outcome.wrongs })
  }
  return { ledger, failed }
}

/** memfs asks the system who we are at each look, and lets its errors, most of them ENOENT, tell a stack. */
const sparingly = (): void => {
  const [user, group] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0]
  Object.assign(process, { getuid: () => user, getgid: () => group })
  Error.stackTraceLimit = 0
}

/** That come with each seed. */
const options: ReadonlyArray<string> = without === undefined ? [] : ['--without', without]

const inChild = async (from: number, seeds: number, every: number): Promise<Told> => {
  const script = process.argv[1] ?? ''
  const given = [
    // A run makes much that is soon garbage; and each core has a child of its own.
    '--max-semi-space-size=64',
    '--single-threaded',
    script,
    '--from',
    String(from),
    '--seeds',
    String(seeds),
    '--part',
    String(every),
    ...options,
  ]
  const child = spawn(process.execPath, given, {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (text += piece))
  await once(child, 'close')
  const line = text.split('\n').find((each) => each.startsWith(mark))
  if (line === undefined) throw new Error(`the part from seed ${from} ended early`)
  return JSON.parse(line.slice(mark.length)) as Told
}

const all = async (from: number, seeds: number): Promise<boolean> => {
  const startedAt = performance.now()
  const parts = Math.min(seeds, availableParallelism())
  const told = await Promise.all(
    Array.from({ length: parts }, (_, n) => inChild(from + n, seeds - n, parts)),
  )
  const ledger = told.map((part) => part.ledger).reduce(Ledger.sum, Ledger.empty)
  const failed = told.flatMap((part) => part.failed).sort((left, right) => left.seed - right.seed)
  const missing = Ledger.missing(ledger)
  console.log(Ledger.print(ledger))
  for (const { seed, wrongs } of failed.slice(0, 20)) {
    console.log(`seed ${seed}:\n  ${wrongs.slice(0, 5).join('\n  ')}`)
    console.log(`  replay: npm run simulate -- ${['--seed', String(seed), ...options].join(' ')}`)
  }
  if (missing.length > 0) console.log(`never happened: ${missing.join(', ')}`)
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
  console.log(`${seeds} seeds, ${failed.length} failed, ${seconds} s`)
  return failed.length === 0 && missing.length === 0
}

const start = async (): Promise<void> => {
  if (broken === undefined) throw new Error(`--without takes ${Object.keys(mechanisms).join(', ')}`)
  const [from, seeds] = [Number(values.from), Number(values.seeds)]
  if (values.part !== undefined) {
    sparingly()
    return console.log(mark + JSON.stringify(await many(from, seeds, Number(values.part))))
  }
  const isGood = await (values.seed === undefined ? all(from, seeds) : one(Number(values.seed)))
  process.exitCode = isGood ? 0 : 1
}

void start()
