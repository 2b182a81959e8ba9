/** `codex` itself by way of the shim, in real shells. */
import { chmod, mkdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Upstream } from '../../entrypoints/embed/testing/upstream'
import { tool } from '../support/tools'
import { makeHome, type Home } from './support/home'
import { productEnvironment, program, writePool } from './support/product'
import { startRecordingProxy, type RecordingProxy } from './support/recording-proxy'
import { runProgram, type Ran } from './support/run-program'
import { startOnSockets } from './support/upstream'

let upstream: Upstream
let home: Home
let proxy: RecordingProxy
let environment: Record<string, string>

const search = [join(__dirname, 'node_modules', '.bin'), dirname(process.execPath)].join(':')

beforeEach(async () => {
  ;[upstream, home, proxy] = await Promise.all([
    startOnSockets(),
    makeHome(),
    startRecordingProxy(),
  ])
  const { CODEX_MULTI_AUTH_REAL_CODEX_BIN: _, ...clean } = productEnvironment({
    ...{ upstream, home, proxy },
    environment: { PATH: `${search}:/usr/bin:/bin` },
  })
  environment = clean
})

afterEach(async () => {
  await Promise.all([proxy.close(), home.remove(), upstream.close()])
})

const run = (start: string, ...given: ReadonlyArray<string>): Promise<Ran> =>
  runProgram({ program: start, arguments: given, cwd: home.workspace, environment })

const own = (...given: ReadonlyArray<string>): Promise<Ran> =>
  run(process.execPath, program, ...given)

const at = (name: string): string => join(home.path, name)

const shim = (): string => at('multi-auth/bin/codex')

/** Without what the official CLI says. */
const talk = ({ stderr }: Ran): ReadonlyArray<string> =>
  stderr.split('\n').filter((line) => line.startsWith('codex-multi-auth: '))

/** A login shell may begin with a PATH of the system's. */
const searching = `PATH='${search}':"$PATH"\n`

/** The files a shell of these flags reads, and what stands in them before. */
const shells = [
  { shell: 'bash', flags: '-lc', files: { '.profile': searching, '.bashrc': 'B=2' } },
  { shell: 'bash', flags: '-ic', files: { '.bash_profile': '', '.bashrc': 'B=2\n\n' } },
  { shell: 'zsh', flags: '-ic', files: { '.zshrc': '# no end' } },
  { shell: 'fish', flags: '-c', files: { '.config/fish/config.fish': 'set a b\n' } },
]

describe.each(shells)('$shell $flags', ({ shell, flags, files }) => {
  tool(shell)('finds the shim, and the official CLI again after it is removed', async () => {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(at(name)), { recursive: true })
      await writeFile(at(name), text)
      await chmod(at(name), 0o640)
    }
    await writePool(home, [])
    const ask = (line: string): Promise<Ran> => run(shell, flags, line)
    const before = (await ask('command -v codex')).stdout
    const official = await ask('codex --version')
    expect(official.stdout).toMatch(/^codex-cli /)

    expect((await own('shim', 'install', '--shell', shell)).code).toBe(0)

    expect((await ask('command -v codex')).stdout).toBe(`${shim()}\n`)
    const through = await ask('codex --version')
    expect([through.stdout, through.code]).toEqual([official.stdout, 0])
    const [listed, ours] = [await own('list'), await ask('codex auth list')]
    expect([ours.stdout, ours.code]).toEqual([listed.stdout, 0])
    const seen = JSON.parse(
      (await ask(`codex auth shim status --shell ${shell} --json`)).stdout,
    ) as unknown
    expect(seen).toMatchObject({ data: { installed: true, ahead: true, mend: null } })

    expect((await own('shim', 'remove')).code).toBe(0)

    for (const [name, text] of Object.entries(files)) {
      expect(await readFile(at(name), 'utf8')).toBe(text)
      expect((await stat(at(name))).mode & 0o777).toBe(0o640)
    }
    expect((await ask('command -v codex')).stdout).toBe(before)
  })
})

describe('the script', () => {
  /** As installed by a program that lies elsewhere. */
  const write = async (change: (text: string) => string): Promise<void> => {
    expect((await own('shim', 'install', '--shell', 'bash')).code).toBe(0)
    const text = change(await readFile(shim(), 'utf8'))
    await writeFile(shim(), text)
  }
  const gone = (text: string): string => text.replace(/^main=.*$/m, "main='/nowhere/main.js'")

  it('hands over to the official CLI when our package is gone, and says so once', async () => {
    await write(gone)
    await mkdir(at('second'))
    await symlink(shim(), at('second/codex'))
    environment['PATH'] = `${dirname(shim())}:${at('second')}:${environment['PATH']}`
    const ran = await run('codex', '--version')
    expect([ran.code, ran.stdout]).toEqual([0, expect.stringMatching(/^codex-cli /)])
    expect(talk(ran)).toEqual([expect.stringContaining('npm install -g codex-multi-auth')])
  })

  it('makes no prompt of account work then', async () => {
    await write(gone)
    const ran = await run(shim(), 'auth', 'list')
    expect([ran.code, ran.stdout]).toEqual([1, ''])
  })

  it('passes over another copy of itself, and says when there is nothing else', async () => {
    await write(gone)
    await mkdir(at('other'))
    await rename(shim(), at('other/codex'))
    await write(gone)
    environment['PATH'] = `${dirname(shim())}:${at('other')}:/usr/bin:/bin`
    const ran = await run('codex', '--version')
    expect([ran.code, ran.stderr]).toEqual([127, expect.stringContaining('no official CLI')])
  })

  it('finds another Node when its own is gone, and refuses one that is too old', async () => {
    await write((text) => text.replace(/^node=.*$/m, "node='/nowhere/node'"))
    const found = await run(shim(), 'auth', 'list')
    expect([found.code, found.stderr]).toEqual([0, ''])
    const old = at('old')
    await mkdir(old)
    await writeFile(join(old, 'node'), '#!/bin/sh\nexit 1\n')
    await chmod(join(old, 'node'), 0o755)
    environment['PATH'] = `${old}:/usr/bin:/bin`
    const ran = await run(shim(), 'auth', 'list')
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining('Node 20.17')])
  })

  it('is passed over by our own search, by any name', async () => {
    await write((text) => text)
    await mkdir(at('second'))
    await symlink(shim(), at('second/codex'))
    const official = await run('codex', '--version')
    environment['PATH'] = `${at('second')}:${dirname(shim())}:${environment['PATH']}`
    expect((await run('codex', '--version')).stdout).toBe(official.stdout)
    await rm(at('second/codex'))
  })
})
