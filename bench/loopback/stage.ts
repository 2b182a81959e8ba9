/** The backend, the load client and the proxies between them, each in a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { cleanEnvironment } from '../../test/support/clean-environment'
import { signedIn, withHome } from '../accounts'
import { built, program } from '../places'
import { ofProcess, start } from './child'
import type { Load, Measured } from './client'
import type { Used } from './gauge'
import { startNginx } from './nginx'
import type { Proxy } from './proxy'

export interface Stage {
  readonly ours: () => Promise<Proxy>
  readonly pipe: () => Promise<Proxy>
  /** Undefined where nginx is not on PATH. */
  readonly nginx: () => Promise<Proxy | undefined>
  readonly load: (on: Proxy, load: Omit<Load, 'port' | 'bearer'>) => Promise<Measured>
}

export const onStage = <A>(use: (stage: Stage) => Promise<A>, accounts = 3): Promise<A> => {
  const rows = signedIn(accounts)
  return withHome(rows, async (home) => {
    const backend = start('loopback/backend')
    const client = start('loopback/client')
    const open: Array<Proxy> = []
    const opened = async <P extends Proxy | undefined>(starting: Promise<P>): Promise<P> => {
      const proxy = await starting
      if (proxy !== undefined) open.push(proxy)
      return proxy
    }
    try {
      const { port } = await backend.ask<{ readonly port: number }>()
      const bearer = rows[0]?.tokens.accessToken ?? ''
      return await use({
        ours: () => opened(startOurs(home, port)),
        pipe: () => opened(startPipe(home, port)),
        nginx: () => opened(startNginx(home, port)),
        load: (on, load) => client.ask<Measured>({ ...load, port: on.port, bearer }),
      })
    } finally {
      await Promise.all([...open, backend, client].map((one) => one.end()))
    }
  })
}

/**
 * Our own program as a person starts it. In place of the official CLI it starts a script that prints
 * what it was given, where our listeners are, and stays until its standard input ends.
 */
const startOurs = async (home: string, backend: number): Promise<Proxy> => {
  const standIn = join(home, 'codex')
  await writeFile(standIn, '#!/bin/sh\nprintf "%s\\n" "$@"\nexec cat\n')
  await chmod(standIn, 0o755)
  const environment = cleanEnvironment(home, {
    CODEX_HOME: home,
    CODEX_MULTI_AUTH_QUIET: '1',
    CODEX_MULTI_AUTH_REAL_CODEX_BIN: standIn,
    CODEX_MULTI_AUTH_ISSUER: `http://127.0.0.1:${backend}`,
    CODEX_MULTI_AUTH_BACKEND: `http://127.0.0.1:${backend}/backend-api`,
  })
  const started = gauged(home, environment, program, 'codex')
  const port = await portIn(started, /^openai_base_url="http:\/\/127\.0\.0\.1:(\d+)\//)
  return proxyOf(started, port)
}

const startPipe = async (home: string, backend: number): Promise<Proxy> => {
  const started = gauged(
    home,
    cleanEnvironment(home),
    join(built, 'loopback/pipe.js'),
    `${backend}`,
  )
  return proxyOf(started, await portIn(started, /^(\d+)$/))
}

const gauged = (
  cwd: string,
  env: Readonly<Record<string, string>>,
  ...given: ReadonlyArray<string>
): ChildProcess =>
  spawn(process.execPath, ['--require', join(built, 'loopback/gauge.js'), ...given], {
    cwd,
    env,
    stdio: ['pipe', 'pipe', 'inherit', 'ipc'],
  })

const portIn = (started: ChildProcess, line: RegExp): Promise<number> =>
  new Promise((resolve, reject) => {
    started.once('exit', () => reject(new Error(`${started.spawnargs.join(' ')} ended at once`)))
    if (started.stdout === null) return
    createInterface(started.stdout).on('line', (text) => {
      const port = line.exec(text)?.[1]
      if (port !== undefined) resolve(Number(port))
    })
  })

const proxyOf = (started: ChildProcess, port: number): Proxy => {
  const { ask } = ofProcess(started)
  return {
    port,
    pid: started.pid ?? 0,
    used: () => ask<Used>(),
    end: () =>
      new Promise((resolve) => {
        if (started.exitCode !== null || started.signalCode !== null) return resolve()
        started.once('exit', () => resolve())
        started.stdin?.end()
      }),
  }
}
