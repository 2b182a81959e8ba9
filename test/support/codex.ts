/** The wrapper in memory: an official CLI that ends as it is told, and a proxy that answers nothing. */
import { errAsync, okAsync } from 'neverthrow'
import { memoryClock } from '../../adapters/memory/clock'
import { memoryDisk } from '../../adapters/memory/disk'
import { memoryFileSystem } from '../../adapters/memory/file-system'
import { memoryHash } from '../../adapters/memory/hash'
import { memoryLock } from '../../adapters/memory/lock'
import { memoryProcess, type Programs } from '../../adapters/memory/process'
import { scheduler } from '../../adapters/memory/scheduler'
import type { Door } from '../../entrypoints/codex/child'
import type { ProxyTerms } from '../../entrypoints/codex/proxy-face'
import { runCodex } from '../../entrypoints/codex/wrapper'
import type { Exit } from '../../ports/process'

export const modules = '/usr/lib/node_modules/@openai'
export const vendor = `${modules}/codex-linux-x64/vendor/x86_64-unknown-linux-musl`
export const codex = `${vendor}/bin/codex`

const installed = {
  [`${modules}/codex/bin/codex.js`]: '#!/usr/bin/env node\n',
  [codex]: 'x'.repeat(70_000),
  [`${vendor}/codex-package.json`]: '{"version":"0.169.0"}',
}

export const home = '/home/ann/.codex'
export const pool = `${home}/multi-auth/openai-codex-accounts.json`
const accounts = {
  [pool]: JSON.stringify({ version: 3, accounts: [{ refreshToken: 'rt', accountId: 'acc-1' }] }),
}

export interface Setting {
  readonly files?: Readonly<Record<string, string>>
  readonly environment?: Readonly<Record<string, string>>
  readonly exit?: Exit
  readonly hasProxy?: boolean
  readonly isInstalled?: boolean
  /** Where it is run; the home folder, when left out. */
  readonly folder?: string
  /** On PATH, beside the official CLI; none, when left out. */
  readonly programs?: Programs
}

export const door = (setting: Setting) => {
  const codexThere = setting.isInstalled === false ? {} : installed
  const disk = memoryDisk({ '/usr/bin/node': '', ...codexThere, ...accounts, ...setting.files })
  if (setting.isInstalled !== false) disk.link(`${modules}/codex/bin/codex.js`, '/usr/bin/codex')
  const simulated = scheduler(1).process('main')
  const files = memoryFileSystem(simulated, disk)
  const exit: Exit = setting.exit ?? { _tag: 'Exited', code: 0 }
  const process = memoryProcess(simulated, { ...setting.programs, [codex]: () => exit })
  const said: Array<string> = []
  const proxies: Array<ProxyTerms & { closed: boolean }> = []
  const made: Door = {
    ports: { files, process },
    openFiles: () => okAsync(files),
    frontPorts: () =>
      Promise.resolve({
        ...{ files, process, hash: memoryHash() },
        lock: memoryLock(simulated, disk),
        clock: memoryClock(simulated),
      }),
    around: {
      platform: 'linux',
      architecture: 'x64',
      environment: { PATH: '/usr/bin', ...setting.environment },
      home: '/home/ann',
      ownFolder: '/opt/us/dist',
      node: '/usr/bin/node',
    },
    folder: () => setting.folder ?? '/home/ann',
    say: (text) => said.push(text),
    startProxy: (terms) => {
      if (setting.hasProxy === false)
        return errAsync({ _tag: 'ListenFault', port: 0, code: 'EPERM' })
      const proxy = { ...terms, closed: false }
      proxies.push(proxy)
      const close = () => {
        proxy.closed = true
        return okAsync(undefined)
      }
      const warm = (): void => undefined
      return okAsync({ chatgptPort: 4101, modelPort: 4102, warm, close })
    },
  }
  return { made, said, proxies, ran: process.ran, disk }
}

export const run = async (line: string, setting: Setting = {}) => {
  const { made, said, proxies, ran, disk } = door(setting)
  const exit = await runCodex(made)(line.split(' '))
  const [child] = ran
  return { exit, said: said.join(''), proxies, child, starts: ran.length, disk }
}
