import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { installed, outputOf, patience, planted, root } from './run-tool'

interface Cruise {
  readonly summary: {
    readonly violations: ReadonlyArray<{
      readonly from: string
      readonly to: string
      readonly rule: { readonly name: string }
    }>
    readonly ruleSetUsed: { readonly forbidden: ReadonlyArray<{ readonly name: string }> }
  }
}

const cruise = async (commandLine: ReadonlyArray<string>): Promise<Cruise['summary']> => {
  const json = ['--output-type', 'json', ...commandLine]
  const text = await outputOf(installed('depcruise'), json, root)
  return (JSON.parse(text) as Cruise).summary
}

const trees = 'test/layers/planted/arrows'
const treeNames = readdirSync(join(planted, 'arrows'))

describe('the arrows between folders', () => {
  let found: Cruise['summary']
  beforeAll(async () => {
    found = await cruise(['--config', 'test/layers/planted/cruise.cjs', trees])
  }, patience)

  it.each(treeNames)('finds %s, and nothing else, where it is planted', (name) => {
    const fired = found.violations.filter(({ from }) => from.startsWith(`${trees}/${name}/`))
    expect([...new Set(fired.map(({ rule }) => rule.name))]).toEqual([name])
  })

  it('has a planted violation for every rule', () => {
    const { forbidden } = found.ruleSetUsed
    expect(forbidden.map(({ name }) => name).sort()).toEqual([...treeNames].sort())
  })

  it(
    'are kept by the tree itself',
    async () => {
      const { violations } = await cruise(['.'])
      expect(violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual([])
    },
    patience,
  )
})
