/** What is known when something happens to a request, and as it is once a part of that has changed. */
import type { AccountKey } from '../accounts/identity'
import * as Cooldown from '../health/cooldown'
import * as Capability from '../routing/capability'
import type { Candidate } from '../routing/eligibility'
import type { Snapshot } from '../routing/selection'
import type { Instant } from '../time'
import type { Terms } from './terms'

export type World = Omit<Snapshot, 'now' | 'tried'> & {
  /** Accounts whose access token has ended or is about to. */
  readonly stale: ReadonlySet<AccountKey>
  readonly failover: Terms
}

export interface Moment {
  readonly at: Instant
  /** In [0, 1). */
  readonly draw: number
  readonly world: World
}

/** The moment as it is once the cooldown holds, so that the trace names it. */
export const cooled = (account: AccountKey, cooldown: Cooldown.Cooldown, moment: Moment): Moment =>
  changing(account, moment, (candidate) => ({
    ...candidate,
    cooldown: Cooldown.extend(moment.at, cooldown)(candidate.cooldown),
  }))

/** The same for a model that was refused. */
export const lacking = (account: AccountKey, model: string, moment: Moment): Moment =>
  changing(account, moment, (candidate) => ({
    ...candidate,
    lacks: Capability.refused(model, moment.at)(candidate.lacks),
  }))

const changing = (
  account: AccountKey,
  moment: Moment,
  change: (candidate: Candidate) => Candidate,
): Moment => ({
  ...moment,
  world: {
    ...moment.world,
    candidates: moment.world.candidates.map((candidate) =>
      candidate.key === account ? change(candidate) : candidate,
    ),
  },
})
