import * as O from 'fp-ts/Option'
import type { RunningProgram } from '../../../ports/process-table'
import { cliWorld, documentOf, home } from '../../support/cli'

const program = (pid: number, words: ReadonlyArray<string>, environment = {}): RunningProgram => ({
  pid,
  words,
  environment: O.some({ HOME: home, ...environment }),
})

const wrapper = ['node', '/usr/bin/codex-multi-auth-codex']
const words = 'The other codex-multi-auth runs, and writes the same accounts without our lock.'

it('is content where nobody else writes the accounts', async () => {
  const world = await cliWorld({
    running: [
      program(5, ['node', '/usr/bin/codex-multi-auth', 'list']),
      program(6, ['node', '/usr/bin/codex']),
      program(7, wrapper, { CODEX_MULTI_AUTH_DIR: '/srv/others' }),
    ],
  })
  expect(await world.run(['doctor'])).toMatchObject({
    code: 0,
    answer: 'ok     No other tool writes these accounts now.\n',
    talk: '',
  })
})

const running = [
  program(17, wrapper),
  program(18, ['node', '/usr/bin/mcodex'], { CODEX_HOME: `${home}/.codex` }),
  { ...program(19, wrapper), environment: O.none },
]

it('names the live processes of the existing tool, and what to do', async () => {
  const world = await cliWorld({ running })
  expect(await world.run(['doctor'])).toMatchObject({
    code: 0,
    answer: [
      `warn   ${words}`,
      '       17  codex-multi-auth-codex',
      '       18  mcodex',
      '       19  codex-multi-auth-codex',
      '       Two tools that renew one sign-in end it. Close it, or: kill 17 18 19',
      '',
    ].join('\n'),
  })
  expect(documentOf(await world.run(['doctor', '--json'])).data).toMatchObject({
    summary: { ok: 0, warn: 1, error: 0 },
    checks: [{ key: 'existing-tool', severity: 'warn', message: words }],
  })
})

it('has them named at a sign-in too', async () => {
  const world = await cliWorld({ running })
  world.upstream.browser.signsIn(world.upstream.addPerson({ email: 'ada@mail.test' }).accounts[0])
  const ran = await world.run(['login'])
  expect(ran.code).toBe(0)
  expect(ran.talk).toContain(`Warning: ${words} 17  codex-multi-auth-codex`)
})
