/** `npm run docs`: writes the pages that are made from source. */
import { build } from 'esbuild'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(fileURLToPath(import.meta.url), '..', '..')
const folder = await mkdtemp(join(tmpdir(), 'codex-multi-auth-docs-'))
try {
  const outfile = join(folder, 'page.cjs')
  await build({
    entryPoints: [join(root, 'scripts/settings-page.ts')],
    ...{ bundle: true, platform: 'node', format: 'cjs', outfile },
  })
  const { settingsPage } = createRequire(import.meta.url)(outfile)
  await writeFile(join(root, 'docs/settings.md'), settingsPage())
} finally {
  await rm(folder, { recursive: true })
}
