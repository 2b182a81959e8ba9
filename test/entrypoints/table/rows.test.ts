/** The table of commands and states leaves none of either out. */
import { parse } from '../../../entrypoints/cli/commands'
import { commands } from '../../../entrypoints/cli/table'
import { groups } from './rows'
import { states } from './states'

const rows = Object.values(groups).flat()

const commandOf = async (words: string): Promise<string> => {
  const invocation = (await parse(words.split(' '), ''))._unsafeUnwrap()
  return invocation._tag === 'Show' ? '' : invocation.command
}

/** The demo sees nothing of a home that is there; `test/hosts` plays it. */
const hasOwnHome = 'demo'

/** What nothing can go wrong with. */
const alwaysWell = ['config explain', 'config schema', 'doctor']

it('has rows of every command, as it goes well and as it does not', async () => {
  const seen = await Promise.all(
    rows
      .filter(({ json }) => json !== null)
      .map(async ({ code, words }) => `${await commandOf(words)}: ${code === 0 ? 'well' : 'ill'}`),
  )
  const names = commands.map(({ name }) => name).filter((name) => name !== hasOwnHome)
  const wanted = names.flatMap((name) => [
    `${name}: well`,
    ...(alwaysWell.includes(name) ? [] : [`${name}: ill`]),
  ])
  expect(wanted.filter((one) => !seen.includes(one))).toEqual([])
})

it('has rows in every state, without a terminal and in CI', () => {
  expect(states.filter((state) => !rows.some((row) => row.state === state))).toEqual([])
  expect(rows.filter(({ environment }) => environment?.['CI'] === 'true').length).toBeGreaterThan(3)
  expect(rows.some(({ json }) => json === 'several-match')).toBe(true)
})
