import { memoryDisk } from '../../../adapters/memory/disk'
import { memoryFileSystem } from '../../../adapters/memory/file-system'
import { scheduler } from '../../../adapters/memory/scheduler'
import type { Surroundings } from '../../../core/official/installation'
import { findCodex, type Installation } from '../../../entrypoints/programs/installation'

const native = 'x'.repeat(70_000)
const launcher = '#!/usr/bin/env node\n'
const triple = 'x86_64-unknown-linux-musl'
const own = '/usr/lib/node_modules/codex-multi-auth/dist'

interface Machine {
  readonly files: Readonly<Record<string, string>>
  readonly links?: ReadonlyArray<readonly [target: string, path: string]>
  readonly around?: Partial<Surroundings>
}

const find = ({ files, links = [], around = {} }: Machine) => {
  const disk = memoryDisk({ [`${own}/main.js`]: launcher, '/usr/bin/node': native, ...files })
  for (const [target, path] of links) disk.link(target, path)
  const ports = { files: memoryFileSystem(scheduler(1).process('main'), disk) }
  return findCodex(ports)({
    platform: 'linux',
    architecture: 'x64',
    home: '/home/ann',
    ownFolder: own,
    node: '/usr/bin/node',
    ...around,
    environment: { PATH: '/home/ann/bin:/usr/bin', ...around.environment },
  })
}

const found = async (machine: Machine): Promise<Installation> =>
  (await find(machine))._unsafeUnwrap()

const packageAt = (modules: string) => ({ [`${modules}/@openai/codex/bin/codex.js`]: launcher })
const nativeAt = (modules: string) => ({
  [`${modules}/@openai/codex-linux-x64/vendor/${triple}/bin/codex`]: native,
})
const managed = (root: string, by: string) => ({
  CODEX_MANAGED_PACKAGE_ROOT: root,
  CODEX_MANAGED_BY_NPM: undefined,
  CODEX_MANAGED_BY_PNPM: undefined,
  CODEX_MANAGED_BY_BUN: undefined,
  CODEX_MANAGED_BY_VITE_PLUS: undefined,
  [`CODEX_MANAGED_BY_${by}`]: '1',
})

const global = '/usr/lib/node_modules'
const pnpm = '/home/ann/pnpm/global/5'
const store = `${pnpm}/.pnpm/@openai+codex@0.169.0/node_modules`
const bun = '/home/ann/.bun/install/global/node_modules'
const vite = '/home/ann/vp/packages'
const tail = `/vendor/${triple}/bin/codex`

const pnpmShim = [
  '#!/bin/sh',
  'basedir=$(dirname "$0")',
  `export NODE_PATH="${store}/@openai/codex/bin/node_modules:${store}"`,
  'exec node "$basedir/global/5/node_modules/@openai/codex/bin/codex.js" "$@"',
].join('\n')

const nestedIn = (modules: string) => `${modules}/@openai/codex/node_modules`

