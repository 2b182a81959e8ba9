/** One account asked for by name, and Codex inside of Codex, with the real CLI. */
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as Behaviour from '../../entrypoints/embed/testing/behaviour'
import { officialBinary } from './support/official'
import { program, runProduct } from './support/product'
import type { Ran } from './support/run-program'
import { openScene, type Scene } from './support/scene'

let scene: Scene

beforeEach(async () => {
  scene = await openScene()
  await scene.signInAll()
})

afterEach(async () => {
  const strays = scene.proxy.strays()
  await scene.close()
  expect(strays).toEqual([])
})

const run = (
  given: ReadonlyArray<string>,
  environment: Readonly<Record<string, string>> = {},
): Promise<Ran> => runProduct({ ...scene, environment }, 'codex', ...given)

const prompt = ['--skip-git-repo-check', 'Say hello.'] as const

describe('--account', () => {
  it.each<{ given: ReadonlyArray<string>; environment?: Readonly<Record<string, string>> }>([
    { given: ['--account', 'grace', 'exec', ...prompt] },
    { given: ['exec', '--account=grace', ...prompt] },
    { given: ['exec', ...prompt, '--account', '2'] },
    { given: ['exec', ...prompt], environment: { CODEX_MULTI_AUTH_FORCE_ACCOUNT: 'grace' } },
  ])('$given: that account serves', async ({ given, environment }) => {
    const ran = await run(given, environment)
    expect([ran.stdout, ran.code]).toEqual(['Hello from the model.\n', 0])
    expect(scene.attempts()).toEqual([0, 1, 0])
  })

  it('reports that account’s limit in the words of the CLI, and asks nobody else', async () => {
    scene.upstream.always(scene.grace.key, Behaviour.usageLimit(7_200_000))
    const ran = await run(['--account', 'grace', 'exec', ...prompt])
    expect(ran.code).toBe(1)
    expect(ran.stderr).toMatch(/usage limit[^]*try again at/i)
    expect(ran.stderr).not.toContain('serves now')
    expect(scene.attempts()).toEqual([0, 1, 0])
  })

  it.each([
    { selector: 'nobody', names: ['ada', 'grace', 'barbara'], not: [] },
    { selector: 'ra', names: ['grace', 'barbara'], not: ['ada@'] },
  ])('$selector: exit 2 with the names, and nothing starts', async ({ selector, names, not }) => {
    const ran = await run(['--account', selector, 'exec', ...prompt])
    expect([ran.code, ran.stdout]).toEqual([2, ''])
    for (const name of names) expect(ran.stderr).toContain(`${name}@mail.test`)
    for (const name of not) expect(ran.stderr).not.toContain(name)
    expect(scene.upstream.journal.calls()).toEqual([])
  })

  it('fails where the run cannot be held to it', async () => {
    const ran = await run(['--account', 'grace', 'exec', '--oss', ...prompt])
    expect([ran.code, ran.stdout]).toEqual([1, ''])
    expect(ran.stderr).toBe(
      'codex-multi-auth: --oss asks for local models, so this run cannot be held to account "grace". Do without one of the two.\n',
    )
  })
})

describe('Codex inside of Codex', () => {
  const inner = [process.execPath, program, 'codex', 'exec', '--skip-git-repo-check', 'Inner.']
  const outer = ['exec', '--dangerously-bypass-approvals-and-sandbox', ...prompt]

  it('is served over listeners of its own, by the account the outer one was held to', async () => {
    scene.upstream.script(scene.grace.key, [
      Behaviour.calls('exec_command', { cmd: `${inner.join(' ')} 2>&1; env | grep _OVERRIDE=` }),
      Behaviour.says('From the inner one.'),
      Behaviour.says('From the outer one.'),
    ])
    const ran = await run(['--account', 'grace', ...outer])
    expect([ran.stdout, ran.code]).toEqual(['From the outer one.\n', 0])
    expect(scene.attempts()).toEqual([0, 3, 0])
    const said = outputOf(scene)
    expect(said).toContain('From the inner one.')
    expect(said).toContain('CODEX_REFRESH_TOKEN_URL_OVERRIDE=http://127.0.0.1:')
  })

  it('takes the outer one’s addresses for none of its own', async () => {
    const seen = join(scene.home.path, 'codex')
    await writeFile(seen, `#!/bin/sh\nenv >&2\nexec '${officialBinary()}' "$@"\n`)
    await chmod(seen, 0o700)
    // The login wants renewing at once, and the outer addresses lead nowhere.
    const { upstream, home, ada } = scene
    await home.writeLogin(upstream.signIn(ada, { lifetimes: { access: -1_000 } }), ada)
    const ran = await run(['exec', ...prompt], {
      CODEX_MULTI_AUTH_REAL_CODEX_BIN: seen,
      CODEX_REFRESH_TOKEN_URL_OVERRIDE: 'http://127.0.0.1:9/oauth/token',
      CODEX_REVOKE_TOKEN_URL_OVERRIDE: 'http://127.0.0.1:9/oauth/revoke',
      NO_PROXY: 'example.test,127.0.0.1,localhost',
      no_proxy: 'example.test,127.0.0.1,localhost',
    })
    expect([ran.stdout, ran.code]).toEqual(['Hello from the model.\n', 0])
    expect(upstream.journal.refreshes()).toHaveLength(1)
    expect(ran.stderr).not.toContain('127.0.0.1:9/')
    expect(ran.stderr).toMatch(/^CODEX_REFRESH_TOKEN_URL_OVERRIDE=.*\/oauth\/token$/m)
    expect(ran.stderr).toMatch(/^CODEX_REVOKE_TOKEN_URL_OVERRIDE=.*\/oauth\/revoke$/m)
    expect(ran.stderr).toMatch(/^NO_PROXY=example\.test,127\.0\.0\.1,localhost$/m)
    expect(ran.stderr).toMatch(/^no_proxy=example\.test,127\.0\.0\.1,localhost$/m)
  })
})

/** What the tool gave back, as the model was told. */
const outputOf = ({ upstream }: Scene): string =>
  JSON.stringify(upstream.journal.requestsOf().at(-1)?.body ?? null)
