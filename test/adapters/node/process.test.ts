import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { okAsync } from 'neverthrow'
import { second } from '../../../core/time'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { nodeProcess } from '../../../adapters/node/process'
import { identities, otherIdentities } from '../../../adapters/node/process-identity'
import { until } from '../../support/until'
import { processContract } from '../../ports/process.contract'

const script = (text: string) => ({ program: process.execPath, arguments: ['-e', text] })

processContract('node', () => ({
  process: nodeProcess(),
  other: async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
      stdio: 'ignore',
    })
    await once(child, 'spawn')
    const identity = await identities().of(child.pid ?? 0)
    if (identity === undefined) throw new Error('the child is gone')
    return {
      identity,
      end: async () => {
        child.kill('SIGKILL')
        await once(child, 'exit')
      },
    }
  },
  exiting: (code) => script(`process.exitCode = ${code}`),
  echoing: script(`process.stdin.pipe(process.stdout)`),
  silent: script('0'),
  killed: script(`process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000)`),
}))

const onLinux = process.platform === 'linux' ? describe : describe.skip

onLinux('a process of Linux', () => {
  const changed = (part: number, to: string) => {
    const self = nodeProcess().self()
    return { ...self, startedAt: self.startedAt.split('.').with(part, to).join('.') }
  }

  it.each([
    { name: 'of another machine may live', identity: changed(0, 'other'), expected: true },
    { name: 'of before the last boot is dead', identity: changed(1, 'other'), expected: false },
    { name: 'of another container may live', identity: changed(2, 'other'), expected: true },
    { name: 'of another start is dead', identity: changed(3, '1'), expected: false },
  ])('$name', async ({ identity, expected }) => {
    expect((await nodeProcess().isAlive(identity))._unsafeUnwrap()).toBe(expected)
  })

  it('that has ended and was not waited for is dead', async () => {
    // The shell leaves its child a zombie: it sleeps on in its own stead, by exec.
    const shell = spawn('sh', ['-c', 'sleep 0.05 & echo $!; exec sleep 30'])
    try {
      const [line] = (await once(shell.stdout, 'data')) as [Buffer]
      const zombie = Number(String(line))
      const gone = until(async () => (await identities().of(zombie)) === undefined)
      expect(await gone).toBe(true)
      expect(readFileSync(`/proc/${zombie}/stat`, 'utf8')).toContain(') Z ')
    } finally {
      shell.kill('SIGKILL')
    }
  })
})

describe('a process of another system', () => {
  it('lives while it can be signalled', async () => {
    const { self, isAlive, of } = otherIdentities()
    expect(await isAlive(self())).toBe(true)
    expect(await isAlive({ ...self(), pid: 2 ** 22 + 1 })).toBe(false)
    expect(await of(2 ** 22 + 1)).toBeUndefined()
    expect(await isAlive({ pid: 2 ** 22 + 1, startedAt: 'elsewhere.1' })).toBe(true)
  })
})

describe('a program that is worked beside', () => {
  const log = () => path.join(mkdtempSync(path.join(os.tmpdir(), 'during-')), 'log')

  it('lives from before the work until after it', async () => {
    const file = log()
    const child = script(
      `const { appendFileSync } = require('fs')
       process.stdin.on('data', () => {
         appendFileSync(${JSON.stringify(file)}, 'begins ')
         process.stdout.write('.')
       })
       process.stdin.on('end', () => appendFileSync(${JSON.stringify(file)}, 'ends'))`,
    )
    const worked = nodeProcess().during({ ...child, environment: {} }, 10 * second, () => {
      appendFileSync(file, 'works ')
      return okAsync(undefined)
    })
    expect((await worked).isOk()).toBe(true)
    expect(readFileSync(file, 'utf8')).toBe('begins works ends')
    rmSync(path.dirname(file), { recursive: true })
  })

  it('is killed when it says nothing in time', async () => {
    const child = script('setInterval(() => {}, 1000)')
    const worked = nodeProcess().during({ ...child, environment: {} }, 50, () => okAsync(undefined))
    expect((await worked)._unsafeUnwrapErr()).toMatchObject({ code: 'SILENT' })
  })
})

describe('a program that runs', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'process-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('has our environment, with what was added and without what was taken away', async () => {
    const out = path.join(folder, 'environment')
    process.env['TAKEN_AWAY'] = 'here'
    const child = script(
      `require('fs').writeFileSync(${JSON.stringify(out)}, JSON.stringify([process.env.PATH, process.env.ADDED, process.env.TAKEN_AWAY]))`,
    )
    ;(
      await nodeProcess().run({ ...child, environment: { ADDED: 'yes', TAKEN_AWAY: undefined } })
    )._unsafeUnwrap()
    delete process.env['TAKEN_AWAY']
    expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual([process.env['PATH'], 'yes', null])
  })

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGCONT', 'SIGTSTP'] as const)(
    'is started when we listen to %s already',
    async (signal) => {
      const seen: Array<number> = []
      const environment = {
        get READ_AT_THE_START() {
          seen.push(process.listenerCount(signal))
          return 'yes'
        },
      }
      const exit = await nodeProcess().run({ ...script(''), environment })
      expect([exit._unsafeUnwrap(), seen]).toEqual([{ _tag: 'Exited', code: 0 }, [1]])
      expect(process.listenerCount(signal)).toBe(0)
    },
  )

  it('leaves no listener behind when it cannot be started', async () => {
    const tooLong = ['x'.repeat(4_000_000)]
    const run = await nodeProcess().run({ ...script(''), arguments: tooLong, environment: {} })
    expect(run._unsafeUnwrapErr()).toMatchObject({ _tag: 'SpawnFault', code: 'E2BIG' })
    expect(process.listenerCount('SIGQUIT')).toBe(0)
  })

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)(
    'gets our %s, decides, and we outlive it',
    async (signal) => {
      const ready = path.join(folder, `ready-${signal}`)
      const child = script(
        `process.on('${signal}', () => process.exit(7));
         require('fs').writeFileSync(${JSON.stringify(ready)}, '');
         setInterval(() => {}, 1000)`,
      )
      const exit = nodeProcess().run({ ...child, environment: {} })
      expect(await until(async () => existsSync(ready))).toBe(true)
      process.emit(signal, signal)
      expect((await exit)._unsafeUnwrap()).toEqual({ _tag: 'Exited', code: 7 })
      expect(process.listenerCount(signal)).toBe(0)
    },
  )
})
