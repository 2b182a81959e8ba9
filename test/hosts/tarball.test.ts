/** The package as it is published: installed with nothing else, used, and gone again. */
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Upstream } from '../../entrypoints/embed/testing/upstream'
import { makeHome, type Home } from './support/home'
import { linkLauncher } from './support/official'
import { productEnvironment } from './support/product'
import { startRecordingProxy, type RecordingProxy } from './support/recording-proxy'
import { runProgram, type Ran } from './support/run-program'
import { startOnSockets } from './support/upstream'

const root = join(__dirname, '..', '..')

let upstream: Upstream
let home: Home
let proxy: RecordingProxy

beforeEach(async () => {
  ;[upstream, home, proxy] = await Promise.all([
    startOnSockets(),
    makeHome(),
    startRecordingProxy(),
  ])
})

afterEach(async () => {
  const strays = proxy.strays()
  await Promise.all([proxy.close(), home.remove(), upstream.close()])
  expect(strays).toEqual([])
})

const at = (name: string): string => join(home.path, name)

it('installs by itself, signs in, serves through the shim, and leaves nothing of it', async () => {
  const searched = [
    ...[at('prefix/bin'), at('official')],
    ...[dirname(process.execPath), '/usr/bin', '/bin'],
  ]
  await linkLauncher(at('official'))
  await writeFile(at('.bashrc'), 'B=2')
  await writeFile(at('.profile'), `PATH='${searched.join(':')}'\n`)
  await writeFile(
    at('browser.cjs'),
    `#!${process.execPath}\nfetch(process.argv[2]).then((page) => page.text())\n`,
  )
  await chmod(at('browser.cjs'), 0o700)
  await mkdir(at('pack'))
  const { CODEX_MULTI_AUTH_REAL_CODEX_BIN: _, ...environment } = productEnvironment({
    ...{ upstream, home, proxy },
    environment: { BROWSER: at('browser.cjs'), SHELL: '/bin/bash' },
  })
  const run = (program: string, cwd: string, ...given: ReadonlyArray<string>): Promise<Ran> =>
    runProgram({ program, arguments: given, cwd, environment })
  const ask = (line: string): Promise<Ran> => run('bash', home.workspace, '-lc', line)
  const good = async (ran: Promise<Ran>): Promise<string> => {
    const { code, stdout, stderr } = await ran
    expect([code, stderr]).toEqual([0, expect.anything()])
    return stdout
  }

  // Built already; a registry is out of reach.
  const cache = [
    '--cache',
    at('pack/cache'),
    '--offline',
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
  ]
  await good(
    run('npm', root, 'pack', '--ignore-scripts', '--pack-destination', at('pack'), ...cache),
  )
  const tarball = (await readdir(at('pack'))).find((name) => name.endsWith('.tgz')) ?? ''
  const prefix = ['--prefix', at('prefix')]
  await good(run('npm', home.path, 'install', '-g', ...prefix, ...cache, at(`pack/${tarball}`)))
  expect(await readdir(at('prefix/lib/node_modules'))).toEqual(['codex-multi-auth'])
  expect(await readdir(at('prefix/lib/node_modules/codex-multi-auth'))).toEqual(
    expect.not.arrayContaining(['node_modules']),
  )

  await good(ask('codex-multi-auth shim install'))
  upstream.browser.signsIn(upstream.addPerson({ email: 'ada@mail.test' }).accounts[0])
  await good(ask('codex auth login'))
  upstream.speak(() => ({ text: 'Hello.' }))
  expect(await good(ask('codex exec --skip-git-repo-check "Say hello."'))).toBe('Hello.\n')

  await good(ask('codex-multi-auth shim remove'))
  expect(await readFile(at('.bashrc'), 'utf8')).toBe('B=2')
  expect(await readFile(at('.profile'), 'utf8')).toBe(`PATH='${searched.join(':')}'\n`)
  expect(await readdir(at('multi-auth'))).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/^(bin|external-edits)/)]),
  )
  await good(run('npm', home.path, 'uninstall', '-g', ...prefix, ...cache, 'codex-multi-auth'))
  expect(await readdir(at('prefix/bin'))).toEqual([])
})
