/** What is said on standard error while the official CLI runs, and that a person can have it quiet. */
import * as Behaviour from '../../entrypoints/embed/testing/behaviour'
import { runProduct } from './support/product'
import type { Ran } from './support/run-program'
import { openScene, type Scene } from './support/scene'

let scene: Scene

beforeEach(async () => {
  scene = await openScene()
})

afterEach(() => scene.close())

/** Our own lines of an `exec`. */
const said = (ran: Ran): ReadonlyArray<string> =>
  ran.stderr.split('\n').filter((line) => line.startsWith('codex-multi-auth'))

const exec = (
  environment: Readonly<Record<string, string>>,
  ...given: ReadonlyArray<string>
): Promise<Ran> =>
  runProduct({ ...scene, environment }, 'codex', 'exec', '--skip-git-repo-check', ...given, 'Hi.')

const limitAda = async (): Promise<void> => {
  await scene.signInAll()
  scene.upstream.always(scene.ada.key, Behaviour.usageLimit())
}

interface Case {
  readonly name: string
  readonly given?: ReadonlyArray<string>
  readonly prepare: () => Promise<void>
  readonly line: RegExp
  readonly code: number
}

describe.each<Case>([
  {
    name: 'another account serves',
    prepare: limitAda,
    line: /^codex-multi-auth: \S+@mail\.test serves now: ada@mail\.test .+/,
    code: 0,
  },
  {
    name: 'a run is left alone',
    given: ['--oss', '--local-provider', 'nonsense'],
    prepare: () => scene.signInAll(),
    line: /^codex-multi-auth: --oss asks for local models, so this run is left alone\.$/,
    code: 1,
  },
  {
    name: 'there are no accounts',
    given: ['-c', 'nonsense'],
    prepare: async () => undefined,
    line: /^codex-multi-auth: there are no accounts yet, .+: codex-multi-auth login$/,
    code: 1,
  },
])('$name', ({ given = [], prepare, line, code }) => {
  it('is said in one line', async () => {
    await prepare()
    const ran = await exec({}, ...given)
    expect(said(ran)).toEqual([expect.stringMatching(line)])
    expect(ran.code).toBe(code)
  })

  it('is not said where quiet is wanted', async () => {
    await prepare()
    const ran = await exec({ CODEX_MULTI_AUTH_QUIET: '1' }, ...given)
    expect(ran.stderr).not.toContain('codex-multi-auth')
    expect(ran.code).toBe(code)
  })
})

it('nothing is said where all is as ever', async () => {
  await scene.signInAll()
  const ran = await exec({})
  expect([said(ran), ran.stdout, ran.code]).toEqual([[], 'Hello from the model.\n', 0])
})
