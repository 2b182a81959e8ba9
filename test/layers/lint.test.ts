/**
 * Each line of the planted tree says in a comment which rules must fire on it; a line without one
 * must stay clean, so the tree holds what is allowed beside what is not.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { installed, outputOf, patience, planted, root } from './run-tool'

type Findings = ReadonlyArray<{
  readonly filePath: string
  readonly messages: ReadonlyArray<{ readonly ruleId: string | null; readonly line: number }>
}>

const tree = join(planted, 'lint')
const config = join(root, 'eslint.config.mjs')
const files = readdirSync(tree, { recursive: true, encoding: 'utf8' }).filter((path) =>
  path.endsWith('.ts'),
)

const wanted = (path: string): ReadonlyArray<string> =>
  readFileSync(join(tree, path), 'utf8')
    .split('\n')
    .flatMap((line, index) => {
      const rules = line.split(' // want ')[1]?.split(' ') ?? []
      return rules.map((rule) => `${index + 1} ${rule}`)
    })

/** Findings by file, each as its line and rule. */
const lint = async (): Promise<ReadonlyMap<string, ReadonlyArray<string>>> => {
  const text = await outputOf(
    installed('eslint'),
    ['--config', config, '--format', 'json', '.'],
    tree,
  )
  return new Map(
    (JSON.parse(text) as Findings).map(({ filePath, messages }) => [
      relative(tree, filePath),
      messages.map(({ line, ruleId }) => `${line} ${ruleId ?? 'no rule'}`),
    ]),
  )
}

/** Every rule the config turns on somewhere. Jest cannot import the config itself, a module. */
const enabled = async (): Promise<ReadonlySet<string>> => {
  const print = `const { default: blocks } = await import('./eslint.config.mjs')
    console.log(JSON.stringify(blocks.map(({ rules = {} }) => rules)))`
  const text = await outputOf(process.execPath, ['--input-type=module', '--eval', print], root)
  const blocks = JSON.parse(text) as ReadonlyArray<Record<string, unknown>>
  const rules = blocks.flatMap((block) => Object.entries(block))
  return new Set(rules.flatMap(([name, severity]) => (severity === 'off' ? [] : [name])))
}

describe('lint', () => {
  let findings: Awaited<ReturnType<typeof lint>>
  beforeAll(async () => {
    findings = await lint()
  }, patience)

  it.each(files)('finds in %s what is planted there, and nothing else', (path) => {
    const found = findings.get(path) ?? ['not linted']
    expect([...found].sort()).toEqual([...wanted(path)].sort())
  })

  it(
    'has a planted violation for every rule',
    async () => {
      const named = files.flatMap(wanted).map((want) => want.split(' ')[1])
      expect([...new Set(named)].sort()).toEqual([...(await enabled())].sort())
    },
    patience,
  )
})
