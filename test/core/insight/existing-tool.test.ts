import * as O from 'fp-ts/Option'
import * as ExistingTool from '../../../core/insight/existing-tool'

const lib = '/usr/lib/node_modules'

it.each<{ name: string; words: ReadonlyArray<string>; real?: string; expected: boolean }>([
  {
    name: 'its wrapper, by name',
    words: ['node', '/usr/bin/codex-multi-auth-codex', 'exec'],
    expected: true,
  },
  { name: 'its launcher', words: ['/opt/node', '--no-warnings', '/x/mcodex'], expected: true },
  { name: 'its launcher on Windows', words: ['C:\\bin\\mcodex.cmd', '--monitor'], expected: true },
  {
    name: 'a script of its package',
    words: ['/usr/bin/node', `${lib}/codex-multi-auth/scripts/codex-app-launcher.js`],
    expected: true,
  },
  {
    name: 'its manager, which shares our name',
    words: ['node', '/usr/bin/codex-multi-auth', 'login'],
    real: `${lib}/codex-multi-auth/scripts/codex-multi-auth.js`,
    expected: true,
  },
  {
    name: 'our own program',
    words: ['node', '/usr/bin/codex-multi-auth', 'login'],
    real: `${lib}/codex-multi-auth/dist/main.js`,
    expected: false,
  },
  { name: 'the official CLI', words: ['node', '/usr/bin/codex', 'exec'], expected: false },
  {
    name: 'somebody who reads about it',
    words: ['vim', `${lib}/codex-multi-auth/scripts/codex.js`],
    expected: false,
  },
  {
    name: 'somebody who looks for it',
    words: ['grep', '-r', 'codex-multi-auth-codex', '.'],
    expected: false,
  },
  { name: 'a process without words', words: [], expected: false },
  { name: 'a runner without a script', words: ['node'], expected: false },
])('tells $name', ({ words, real, expected }) => {
  const script = ExistingTool.scriptOf(words)
  const isIt =
    O.isSome(script) &&
    ExistingTool.mayBe(script.value) &&
    ExistingTool.isExistingTool(script.value, real ?? script.value)
  expect(isIt).toBe(expected)
})
