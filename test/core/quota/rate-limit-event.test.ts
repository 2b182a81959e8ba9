import * as O from 'fp-ts/Option'
import * as RateLimitEvent from '../../../core/quota/rate-limit-event'
import * as Window from '../../../core/quota/window'
import { day, hour } from '../../../core/time'
import { noon } from '../../support/routing'

const event = (rate_limits: object, type = 'codex.rate_limits'): object => ({
  type,
  plan_type: 'plus',
  rate_limits,
  credits: {},
})

const primary = { used_percent: 42, window_minutes: 300, reset_at: (noon + hour) / 1_000 }
const week = { used_percent: 7, window_minutes: 10_080, reset_at: (noon + day) / 1_000 }

const fiveHours = Window.make(5 * hour, 42, O.some(noon + hour))

it.each([
  {
    name: 'both windows',
    payload: event({ primary, secondary: week, limit_reached: true }),
    windows: [fiveHours, Window.make(7 * day, 7, O.some(noon + day))],
  },
  { name: 'one', payload: event({ primary, secondary: null }), windows: [fiveHours] },
  {
    name: 'no window of length 0',
    payload: event({ primary, secondary: { used_percent: 0, window_minutes: 0 } }),
    windows: [fiveHours],
  },
  {
    name: 'one without a reset',
    payload: event({ primary: { ...primary, reset_at: null } }),
    windows: [Window.make(5 * hour, 42, O.none)],
  },
  { name: 'nothing of letters', payload: event({ primary: { ...primary, used_percent: '4' } }) },
  { name: 'nothing of another event', payload: event({ primary }, 'response.codex.rate_limits') },
  { name: 'nothing of what is no event', payload: 'codex.rate_limits' },
])('reads $name', ({ payload, windows }) => {
  expect(O.toUndefined(RateLimitEvent.snapshot(noon)(payload))).toEqual(
    windows === undefined
      ? undefined
      : {
          ...{ windows, observedAt: noon, source: 'stream' },
          plan: O.some({ name: 'plus', at: noon }),
        },
  )
})
