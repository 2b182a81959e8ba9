/** The page of settings is as the source has it. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { settingsPage } from '../../scripts/settings-page'

const root = join(__dirname, '..', '..')
const page = readFileSync(join(root, 'docs/settings.md'), 'utf8')

it('is what `npm run docs` makes', () => {
  expect(page).toBe(settingsPage())
})

it('names every variable of ours that source reads', () => {
  const texts = ['core', 'adapters', 'entrypoints'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.includes('testing/'))
      .map((path) => readFileSync(join(root, folder, path), 'utf8')),
  )
  const names = texts.flatMap(
    (text) => text.match(/CODEX_(?:MULTI_)?AUTH_[A-Z0-9_]+[A-Z0-9]/g) ?? [],
  )
  expect(names.length).toBeGreaterThan(20)
  expect([...new Set(names)].filter((name) => !page.includes(`\`${name}\``))).toEqual([])
})

it('names each setting and each variable once', () => {
  const words = [...page.matchAll(/^\| `([A-Za-z0-9_]+)` \|/gm)].map(([, name]) => name)
  expect(new Set(words).size).toBe(words.length)
})
