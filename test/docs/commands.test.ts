/** The page of commands is as the source has it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandsPage } from '../../scripts/commands-page'
import { commands } from '../../entrypoints/cli/table'

const page = readFileSync(join(__dirname, '..', '..', 'docs', 'commands.md'), 'utf8')

it('is what `npm run docs` makes', async () => {
  expect(page).toBe(await commandsPage())
})

it('has every command once, with an example', () => {
  const sections = page.split(/^## /m).slice(1)
  expect(sections.map((one) => one.split('\n')[0])).toEqual(commands.map(({ name }) => name))
  for (const one of sections) expect(one).toMatch(/Examples:\n {2}codex-multi-auth /)
})
