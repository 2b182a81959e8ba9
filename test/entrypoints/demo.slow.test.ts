/** The demo of the built program, with a plain client in place of the official CLI. */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { program } from '../hosts/support/product'
import { runProgram } from '../hosts/support/run-program'
import { cleanEnvironment } from '../support/clean-environment'

let home: string

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'demo-'))
})

afterEach(() => rm(home, { recursive: true, force: true }))

it('plays several times at once, and leaves nothing', async () => {
  const all = await Promise.all(
    [1, 2, 3].map(() =>
      runProgram({
        program: process.execPath,
        arguments: [program, 'demo', '--json'],
        cwd: home,
        environment: cleanEnvironment(home, { TMPDIR: home, PATH: '/nowhere' }),
        timeMax: 25_000,
      }),
    ),
  )
  for (const { code, stderr, stdout } of all) {
    expect([code, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, data: { scenes: [{}, {}, {}] } })
  }
  expect((await readdir(home)).filter((name) => name.includes('demo'))).toEqual([])
})
