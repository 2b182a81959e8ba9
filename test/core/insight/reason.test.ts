import * as O from 'fp-ts/Option'
import * as Reason from '../../../core/insight/reason'
import type { Reason as Because } from '../../../core/routing/eligibility'
import { day, hour, minute, second } from '../../../core/time'
import { noon } from '../../support/routing'

it.each<{ because: Because; phrase: string; name: string }>([
  { because: { _tag: 'Disabled' }, phrase: 'is disabled', name: 'disabled' },
  {
    because: { _tag: 'NeedsSignIn', code: 'token_revoked' },
    phrase: 'needs a new sign-in (token_revoked)',
    name: 'needs-sign-in',
  },
  {
    because: { _tag: 'RateLimited', window: O.some('weekly'), until: noon + 3 * day },
    phrase: 'is rate limited (weekly), back in 3 days',
    name: 'rate-limited',
  },
  {
    because: { _tag: 'RateLimited', window: O.some('five-hour'), until: noon + hour },
    phrase: 'is rate limited (five-hour), back in 1 h',
    name: 'rate-limited',
  },
  {
    because: { _tag: 'RateLimited', window: O.none, until: noon + 90 * second },
    phrase: 'is rate limited, back in 1 min',
    name: 'rate-limited',
  },
  {
    because: { _tag: 'Cooling', why: 'credential', until: noon + 30 * second },
    phrase: 'had its sign-in refused, tried again in 30 s',
    name: 'cooling',
  },
  {
    because: { _tag: 'Cooling', why: 'workspace', until: noon + 15 * minute },
    phrase: 'may not do this now, tried again in 15 min',
    name: 'cooling',
  },
  {
    because: { _tag: 'Cooling', why: 'provider', until: noon + 4 * second },
    phrase: 'was failed by the backend, tried again in 4 s',
    name: 'cooling',
  },
  {
    because: { _tag: 'Cooling', why: 'provider', until: noon + 400 },
    phrase: 'was failed by the backend, tried again now',
    name: 'cooling',
  },
  { because: { _tag: 'Paused' }, phrase: 'is paused', name: 'paused' },
  { because: { _tag: 'OffPolicy' }, phrase: 'has none of the tags asked for', name: 'policy' },
  { because: { _tag: 'Draining' }, phrase: 'takes no new conversations', name: 'draining' },
  {
    because: { _tag: 'QuotaDeferred', window: 'weekly', until: noon + day },
    phrase: 'is nearly spent (weekly), whole again in 1 day',
    name: 'quota-deferred',
  },
  {
    because: { _tag: 'CircuitOpen', until: noon + 30 * second },
    phrase: 'failed again and again, tried again in 30 s',
    name: 'circuit-open',
  },
  {
    because: { _tag: 'ModelNotEntitled', model: 'gpt-5.5', until: noon + 30 * minute },
    phrase: 'may not use gpt-5.5, asked again in 30 min',
    name: 'model-not-entitled',
  },
  {
    because: { _tag: 'BoundElsewhere', to: 'a', by: 'compaction' },
    phrase: 'cannot use the conversation that another account has compacted',
    name: 'bound-elsewhere',
  },
  {
    because: { _tag: 'HeldBack', until: noon + minute },
    phrase: 'is held back as other sign-ins were taken back, asked again in 1 min',
    name: 'held-back',
  },
  { because: { _tag: 'AlreadyTried' }, phrase: 'failed this request', name: 'already-tried' },
  { because: { _tag: 'NotAskedFor' }, phrase: 'was not asked for', name: 'not-asked-for' },
])('$phrase', ({ because, phrase, name }) => {
  expect(Reason.phrase(noon)(because)).toBe(phrase)
  expect(Reason.name(because)).toBe(name)
})
