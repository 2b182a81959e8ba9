/**
 * `npm test` checks, builds, runs the tests and then those that drive the real hosts, which are
 * installed when missing. `npm run test:fast` leaves out the checks, the hosts and every
 * `*.slow.test.ts`; what follows `--` goes to jest.
 *
 * The last line counts it all: a failed stage, and a suite that could not run, count as one failure
 * each and are named on the line before.
 */
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { check } from './check.mjs'
import { report, root, run, tool } from './run.mjs'

const isFast = process.argv.includes('--fast')
const forJest = process.argv.slice(2).filter((word) => word !== '--fast')

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'))

const stage = async (name, program, commandLine) => {
  const startedAt = performance.now()
  const { code } = await run(program, commandLine, 'shown')
  report(name, code === 0, startedAt)
  return code === 0
}

const failedStage = (name) => ({ passed: 0, failed: 1, skipped: 0, named: [name] })

const jest = async (name, folder, commandLine) => {
  const path = join(folder, `${name}.json`)
  const ci = process.env.CI === 'true' ? ['--ci'] : []
  const isGood = await stage(name, tool('jest'), [
    ...['--json', '--outputFile', path],
    ...ci,
    ...commandLine,
  ])
  if (!existsSync(path)) return failedStage(name)
  const told = readJson(path)
  const broken = told.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  )
  const named = broken.map((suite) => `${suite.name.replace(`${root}/`, '')} could not run`)
  // Jest may fail with every test passed: a snapshot nobody asks for, a handle left open.
  const isSilent = !isGood && told.numFailedTests + broken.length === 0
  return {
    passed: told.numPassedTests,
    failed: told.numFailedTests + broken.length + (isSilent ? 1 : 0),
    skipped: told.numPendingTests + told.numTodoTests,
    named: isSilent ? [...named, name] : named,
  }
}

/** Whether each host is installed in the version its lockfile names. */
const areHostsInstalled = () => {
  const hosts = join(root, 'test', 'hosts')
  const { packages } = readJson(join(hosts, 'package-lock.json'))
  return Object.keys(packages[''].dependencies ?? {}).every((name) => {
    const installed = join(hosts, 'node_modules', name, 'package.json')
    const wanted = packages[`node_modules/${name}`].version
    return existsSync(installed) && readJson(installed).version === wanted
  })
}

const checks = async () => {
  const named = await check()
  return { passed: 0, failed: named.length, skipped: 0, named }
}

const hosts = async (folder) => {
  const install = ['ci', '--prefix', 'test/hosts']
  if (!areHostsInstalled() && !(await stage('host packages', 'npm', install))) {
    return failedStage('host packages')
  }
  const config = ['--config', 'test/hosts/jest.config.cjs', '--runInBand', '--passWithNoTests']
  return jest('hosts', folder, config)
}

const build = async () =>
  (await stage('build', 'node', ['scripts/build.mjs'])) ? [] : [failedStage('build')]

const withoutSlow = ['/node_modules/', '/test/hosts/', '/planted/', '\\.slow\\.test\\.ts$']
const fast = isFast ? ['--testPathIgnorePatterns', ...withoutSlow, '--'] : []

const folder = await mkdtemp(join(tmpdir(), 'test-results-'))
const tallies = [
  ...(isFast ? [] : [await checks()]),
  ...(await build()),
  await jest('tests', folder, [...fast, ...forJest]),
  ...(isFast ? [] : [await hosts(folder)]),
]
await rm(folder, { recursive: true, force: true })

const sum = (key) => tallies.reduce((total, tally) => total + tally[key], 0)
const named = tallies.flatMap((tally) => tally.named)
const skipped = sum('skipped')
if (named.length > 0) console.log(`Failed: ${named.join(', ')}`)
console.log(
  `${sum('passed')} passed, ${sum('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
)
process.exitCode = sum('failed') > 0 ? 1 : 0
