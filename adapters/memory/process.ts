/** Programs are given by name, as what they would do; what ran is told. */
import { err, errAsync, ok, ResultAsync, type Result } from 'neverthrow'
import type { ChildProgram, Exit, Process, SpawnError } from '../../ports/process'
import type { SimulatedProcess } from './scheduler'

export type Programs = Readonly<Record<string, (child: ChildProgram) => Exit>>

export interface MemoryProcess extends Process {
  readonly ran: ReadonlyArray<ChildProgram>
}

export const memoryProcess = (
  process: SimulatedProcess,
  programs: Programs = {},
): MemoryProcess => {
  const ran: Array<ChildProgram> = []
  const start = (child: ChildProgram): Result<Exit, SpawnError> => {
    const program = programs[child.program]
    if (program === undefined)
      return err({ _tag: 'SpawnFault', program: child.program, code: 'ENOENT' })
    ran.push(child)
    return ok(program(child))
  }
  const run = (child: ChildProgram): ResultAsync<Exit, SpawnError> =>
    ResultAsync.fromSafePromise<Result<Exit, SpawnError>, never>(
      process.call(`process.run ${child.program}`, () => start(child), { isSteady: true }),
    ).andThen((result) => result)
  return {
    ran,
    self: () => process.identity,
    isAlive: (identity) =>
      ResultAsync.fromSafePromise(
        process.call(`process.isAlive ${identity.pid}`, () => process.isAlive(identity), {
          isSteady: true,
        }),
      ),
    run,
    during: (child, _, work) =>
      run(child).andThen((exit) =>
        exit._tag === 'Exited' && exit.code === 0
          ? work()
          : errAsync({ _tag: 'SpawnFault' as const, program: child.program, code: 'SILENT' }),
      ),
    capture: (child) => run(child).map((exit) => ({ exit, output: '', talk: '' })),
  }
}
