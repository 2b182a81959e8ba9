/** The release the facts were seen in, and an older one with fewer flags: both are served. */
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as Behaviour from '../../entrypoints/embed/testing/behaviour'
import { officialBinary, olderBinary } from './support/official'
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
  await scene.close()
  expect(strays).toEqual([])
})

/** Started by a script that first tells what it was given, beside which no file tells a version. */
const told = async (codex: string): Promise<string> => {
  const path = join(scene.home.path, 'codex')
  await writeFile(path, `#!/bin/sh\nprintf 'given %s\\n' "$*" >&2\nexec '${codex}' "$@"\n`)
  await chmod(path, 0o700)
  return path
}

const run = (codex: string, ...given: ReadonlyArray<string>): Promise<Ran> => {
  const environment = { CODEX_MULTI_AUTH_REAL_CODEX_BIN: codex }
  return runProduct({ ...scene, environment }, 'codex', ...given)
}

describe.each([
  { version: '0.169.0', codex: officialBinary(), flags: '--no-daemon ' },
  { version: '0.148.0', codex: olderBinary(), flags: '' },
])('Codex $version', ({ version, codex, flags }) => {
  it('is the release the name says', async () => {
    expect((await run(codex, '--version')).stdout).toBe(`codex-cli ${version}\n`)
  })

  it('is answered by the next account when the first is limited', async () => {
    const { ada, attempts, upstream } = scene
    upstream.script(ada.key, [Behaviour.usageLimit()])
    const ran = await run(codex, 'exec', '--skip-git-repo-check', 'Say hello.')
    expect([ran.stdout, ran.code]).toEqual(['Hello from the model.\n', 0])
    expect(ran.stderr.match(/serves now/g)).toHaveLength(1)
    const [first, ...others] = attempts()
    expect([first, others.reduce((sum, one) => sum + one, 0)]).toEqual([1, 1])
  })

  it('has its login renewed in our lane', async () => {
    const { ada, home, upstream } = scene
    await home.writeLogin(upstream.signIn(ada, { lifetimes: { access: -1_000 } }), ada)
    const ran = await run(codex, 'exec', '--skip-git-repo-check', 'Say hello.')
    expect([ran.stdout, ran.code]).toEqual(['Hello from the model.\n', 0])
    expect(upstream.journal.refreshes()).toHaveLength(1)
  })

  it(`of a terminal is given '${flags}' in front of our overrides`, async () => {
    const ran = await run(await told(codex), 'resume', '--last')
    expect(ran.stderr).toMatch(
      new RegExp(`^given ${flags}-c chatgpt_base_url=.* resume --last$`, 'm'),
    )
    expect(ran.stderr).toContain('stdin is not a terminal')
    expect(ran.code).toBe(1)
  })
})