describe('an npm package', () => {
  it.each<{ name: string; machine: Machine; program: string; root: string; by: string }>([
    {
      name: 'with its platform package nested, as npm install -g makes it',
      machine: {
        files: { ...packageAt(global), ...nativeAt(nestedIn(global)) },
        links: [[`${global}/@openai/codex/bin/codex.js`, '/usr/bin/codex']],
      },
      program: `${nestedIn(global)}/@openai/codex-linux-x64${tail}`,
      root: `${global}/@openai/codex`,
      by: 'NPM',
    },
    {
      name: 'with its platform package beside it, in a project',
      machine: {
        files: {
          ...packageAt('/app/node_modules'),
          ...nativeAt('/app/node_modules'),
          '/app/node_modules/.bin/other': '',
        },
        links: [['../@openai/codex/bin/codex.js', '/app/node_modules/.bin/codex']],
        around: { environment: { PATH: '/app/node_modules/.bin' } },
      },
      program: `/app/node_modules/@openai/codex-linux-x64${tail}`,
      root: '/app/node_modules/@openai/codex',
      by: 'NPM',
    },
    {
      name: 'with its platform package beside a parent, in a workspace',
      machine: {
        files: { ...packageAt('/app/tool/node_modules'), ...nativeAt('/app/node_modules') },
        links: [['/app/tool/node_modules/@openai/codex/bin/codex.js', '/usr/bin/codex']],
      },
      program: `/app/node_modules/@openai/codex-linux-x64${tail}`,
      root: '/app/tool/node_modules/@openai/codex',
      by: 'NPM',
    },
    {
      name: 'with the native program in the launcher’s own package',
      machine: {
        files: {
          ...packageAt(global),
          [`${global}/@openai/codex${tail}`]: native,
        },
        links: [[`${global}/@openai/codex/bin/codex.js`, '/usr/bin/codex']],
      },
      program: `${global}/@openai/codex${tail}`,
      root: `${global}/@openai/codex`,
      by: 'NPM',
    },
    {
      name: 'of pnpm, through its shim',
      machine: {
        files: {
          ...packageAt(store),
          ...nativeAt(store),
          '/home/ann/pnpm/codex': pnpmShim,
          [`${pnpm}/node_modules/.modules.yaml`]: '',
          [`${pnpm}/node_modules/@openai/other`]: '',
        },
        links: [[`${store}/@openai/codex`, `${pnpm}/node_modules/@openai/codex`]],
        around: { environment: { PATH: '/home/ann/pnpm' } },
      },
      program: `${store}/@openai/codex-linux-x64${tail}`,
      root: `${store}/@openai/codex`,
      by: 'PNPM',
    },
    {
      name: 'of Bun',
      machine: {
        files: { ...packageAt(bun), ...nativeAt(bun), '/home/ann/.bun/bin/bun': native },
        links: [[`${bun}/@openai/codex/bin/codex.js`, '/home/ann/.bun/bin/codex']],
        around: { environment: { PATH: '/home/ann/.bun/bin' } },
      },
      program: `${bun}/@openai/codex-linux-x64${tail}`,
      root: `${bun}/@openai/codex`,
      by: 'BUN',
    },
    {
      name: 'of Vite+',
      machine: {
        files: {
          ...packageAt(`${vite}/@openai/codex/i1/lib/node_modules`),
          ...nativeAt(`${vite}/@openai/codex/i1/lib/node_modules`),
          [`${vite}/@openai/codex.json`]: '{"name":"@openai/codex","installId":"i1"}',
        },
        links: [
          [
            `${vite}/@openai/codex/i1/lib/node_modules/@openai/codex/bin/codex.js`,
            '/usr/bin/codex',
          ],
        ],
      },
      program: `${vite}/@openai/codex/i1/lib/node_modules/@openai/codex-linux-x64${tail}`,
      root: `${vite}/@openai/codex/i1/lib/node_modules/@openai/codex`,
      by: 'VITE_PLUS',
    },
    {
      name: 'beside our own, found without PATH',
      machine: { files: { ...packageAt(global), ...nativeAt(nestedIn(global)) } },
      program: `${nestedIn(global)}/@openai/codex-linux-x64${tail}`,
      root: `${global}/@openai/codex`,
      by: 'NPM',
    },
  ])('$name', async ({ machine, program, root, by }) => {
    expect(await found(machine)).toMatchObject({
      program,
      arguments: [],
      environment: managed(root, by),
      versionFiles: [program.replace(/bin\/codex$/, 'codex-package.json'), `${root}/package.json`],
    })
  })

  it('of the layout before bin/ gets its folder of programs in front of PATH', async () => {
    const vendor = `${global}/@openai/codex/vendor/${triple}`
    const { program, environment } = await found({
      files: { ...packageAt(global), [`${vendor}/codex/codex`]: native },
      links: [[`${global}/@openai/codex/bin/codex.js`, '/usr/bin/codex']],
    })
    expect(program).toBe(`${vendor}/codex/codex`)
    expect(environment['PATH']).toBe(`${vendor}/path:/home/ann/bin:/usr/bin`)
  })

  it('without a native program is started as it is, to say so itself', async () => {
    const machine = {
      files: packageAt(global),
      links: [[`${global}/@openai/codex/bin/codex.js`, '/usr/bin/codex']] as const,
    }
    const expected = {
      program: '/usr/bin/node',
      arguments: [`${global}/@openai/codex/bin/codex.js`],
      environment: {},
    }
    expect(await found(machine)).toMatchObject(expected)
    expect(await found({ ...machine, around: { architecture: 's390x' } })).toMatchObject(expected)
  })

  it.each([
    { platform: 'darwin', architecture: 'arm64', triple: 'aarch64-apple-darwin' },
    { platform: 'linux', architecture: 'arm64', triple: 'aarch64-unknown-linux-musl' },
  ])('of $platform-$architecture', async ({ platform, architecture, triple }) => {
    const vendor = `${nestedIn(global)}/@openai/codex-${platform}-${architecture}/vendor/${triple}`
    const { program } = await found({
      files: { ...packageAt(global), [`${vendor}/bin/codex`]: native },
      links: [[`${global}/@openai/codex/bin/codex.js`, '/usr/bin/codex']],
      around: { platform, architecture },
    })
    expect(program).toBe(`${vendor}/bin/codex`)
  })

  it('of Windows, through its batch file', async () => {
    const vendor = '/npm/node_modules/@openai/codex-win32-x64/vendor/x86_64-pc-windows-msvc'
    const { program } = await found({
      files: {
        ...packageAt('/npm/node_modules'),
        [`${vendor}/bin/codex.exe`]: native,
        '/npm/codex.cmd': '"%_prog%"  "%dp0%\\node_modules\\@openai\\codex\\bin\\codex.js" %*',
      },
      around: { platform: 'win32', environment: { PATH: '/none;/npm' } },
    })
    expect(program).toBe(`${vendor}/bin/codex.exe`)
  })
})

