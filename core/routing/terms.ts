/** What the person has set about routing, beside the strategy. */
import * as O from 'fp-ts/Option'
import * as Deferral from '../quota/deferral'
import type { Millis } from '../time'

export interface Terms {
  /** None where nothing is put off. */
  readonly deferral: O.Option<Deferral.Terms>
  /** Accounts with one of these tags are favoured among those of their tier. */
  readonly preferredTags: ReadonlyArray<string>
  /** Only accounts with one of these tags serve; all, where there are none. */
  readonly requiredTags: ReadonlyArray<string>
  /** Within this of an answer, a conversation without a warm cache goes where that came from; 0 is off. */
  readonly minRotationInterval: Millis
}

export const standard: Terms = {
  deferral: O.some(Deferral.standard),
  preferredTags: [],
  requiredTags: [],
  minRotationInterval: 0,
}
