/** A setting that nothing reads is a promise that nobody keeps. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as Catalogue from '../../../core/settings/catalogue'

const root = join(__dirname, '..', '..', '..')
const tables = ['core/settings/catalogue.ts', 'core/settings/ignored.ts']

const sources = ['core', 'entrypoints']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) =>
      join(folder, path),
    ),
  )
  .filter((path) => path.endsWith('.ts') && !tables.includes(path))
  // Without comments, which read nothing.
  .map((path) => readFileSync(join(root, path), 'utf8').replace(/\/\*[^]*?\*\/|\/\/.*/g, ''))

/** Taken out of the settings: by a dot, or between braces. */
const reads = (key: string): RegExp =>
  new RegExp(`\\bsettings\\.${key}\\b|\\)\\.${key}\\b|[{,]\\s*${key}\\b[^'"]*?\\}`)

it.each(Catalogue.keys)('reads %s somewhere', (key) => {
  expect(sources.some((text) => reads(key).test(text))).toBe(true)
})
