/** The README, and what leads from nothing to two accounts, name nothing that does not exist. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from '../../entrypoints/cli/commands'
import { commands } from '../../entrypoints/cli/table'

const root = join(__dirname, '..', '..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const readme = read('README.md')
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>
}

const linesOf = (text: string): ReadonlyArray<string> =>
  [...text.matchAll(/```sh\n([\s\S]*?)```/g)]
    .flatMap(([, block = '']) => block.split('\n'))
    .flatMap((line) => line.split('&&'))
    .map((line) => line.trim())
    .filter((line) => line !== '')

describe.each(['README.md', 'docs/getting-started.md'])('%s', (path) => {
  const lines = linesOf(read(path))

  it('has lines to run', () => {
    expect(lines.length).toBeGreaterThan(4)
  })

  it.each(lines)('%s is a command that exists', async (line) => {
    const [program = '', ...words] = line.split(' ')
    if (program === 'npm') {
      const name = words[0] === 'run' ? (words[1] ?? '') : (words[0] ?? '')
      expect(['ci', 'install', ...Object.keys(scripts)]).toContain(name)
    } else {
      expect(program).toBe('codex-multi-auth')
      if (words[0] === 'codex') return
      expect((await parse(words, '0.0.0'))._unsafeUnwrap()._tag).not.toBe('Refuse')
    }
  })
})

it('has a row for every command, and no row for another', () => {
  const rows = [...readme.matchAll(/^\| `codex-multi-auth ([a-z-]+)/gm)].map(([, name]) => name)
  const names = new Set(commands.map(({ name }) => name.split(' ')[0]))
  expect([...rows].sort()).toEqual([...names, 'codex'].sort())
})

it('points at files that exist', () => {
  const named = [...readme.matchAll(/`((?:docs\/)?[A-Z][A-Za-z.]*\.md|docs\/[a-z-]+\.md)`/g)]
  const missing = named.map(([, path = '']) => path).filter((path) => !existsSync(join(root, path)))
  expect(missing).toEqual([])
})
