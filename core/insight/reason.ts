/** Why an account does not serve, in the words every door uses: `is rate limited (weekly), back in 3 h`. */
import * as O from 'fp-ts/Option'
import type { Why } from '../health/cooldown'
import type * as Binding from '../routing/binding'
import type { Reason } from '../routing/eligibility'
import { relative } from '../tui/relative-time'
import type { Instant } from '../time'

export const phrase =
  (now: Instant) =>
  (reason: Reason): string => {
    switch (reason._tag) {
      case 'Disabled':
        return 'is disabled'
      case 'Flagged':
        return `is set aside (${reason.because})`
      case 'NeedsSignIn':
        return `needs a new sign-in (${reason.code})`
      case 'Paused':
        return 'is paused'
      case 'OffPolicy':
        return 'has none of the tags asked for'
      case 'Draining':
        return 'takes no new conversations'
      case 'RateLimited': {
        const window = O.isSome(reason.window) ? ` (${reason.window.value})` : ''
        return `is rate limited${window}, back ${relative(now)(reason.until)}`
      }
      case 'Cooling':
        return `${whyWords[reason.why]}, tried again ${relative(now)(reason.until)}`
      case 'QuotaDeferred':
        return `is nearly spent (${reason.window}), whole again ${relative(now)(reason.until)}`
      case 'CircuitOpen':
        return `failed again and again, tried again ${relative(now)(reason.until)}`
      case 'ModelNotEntitled':
        return `may not use ${reason.model}, asked again ${relative(now)(reason.until)}`
      case 'HeldBack':
        return `is held back as other sign-ins were taken back, asked again ${relative(now)(reason.until)}`
      case 'AlreadyTried':
        return 'failed this request'
      case 'NotAskedFor':
        return 'was not asked for'
      case 'BoundElsewhere':
        return `cannot use ${boundWords[reason.by]}`
    }
  }

const boundWords: Readonly<Record<Binding.Kind, string>> = {
  turn: 'the turn under way on another account',
  response: 'the response of another account',
  file: 'the file of another account',
  compaction: 'the conversation that another account has compacted',
}

const whyWords: Readonly<Record<Why, string>> = {
  'rate-limited': 'is rate limited',
  credential: 'had its sign-in refused',
  workspace: 'may not do this now',
  provider: 'was failed by the backend',
}

/** As `--json` and the decision log name them. */
const nameOf = {
  Disabled: 'disabled',
  Flagged: 'flagged',
  NeedsSignIn: 'needs-sign-in',
  Paused: 'paused',
  OffPolicy: 'policy',
  Draining: 'draining',
  RateLimited: 'rate-limited',
  Cooling: 'cooling',
  QuotaDeferred: 'quota-deferred',
  CircuitOpen: 'circuit-open',
  ModelNotEntitled: 'model-not-entitled',
  HeldBack: 'held-back',
  AlreadyTried: 'already-tried',
  NotAskedFor: 'not-asked-for',
  BoundElsewhere: 'bound-elsewhere',
} as const satisfies Readonly<Record<Reason['_tag'], string>>

export const names = Object.values(nameOf)

export const name = ({ _tag }: Reason): (typeof names)[number] => nameOf[_tag]
