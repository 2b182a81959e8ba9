/** The bench: runs the figures one after the other, as each wants the machine for itself. */
import { existsSync } from 'node:fs'
import { heading, holds, print, type Measure, type Row } from './figure'
import { exec } from './figures/exec'
import { firstByte } from './figures/first-byte'
import { gaps } from './figures/gaps'
import { list } from './figures/list'
import { memory } from './figures/memory'
import { pool } from './figures/pool'
import { prompt } from './figures/prompt'
import { routing } from './figures/routing'
import { selection } from './figures/selection'
import { throughput } from './figures/throughput'
import { version } from './figures/version'
import { officialLauncher, program } from './places'

const figures: Readonly<Record<string, Measure>> = {
  version,
  exec,
  list,
  'first-byte': firstByte,
  throughput,
  prompt,
  memory,
  gaps,
  selection,
  pool,
  routing,
}

/** Those that run no program. */
const needNothing: ReadonlyArray<string> = ['selection', 'routing']

/** What a figure cannot be measured without, and the command that makes it. */
const missing = (names: ReadonlyArray<string>): string | undefined => {
  if (names.every((name) => needNothing.includes(name))) return undefined
  if (!existsSync(program)) return 'npm run build'
  return existsSync(officialLauncher) ? undefined : 'npm ci --prefix test/hosts'
}

const chosen = (words: ReadonlyArray<string>): ReadonlyArray<string> | undefined => {
  const names = Object.keys(figures)
  if (words.length === 0) return names
  const [flag, name = ''] = words
  return flag === '--only' && names.includes(name) ? [name] : undefined
}

const run = async (): Promise<number> => {
  const names = chosen(process.argv.slice(2))
  if (names === undefined) {
    console.error(`npm run bench -- [--only ${Object.keys(figures).join('|')}]`)
    return 2
  }
  const command = missing(names)
  if (command !== undefined) {
    console.error(`Something to measure is not there yet: ${command}`)
    return 1
  }
  const began = performance.now()
  const rows: Array<Row> = []
  console.log(heading)
  for (const name of names) {
    const measured = await figures[name]?.()
    for (const row of measured ?? []) {
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
