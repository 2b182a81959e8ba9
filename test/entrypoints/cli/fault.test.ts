import { scheduler } from '../../../adapters/memory/scheduler'
import { memoryTerminal } from '../../../adapters/memory/terminal'
import { tellFault } from '../../../entrypoints/cli/fault'
import { documentOf } from '../../support/cli'

const told = (words: ReadonlyArray<string>, thrown: unknown) => {
  const terminal = memoryTerminal(scheduler(7).process('cli'))
  const code = tellFault(terminal, '1.2.3')(words, thrown)
  return { code, answer: terminal.answer(), talk: terminal.talk(), pages: [] }
}

it.each<{ name: string; thrown: unknown; line: RegExp }>([
  {
    name: 'from where an error was thrown',
    thrown: new Error('oops'),
    line: /\nError: oops\n +at /,
  },
  { name: 'what was thrown, where that is no error', thrown: 'oops', line: /\noops\n$/ },
  { name: 'that it was nothing', thrown: undefined, line: /\nundefined\n$/ },
])('tells $name, and how to report it', ({ line, thrown }) => {
  const { answer, code, talk } = told(['list'], thrown)
  expect([code, answer]).toEqual([1, ''])
  expect(talk).toMatch(/^codex-multi-auth failed by a fault of its own\.\nPlease report it /)
  expect(talk).toContain('\ncodex-multi-auth 1.2.3\n')
  expect(talk).toMatch(line)
})

it.each([
  { words: ['list', '--json'], command: 'list' },
  { words: ['-j', 'auth', 'ls'], command: 'list' },
  { words: ['--json'], command: 'list' },
  { words: ['account', 'note', '1', 'x', '--json'], command: 'account note' },
  { words: ['nonsense', '--json'], command: 'nonsense' },
])('answers $words with one document, which holds nothing of what was thrown', (row) => {
  const ran = told(row.words, new Error('secret'))
  expect(ran.code).toBe(1)
  expect(documentOf(ran)).toMatchObject({
    ...{ command: row.command, ok: false },
    error: { code: 'internal', hint: expect.stringContaining('report') },
  })
  expect(ran.answer).not.toContain('secret')
})

it('gives no document where --json is a word', () => {
  expect(told(['rename', '1', '--', '--json'], 'oops').answer).toBe('')
})
