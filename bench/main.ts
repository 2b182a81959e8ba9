/** The bench: runs the figures one after the other, as each wants the machine for itself. */
import { existsSync } from 'node:fs'
import { heading, holds, print, type Measure, type Row } from './figure'
import { exec } from './figures/exec'
import { firstByte } from './figures/first-byte'
import { gaps } from './figures/gaps'
import { list } from './figures/list'
import { memory } from './figures/memory'
import { opencode } from './figures/opencode'
import { pool } from './figures/pool'
import { prompt } from './figures/prompt'
import { routing, wholeRouting } from './figures/routing'
import { selection } from './figures/selection'
import { systemCalls } from './figures/system-calls'
import { throughput } from './figures/throughput'
import { version } from './figures/version'
import { officialLauncher, program } from './places'

const figures: Readonly<Record<string, Measure>> = {
  version,
  exec,
  list,
  'first-byte': firstByte,
  throughput,
  'system-calls': systemCalls,
  prompt,
  memory,
  gaps,
  opencode,
  selection,
  pool,
  routing,
}

/** Those of which there is more when they are asked for by name. */
const whole: Readonly<Record<string, Measure>> = { routing: wholeRouting }

/** Those that run no program. */
const needNothing: ReadonlyArray<string> = ['selection', 'routing']

/** What a figure cannot be measured without, and the command that makes it. */
const missing = (names: ReadonlyArray<string>): string | undefined => {
  if (names.every((name) => needNothing.includes(name))) return undefined
  if (!existsSync(program)) return 'npm run build'
  return existsSync(officialLauncher) ? undefined : 'npm ci --prefix test/hosts'
}

const chosen = (words: ReadonlyArray<string>): Readonly<Record<string, Measure>> | undefined => {
  if (words.length === 0) return figures
  const [flag, name = ''] = words
  const measure = whole[name] ?? figures[name]
  return flag === '--only' && measure !== undefined ? { [name]: measure } : undefined
}

const run = async (): Promise<number> => {
  const measures = chosen(process.argv.slice(2))
  if (measures === undefined) {
    console.error(`npm run bench -- [--only ${Object.keys(figures).join('|')}]`)
    return 2
  }
  const command = missing(Object.keys(measures))
  if (command !== undefined) {
    console.error(`Something to measure is not there yet: ${command}`)
    return 1
  }
  const began = performance.now()
  const rows: Array<Row> = []
  console.log(heading)
  for (const measure of Object.values(measures)) {
    for (const row of await measure()) {
      rows.push(row)
      console.log(print(row))
    }
  }
  const bound = rows.filter((row) => row.bound !== undefined)
  const seconds = ((performance.now() - began) / 1_000).toFixed(0)
  console.log(`${bound.filter(holds).length} of ${bound.length} bounds hold; took ${seconds} s`)
  return 0
}

run().then(
  (code) => {
    process.exitCode = code
  },
  (failure: unknown) => {
    console.error(failure)
    process.exit(1)
  },
)