describe('another install', () => {
  const standalone = '/home/ann/.codex/packages/standalone'
  it.each<{ name: string; machine: Machine; program: string }>([
    {
      name: 'a native program on PATH',
      machine: { files: { '/usr/bin/codex': native } },
      program: '/usr/bin/codex',
    },
    {
      name: 'Homebrew, which goes by its link',
      machine: {
        files: { '/opt/homebrew/Caskroom/codex/1/codex': native, '/opt/homebrew/bin/x': '' },
        links: [['../Caskroom/codex/1/codex', '/opt/homebrew/bin/codex']],
      },
      program: '/opt/homebrew/bin/codex',
    },
    {
      name: 'the standalone installer',
      machine: {
        files: { [`${standalone}/releases/1/bin/codex`]: native },
        links: [[`${standalone}/releases/1`, `${standalone}/current`]],
      },
      program: `${standalone}/current/bin/codex`,
    },
    {
      name: 'the standalone installer with a folder of its own',
      machine: {
        files: { '/opt/c/codex': native },
        around: { environment: { CODEX_INSTALL_DIR: '/opt/c' } },
      },
      program: '/opt/c/codex',
    },
    {
      name: 'the standalone installer in another home of Codex',
      machine: {
        files: { '/ch/packages/standalone/current/bin/codex': native },
        around: { environment: { CODEX_HOME: '/ch' } },
      },
      program: '/ch/packages/standalone/current/bin/codex',
    },
    {
      name: 'the first of two on PATH',
      machine: { files: { '/home/ann/bin/codex': native, '/usr/bin/codex': native } },
      program: '/home/ann/bin/codex',
    },
  ])('$name', async ({ machine, program }) => {
    expect(await found(machine)).toMatchObject({ program, arguments: [], environment: {} })
  })

  it('a script nobody sees through is run as it is, and counted', async () => {
    const shim = { '/home/ann/bin/codex': '#!/bin/sh\nexec asdf exec codex "$@"\n' }
    expect(await found({ files: shim })).toMatchObject({
      program: '/home/ann/bin/codex',
      environment: { CODEX_MULTI_AUTH_DEPTH: '1' },
    })
    const deep = { environment: { CODEX_MULTI_AUTH_DEPTH: '8' } }
    expect((await find({ files: shim, around: deep }))._unsafeUnwrapErr()).toEqual({
      _tag: 'LeadsBack',
      times: 8,
    })
  })

  it('a batch file nobody sees through is passed over', async () => {
    const refused = await find({
      files: { '/npm/codex.cmd': '@echo off' },
      around: { platform: 'win32', environment: { PATH: '/npm' } },
    })
    expect(refused._unsafeUnwrapErr()._tag).toBe('NoCodex')
  })

  it('a folder called codex is passed over', async () => {
    const { program } = await found({
      files: { '/home/ann/bin/codex/readme': '', '/usr/bin/codex': native },
    })
    expect(program).toBe('/usr/bin/codex')
  })
})

