/**
 * `node scripts/build.mjs [root]` makes dist/ from the sources: one CommonJS file a door, packages
 * and all, and one for every module of ours that is imported dynamically.
 *
 * esbuild splits only ES modules, which start slower. So a dynamic import of our own becomes a
 * `require` of a chunk beside the importer's, and the imported module is built like a door. What two
 * files both need is in both: values that cross from one to another must be plain.
 */
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { nativeAsync } from './native-async.mjs'

/** The first is the program a person starts. */
const doors = ['main.ts', 'cli/main.ts', 'codex/main.ts', 'plugin/main.ts'].map(
  (path) => `entrypoints/${path}`,
)

const root = resolve(process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '..'))
const dist = join(root, 'dist')

/** entrypoints/cli/main.ts is cli, entrypoints/cli/demo/main.ts is cli-demo-main, entrypoints/main.ts is main. */
const chunkOf = (path) =>
  relative(root, path)
    .replace(/\.ts$/, '')
    .replace(/^entrypoints\//, '')
    .replace(/^(\w+)\/main$/, '$1')
    .replaceAll('/', '-')

const lazyChunks = (found) => ({
  name: 'lazy-chunks',
  setup: ({ onResolve, resolve: locate }) => {
    onResolve({ filter: /^\./ }, async ({ kind, path, importer, resolveDir, pluginData }) => {
      const isOurs = kind === 'dynamic-import' && !importer.includes('node_modules')
      if (!isOurs || pluginData === 'located') return undefined
      const located = await locate(path, { kind, importer, resolveDir, pluginData: 'located' })
      if (located.errors.length > 0) return { errors: located.errors }
      found.add(located.path)
      return { path: `./${chunkOf(located.path)}.js`, external: true }
    })
  },
})

/** Builds these files and, in the next round, what they import dynamically. */
const buildAll = async (paths, done = new Set()) => {
  if (paths.length === 0) return
  const found = new Set()
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: paths.map((path) => ({ in: path, out: chunkOf(path) })),
    outdir: dist,
    write: false,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    // Turns import() into require(): a chunk is CommonJS, and the module loader costs milliseconds.
    supported: { 'dynamic-import': false },
    mainFields: ['module', 'main'],
    // It is parsed at each start. A fault that is reported has places for names.
    minify: true,
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'warning',
    plugins: [lazyChunks(found), nativeAsync],
  })
  await Promise.all(
    outputFiles.map(async ({ path, text }) => {
      if (basename(path) !== `${chunkOf(join(root, doors[0]))}.js`) return writeFile(path, text)
      await writeFile(path, `#!/usr/bin/env node\n${text}`)
      return chmod(path, 0o755)
    }),
  )
  const built = new Set([...done, ...paths])
  await buildAll(
    [...found].filter((path) => !built.has(path)),
    built,
  )
}

await rm(dist, { recursive: true, force: true })
await mkdir(dist, { recursive: true })
await buildAll(doors.map((door) => join(root, door))).catch((failure) => {
  // esbuild has printed its own errors, and anything else is a fault of this script.
  if (failure.errors === undefined) throw failure
  process.exitCode = 1
})
