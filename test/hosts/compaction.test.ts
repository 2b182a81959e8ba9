/** A conversation that the real CLI has compacted: only the account that did it can read it. */
import * as O from 'fp-ts/Option'
import { get } from '../../core/request/headers'
import { hour } from '../../core/time'
import * as Behaviour from '../../entrypoints/embed/testing/behaviour'
import { runProduct } from './support/product'
import type { Ran } from './support/run-program'
import { openScene, type Scene } from './support/scene'

let scene: Scene

beforeEach(async () => {
  scene = await openScene()
  await scene.signInAll()
})

afterEach(async () => {
  const strays = scene.proxy.strays()
  const violations = scene.upstream.journal.violations().filter(({ _tag }) => _tag !== 'NoBearer')
  await scene.close()
  expect([strays, violations]).toEqual([[], []])
})

/** So much as to have the CLI compact the conversation before its next turn. */
const full = { input: 900_000, cached: 0, output: 8, reasoning: 0 }

const exec = (...given: ReadonlyArray<string>): Promise<Ran> =>
  runProduct(scene, 'codex', 'exec', '--skip-git-repo-check', ...given)

it('gets that account’s limit for an answer, and no other account is asked', async () => {
  const { ada, upstream } = scene
  upstream.script(ada.key, [Behaviour.answers({ text: 'First.', usage: full })])
  const compacting = ['-c', 'model_auto_compact_token_limit=1000']
  await exec(...compacting, 'Say hello.')
  const second = await exec(...compacting, 'resume', '--last', 'Again.')
  expect([second.stdout, second.code]).toEqual(['Hello from the model.\n', 0])
  expect(second.stderr).toContain('context compacted')
  const kinds = upstream.journal.requestsOf().map(({ headers }) => {
    const metadata = O.toUndefined(get('x-codex-turn-metadata')(headers))
    return JSON.parse(metadata ?? '{}').request_kind
  })
  expect(kinds).toEqual(['turn', 'compaction', 'turn'])
  upstream.always(ada.key, Behaviour.usageLimit(2 * hour))
  const limited = await exec('resume', '--last', 'And again.')
  expect(limited.code).toBe(1)
  expect(limited.stderr).toMatch(/usage limit.*try again at/i)
  expect(limited.stderr).toMatch(
    /^codex-multi-auth: only ada@mail\.test can read this conversation.*rate limited.*back in/m,
  )
  expect(scene.attempts().slice(1)).toEqual([0, 0])
  expect((await exec('Something new.')).code).toBe(0)
})
