/** Programs timed from their start to their end, two in turn. */
import { runProgram, type Run } from '../test/hosts/support/run-program'
import { median, inTurn } from './statistics'

export type Program = Omit<Run, 'program' | 'environment'> & {
  readonly environment: Readonly<Record<string, string>>
  /** What it must print, or the time is not that of the work. */
  readonly prints: RegExp
}

const timed = async ({ prints, ...run }: Program): Promise<number> => {
  const ran = await runProgram({ program: process.execPath, ...run })
  if (ran.code !== 0 || !prints.test(ran.stdout))
    throw new Error(`${run.arguments.join(' ')} said:\n${ran.stdout}\n${ran.stderr}`)
  return ran.tookMs
}

/** The medians, in milliseconds; both are programs of node. */
export const timesOf = async (
  pairs: number,
  ours: Program,
  reference: Program,
): Promise<{ readonly ours: number; readonly reference: number }> => {
  const seen = await inTurn(
    pairs,
    2,
    () => timed(ours),
    () => timed(reference),
  )
  return { ours: median(seen.ours), reference: median(seen.reference) }
}
