/** Why an account does not serve, in the words every door uses: `is rate limited (weekly), back in 3 h`. */
import * as O from 'fp-ts/Option'
import type { Why } from '../health/cooldown'
import type { Reason } from '../routing/eligibility'
import { relative } from '../tui/relative-time'
import type { Instant } from '../time'

export const phrase =
  (now: Instant) =>
  (reason: Reason): string => {
    switch (reason._tag) {
      case 'Disabled':
        return 'is disabled'
      case 'NeedsSignIn':
        return `needs a new sign-in (${reason.code})`
      case 'Paused':
        return 'is paused'
      case 'RateLimited': {
        const window = O.isSome(reason.window) ? ` (${reason.window.value})` : ''
        return `is rate limited${window}, back ${relative(now)(reason.until)}`
      }
      case 'Cooling':
        return `${whyWords[reason.why]}, tried again ${relative(now)(reason.until)}`
      case 'AlreadyTried':
        return 'failed this request'
      case 'NotAskedFor':
        return 'was not asked for'
    }
  }

const whyWords: Readonly<Record<Why, string>> = {
  'rate-limited': 'is rate limited',
  credential: 'had its sign-in refused',
  workspace: 'may not do this now',
  provider: 'was failed by the backend',
}

/** As `--json` and the decision log name it. */
export const name = (reason: Reason): string => {
  switch (reason._tag) {
    case 'Disabled':
      return 'disabled'
    case 'NeedsSignIn':
      return 'needs-sign-in'
    case 'Paused':
      return 'paused'
    case 'RateLimited':
      return 'rate-limited'
    case 'Cooling':
      return 'cooling'
    case 'AlreadyTried':
      return 'already-tried'
    case 'NotAskedFor':
      return 'not-asked-for'
  }
}
