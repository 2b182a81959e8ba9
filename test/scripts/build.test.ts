import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { cleanEnvironment } from '../support/clean-environment'

const script = join(__dirname, '..', '..', 'scripts', 'build.mjs')

const sources = {
  'entrypoints/main.ts': `
    void (process.argv[2] === 'codex'
      ? import('./codex/main').then((door) => door.run())
      : import('./cli/main').then((door) => door.run()))`,
  'entrypoints/cli/main.ts': `
    export const run = async () => console.log(await (await import('./demo')).demo())`,
  'entrypoints/cli/demo.ts': `
    export const demo = async () => (await import('./demo/main')).play('cli')`,
  'entrypoints/cli/demo/main.ts': `
    import { name } from '../../../core/name'
    export const play = (door: string): string => name(door)
    export const again = () => import('../main')`,
  'entrypoints/codex/main.ts': `
    import { name } from '../../core/name'
    export const run = () => console.log(name('codex'))`,
  'entrypoints/plugin/main.ts': `
    import { name } from '../../core/name'
    export default { id: name('plugin') }`,
  'core/name.ts': `
    export const name = (door: string): string => \`the door \${door}\``,
}

describe('the build', () => {
  const root = mkdtempSync(join(tmpdir(), 'build-'))
  const dist = join(root, 'dist')
  const environment = { env: cleanEnvironment(root), encoding: 'utf8' } as const
  const main = (...commandLine: ReadonlyArray<string>): string =>
    execFileSync(join(dist, 'main.js'), commandLine, environment)

  beforeAll(() => {
    for (const [path, text] of Object.entries({ ...sources, 'dist/old.js': '' })) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    }
    execFileSync(process.execPath, [script, root], environment)
  })
  afterAll(() => rmSync(root, { recursive: true }))

  it('makes one file a door, one a lazy import, and leaves none of an older build', () => {
    expect(readdirSync(dist).sort()).toEqual([
      ...['cli-demo-main.js', 'cli-demo.js', 'cli.js', 'codex.js', 'main.js', 'plugin.js'],
    ])
  })

  it('makes a program of the first door alone', () => {
    expect(statSync(join(dist, 'main.js')).mode & 0o777).toBe(0o755)
    expect(statSync(join(dist, 'cli.js')).mode & 0o111).toBe(0)
  })

  it('loads the door that is asked for, and what that door imports dynamically', () => {
    expect(main('codex')).toBe('the door codex\n')
    expect(main()).toBe('the door cli\n')
  })
})
