/**
 * `codex` through us. Most commands are none of our business and reach the official CLI as fast as
 * its own launcher would take them there; what talks to the backend takes the longer way, which is
 * loaded only then.
 */
import { ResultAsync } from 'neverthrow'
import * as Arguments from '../../core/official/arguments'
import type { Exit } from '../../ports/process'
import { findCodex } from '../programs/installation'
import { start, tell, type Door } from './child'
import type { WrapperRefusal } from './render'

export const runCodex =
  (door: Door) =>
  (given: ReadonlyArray<string>): ResultAsync<Exit, WrapperRefusal> => {
    const plan = Arguments.plan(given)
    switch (plan._tag) {
      case 'Plain':
        return plainly(door, given)
      case 'LeftAlone':
        tell(door, plan)
        return plainly(door, given)
      case 'SignIn':
      case 'Routed':
        return ResultAsync.fromSafePromise(import('./routed')).andThen(({ runRouted }) =>
          runRouted(door, plan)(given),
        )
    }
  }

const plainly = (door: Door, given: ReadonlyArray<string>): ResultAsync<Exit, WrapperRefusal> =>
  findCodex(door.ports)(door.around).andThen((codex) => start(door, codex)(given, {}))
