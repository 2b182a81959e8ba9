/** Starts the official CLI in our place: same arguments, standard streams, terminal and signals. */
import type { ResultAsync } from 'neverthrow'
import type { Surroundings } from '../../core/official/installation'
import type { FileSystem } from '../../ports/file-system'
import type { Exit, Process, SpawnError } from '../../ports/process'
import type { FrontPorts } from '../programs/front-sync'
import type { Installation, Lookup } from '../programs/installation'
import type { StartProxy } from './proxy-face'
import { notice, type Notice } from './render'

/** What every command through the wrapper is given. */
export interface Door {
  readonly ports: Lookup & { readonly process: Pick<Process, 'run' | 'capture'> }
  /** The whole port, for a command that is routed: a plain one starts without it. */
  readonly openFiles: () => ResultAsync<FileSystem, never>
  /** Loaded where the official CLI's own sign-in may be changed. */
  readonly frontPorts: () => Promise<FrontPorts>
  readonly around: Surroundings
  /** The folder we were started in; empty where it is gone. */
  readonly folder: () => string
  /** Writes to standard error. */
  readonly say: (text: string) => void
  readonly startProxy: StartProxy
}

/**
 * Names the one account that may serve, as `--account` does. A routed child gets it by key, so that a
 * Codex inside of Codex keeps to the account.
 */
export const forceVariable = 'CODEX_MULTI_AUTH_FORCE_ACCOUNT'

/** Laid over the environment that the child inherits. */
type Environment = Readonly<Record<string, string | undefined>>

export const start =
  ({ ports }: Pick<Door, 'ports'>, codex: Installation) =>
  (given: ReadonlyArray<string>, environment: Environment): ResultAsync<Exit, SpawnError> =>
    ports.process.run({
      program: codex.program,
      arguments: [...codex.arguments, ...given],
      environment: { ...codex.environment, ...environment },
    })

export const tell = ({ around, say }: Pick<Door, 'around' | 'say'>, told: Notice): void => {
  if (around.environment['CODEX_MULTI_AUTH_QUIET'] !== '1') say(notice(told))
}
