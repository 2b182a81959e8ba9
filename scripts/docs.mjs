/** `npm run docs`: writes the pages that are made from source. */
import { build } from 'esbuild'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(fileURLToPath(import.meta.url), '..', '..')
const folder = await mkdtemp(join(tmpdir(), 'codex-multi-auth-docs-'))
/** What a page's module exports, and where the page goes. */
const pages = [
  ['settings-page', 'settingsPage', 'docs/settings.md'],
  ['commands-page', 'commandsPage', 'docs/commands.md'],
  ['schema-page', 'schemaPage', 'docs/schema.json'],
]

try {
  for (const [module, made, page] of pages) {
    const outfile = join(folder, `${module}.cjs`)
    await build({
      entryPoints: [join(root, `scripts/${module}.ts`)],
      ...{ bundle: true, platform: 'node', format: 'cjs', outfile },
      ...{ mainFields: ['module', 'main'], logLevel: 'error' },
    })
    const text = await createRequire(import.meta.url)(outfile)[made]()
    await writeFile(join(root, page), text)
  }
} finally {
  await rm(folder, { recursive: true })
}
