/**
 * `npm run check`: everything that can be told without running the program, two stages at a time.
 * Only a failing stage's output is printed.
 */
import { pathToFileURL } from 'node:url'
import { report, run, tool } from './run.mjs'

const atOnce = 2

/** The longest first. */
const stages = [
  { name: 'lint', commands: [['eslint', '--max-warnings', '0', '.']] },
  {
    name: 'types',
    commands: [
      ['tsc', '--project', 'tsconfig.json'],
      ['tsc', '--project', 'core/tsconfig.json'],
    ],
  },
  { name: 'dead code', commands: [['knip'], ['knip', '--production']] },
  { name: 'format', commands: [['prettier', '--check', '--log-level', 'warn', '.']] },
  { name: 'layers', commands: [['depcruise', '.']] },
]

const runStage = async ({ name, commands }) => {
  const startedAt = performance.now()
  const failures = []
  for (const [program, ...commandLine] of commands) {
    const { code, text } = await run(tool(program), commandLine, 'kept')
    if (code !== 0) failures.push(text)
  }
  report(name, failures.length === 0, startedAt)
  for (const text of failures) console.log(text.trimEnd())
  return failures.length === 0 ? [] : [name]
}

/** The names of the stages that failed. */
export const check = async () => {
  const waiting = [...stages]
  const failed = []
  const work = async () => {
    for (let stage = waiting.shift(); stage !== undefined; stage = waiting.shift()) {
      failed.push(...(await runStage(stage)))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return failed
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = (await check()).length === 0 ? 0 : 1
}