describe('we ourselves', () => {
  it.each<{ name: string; machine: Machine }>([
    {
      name: 'by a link to our program',
      machine: { files: {}, links: [[`${own}/main.js`, '/usr/bin/codex']] },
    },
    {
      name: 'by a shim',
      machine: { files: { '/usr/bin/codex': '#!/bin/sh\nexec codex-multi-auth codex "$@"\n' } },
    },
    {
      name: 'by another copy of the package',
      machine: {
        files: { '/other/node_modules/codex-multi-auth/scripts/codex.js': launcher },
        links: [['/other/node_modules/codex-multi-auth/scripts/codex.js', '/usr/bin/codex']],
      },
    },
  ])('are passed over $name', async ({ machine }) => {
    const behind = await find({
      ...machine,
      files: { ...machine.files, '/usr/local/bin/codex': native },
    })
    expect(behind._unsafeUnwrap().program).toBe('/usr/local/bin/codex')
    expect((await find(machine))._unsafeUnwrapErr()._tag).toBe('NoCodex')
  })

  it('may have the official CLI among our own packages', async () => {
    const modules = '/other/node_modules/codex-multi-auth/node_modules'
    const { program } = await found({
      files: { ...packageAt(modules), ...nativeAt(modules) },
      links: [[`${modules}/@openai/codex/bin/codex.js`, '/usr/bin/codex']],
    })
    expect(program).toBe(`${modules}/@openai/codex-linux-x64${tail}`)
  })
})

describe('the program that the person names', () => {
  const naming = (path: string) => ({
    environment: { CODEX_MULTI_AUTH_REAL_CODEX_BIN: path },
  })

  it('wins over PATH', async () => {
    const files = { '/usr/bin/codex': native, '/my/codex-dev': native }
    const { program } = await found({ files, around: naming('/my/codex-dev') })
    expect(program).toBe('/my/codex-dev')
  })

  it('may be the launcher', async () => {
    const { program } = await found({
      files: { ...packageAt(global), ...nativeAt(nestedIn(global)) },
      around: naming(`${global}/@openai/codex/bin/codex.js`),
    })
    expect(program).toBe(`${nestedIn(global)}/@openai/codex-linux-x64${tail}`)
  })

  it.each(['/none', `${own}/main.js`])('is refused when it is %s', async (path) => {
    const refused = await find({ files: { '/usr/bin/codex': native }, around: naming(path) })
    expect(refused._unsafeUnwrapErr()).toEqual({
      _tag: 'NoSuchProgram',
      variable: 'CODEX_MULTI_AUTH_REAL_CODEX_BIN',
      path,
    })
  })
})

it('tells where it looked when there is none', async () => {
  const refused = (await find({ files: {} }))._unsafeUnwrapErr()
  if (refused._tag !== 'NoCodex') throw new Error(refused._tag)
  expect(refused.looked.slice(0, 2)).toEqual(['/home/ann/bin', '/usr/bin'])
  expect(refused.looked).toContain('/home/ann/.codex/packages/standalone/current/bin')
  expect(refused.looked).not.toContain('')
})
