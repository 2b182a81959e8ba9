/** Eight sessions of the real CLI at once, and one account whose token has ended. */
import { spawn } from 'node:child_process'
import { second } from '../../core/time'
import * as Behaviour from '../../entrypoints/embed/testing/behaviour'
import { tokenPath } from '../../entrypoints/embed/testing/journal'
import { until } from '../support/until'
import { officialBinary } from './support/official'
import { processesOf } from './support/processes'
import { productEnvironment, program, runProduct, writePool } from './support/product'
import type { Ran } from './support/run-program'
import { openScene, type Scene } from './support/scene'

let scene: Scene

beforeEach(async () => {
  scene = await openScene()
  const tokens = scene.upstream.signIn(scene.ada, { lifetimes: { access: -1 } })
  await writePool(scene.home, [{ account: scene.ada, tokens }])
  await scene.home.writeLogin(tokens, scene.ada)
})

afterEach(async () => {
  const strays = scene.proxy.strays()
  await scene.close()
  expect(strays).toEqual([])
  // The official CLI alone sends no bearer to connectors over plain http.
  expect(scene.upstream.journal.violations().filter(({ _tag }) => _tag !== 'NoBearer')).toEqual([])
})

const words = ['codex', 'exec', '--skip-git-repo-check', 'Say hello.']

const sessions = (count: number): Promise<ReadonlyArray<Ran>> =>
  Promise.all(
    Array.from({ length: count }, () => runProduct({ ...scene, timeMax: 120_000 }, ...words)),
  )

const renewals = (): number =>
  scene.upstream.journal.calls().filter(({ path }) => path === tokenPath).length

/** How many official CLIs are there, each behind a wrapper of its own. */
const clis = async (): Promise<number> =>
  (await processesOf(scene.home)).filter(({ command }) => command.startsWith(officialBinary()))
    .length

const allServed = (ran: ReadonlyArray<Ran>): void =>
  expect(ran.map(({ code, stdout }) => [code, stdout])).toEqual(
    ran.map(() => [0, 'Hello from the model.\n']),
  )

it.each([
  { name: 'answers', faults: [], calls: 1 },
  { name: 'takes 5 s', faults: [Behaviour.delayed(5 * second)], calls: 1 },
  { name: 'fails with a 500 first', faults: [Behaviour.serverFault(500)], calls: 2 },
])('all are served with one renewal when the issuer $name', async ({ calls, faults }) => {
  scene.upstream.fail(tokenPath, faults)
  allServed(await sessions(8))
  expect(renewals()).toBe(calls)
})

it('all but one are served when that one is killed in the middle of its renewal', async () => {
  scene.upstream.fail(tokenPath, [Behaviour.silence])
  const first = spawn(process.execPath, [program, ...words], {
    cwd: scene.home.workspace,
    env: productEnvironment(scene),
    stdio: 'ignore',
  })
  expect(await until(async () => renewals() === 1)).toBe(true)
  const others = sessions(7)
  expect(await until(async () => (await clis()) === 8)).toBe(true)
  first.kill('SIGKILL')
  allServed(await others)
  expect(renewals()).toBe(2)
  // The CLI that the killed one had started finds nobody there, and may have ended.
  for (const { pid } of await processesOf(scene.home)) spawn('kill', ['-9', pid])
})
