/** What the person has set about failures: how long a request waits, how long an account rests. */
import type * as O from 'fp-ts/Option'
import type { Millis } from '../time'

export interface Terms {
  /** Accounts that come back this soon are waited for, over all such waits of a request. */
  readonly shortWaitMax: Millis
  /** None where a request waits no longer than that. */
  readonly longWait: O.Option<LongWait>
  /** How long an account rests whose connection broke while another's held. */
  readonly networkCooldown: Millis
  /** How long an account rests for which the backend failed while it served another. */
  readonly serverCooldown: Millis
  /** What may stand in for a model that no account may use, in order; nothing where not set. */
  readonly fallbacks: Readonly<Record<string, ReadonlyArray<string>>>
}

/** Both may be Infinity. */
export interface LongWait {
  readonly spanMax: Millis
  readonly timesMax: number
}
