/**
 * `codex` through us. Most commands are none of our business and reach the official CLI as fast as
 * its own launcher would take them there; what talks to the backend takes the longer way, which is
 * loaded only then.
 */
import { errAsync, ResultAsync } from 'neverthrow'
import * as Arguments from '../../core/official/arguments'
import type { Exit } from '../../ports/process'
import { findCodex } from '../programs/installation'
import { forceVariable, start, tell, type Door } from './child'
import type { WrapperRefusal } from './render'

export const runCodex =
  (door: Door) =>
  (typed: ReadonlyArray<string>): ResultAsync<Exit, WrapperRefusal> => {
    const { account, given } = Arguments.takeAccount(typed)
    const plan = Arguments.plan(given)
    if (account !== undefined && !Arguments.isQuestion(given)) {
      if (account === '') return errAsync({ _tag: 'NoAccountNamed' })
      if (plan._tag === 'Plain' || plan._tag === 'SignIn') return errAsync({ _tag: 'NotByAccount' })
    }
    const wanted = account ?? door.around.environment[forceVariable] ?? ''
    switch (plan._tag) {
      case 'Plain':
        return plainly(door, given)
      case 'LeftAlone':
        if (wanted !== '') return errAsync({ _tag: 'AccountUnusable', wanted, because: plan })
        tell(door, plan)
        return plainly(door, given)
      case 'SignIn':
      case 'Routed':
        return ResultAsync.fromSafePromise(import('./routed')).andThen(({ runRouted }) =>
          runRouted(door, plan, wanted)(given),
        )
    }
  }

const plainly = (door: Door, given: ReadonlyArray<string>): ResultAsync<Exit, WrapperRefusal> =>
  findCodex(door.ports)(door.around).andThen((codex) => start(door, codex)(given, {}))
