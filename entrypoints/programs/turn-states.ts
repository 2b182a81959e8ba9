/**
 * Which account issued which turn state. The official CLI sends one back for the rest of the turn,
 * and it means something to the account that issued it alone (protocol.md, section 3).
 */
import * as O from 'fp-ts/Option'
import type { AccountKey } from '../../core/accounts/identity'

export interface TurnStates {
  readonly issued: (turnState: string, by: AccountKey) => void
  readonly issuerOf: (turnState: string) => O.Option<AccountKey>
}

/** Turns under way in one process; the oldest is forgotten first. */
const turnsMax = 256

export const openTurnStates = (): TurnStates => {
  const issuers = new Map<string, AccountKey>()
  return {
    issued: (turnState, by) => {
      issuers.delete(turnState)
      issuers.set(turnState, by)
      const [oldest] = issuers.keys()
      if (issuers.size > turnsMax && oldest !== undefined) issuers.delete(oldest)
    },
    issuerOf: (turnState) => O.fromNullable(issuers.get(turnState)),
  }
}
