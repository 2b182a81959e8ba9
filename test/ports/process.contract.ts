import { errAsync, okAsync } from 'neverthrow'
import { second } from '../../core/time'
import type { Process, ProcessIdentity } from '../../ports/process'

export interface ProcessUnderTest {
  readonly process: Process
  /** Another process that lives until it is ended. */
  readonly other: () => Promise<{
    readonly identity: ProcessIdentity
    readonly end: () => Promise<void>
  }>
  /** A program of that exit code, and one that ends itself by SIGTERM. */
  readonly exiting: (code: number) => { program: string; arguments: ReadonlyArray<string> }
  /** A program that gives back what it is given to read, and one that says nothing and ends. */
  readonly echoing: { program: string; arguments: ReadonlyArray<string> }
  readonly silent: { program: string; arguments: ReadonlyArray<string> }
  readonly killed: { program: string; arguments: ReadonlyArray<string> }
}

export const processContract = (name: string, make: () => ProcessUnderTest): void => {
  describe(`${name}: processes`, () => {
    it('says that we live, as the same one every time', async () => {
      const { process } = make()
      expect(process.self()).toEqual(process.self())
      expect((await process.isAlive(process.self()))._unsafeUnwrap()).toBe(true)
    })

    it('says that another process lives until it has ended', async () => {
      const { process, other } = make()
      const { identity, end } = await other()
      expect((await process.isAlive(identity))._unsafeUnwrap()).toBe(true)
      await end()
      expect((await process.isAlive(identity))._unsafeUnwrap()).toBe(false)
    })

    it('tells a process from an earlier one of the same pid', async () => {
      const { process } = make()
      const earlier = { ...process.self(), startedAt: earlierThan(process.self().startedAt) }
      expect((await process.isAlive(earlier))._unsafeUnwrap()).toBe(false)
    })

    it.each([0, 1, 42])('runs a program and gives its exit code %i', async (code) => {
      const { process, exiting } = make()
      const exit = await process.run({ ...exiting(code), environment: {} })
      expect(exit._unsafeUnwrap()).toEqual({ _tag: 'Exited', code })
    })

    it('gives the signal that ended a program', async () => {
      const { process, killed } = make()
      const exit = await process.run({ ...killed, environment: {} })
      expect(exit._unsafeUnwrap()).toEqual({ _tag: 'Killed', signal: 'SIGTERM' })
    })

    it('works while a program runs, and gives what the work gives', async () => {
      const { process, echoing } = make()
      const child = { ...echoing, environment: {} }
      for (const result of [okAsync('done'), errAsync('undone')]) {
        expect(await process.during(child, second, () => result)).toEqual(await result)
      }
    })

    it.each(['silent', 'none'] as const)(
      'does not begin the work where the program is %s',
      async (name) => {
        const { process, silent } = make()
        const child = name === 'none' ? { program: '/nowhere/flock', arguments: [] } : silent
        let isBegun = false
        const result = await process.during({ ...child, environment: {} }, 10 * second, () => {
          isBegun = true
          return okAsync(undefined)
        })
        expect(result._unsafeUnwrapErr()).toEqual({
          ...{ _tag: 'SpawnFault', program: child.program },
          code: name === 'none' ? 'ENOENT' : 'SILENT',
        })
        expect(isBegun).toBe(false)
      },
    )

    it('says which program there is none of', async () => {
      const { process } = make()
      const program = '/nowhere/codex'
      const exit = await process.run({ program, arguments: [], environment: {} })
      expect(exit._unsafeUnwrapErr()).toEqual({ _tag: 'SpawnFault', program, code: 'ENOENT' })
    })
  })
}

/** Everything but the last part, which is the start of this one process. */
const earlierThan = (startedAt: string): string =>
  `${startedAt.slice(0, startedAt.lastIndexOf('.'))}.0`
