import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as StreamEvent from '../../../core/failover/stream-event'
import * as RateLimitEvent from '../../../core/quota/rate-limit-event'
import { noon } from '../../support/routing'

const aCode = fc.constantFrom('usage_limit_reached', 'server_error', 'max_output_tokens', '')
const aWindow = fc.record({ used_percent: fc.nat(100), window_minutes: fc.constantFrom(300, 0) })

const anEvent: fc.Arbitrary<object> = fc.oneof(
  aCode.map((code) => ({ type: 'error', code })),
  aCode.map((code) => ({ type: 'response.failed', response: { error: { code } } })),
  aCode.map((reason) => ({
    type: 'response.incomplete',
    response: { incomplete_details: { reason } },
  })),
  aWindow.map((primary) => ({ type: 'codex.rate_limits', rate_limits: { primary } })),
  fc.record({
    type: fc.constantFrom('response.completed', 'response.created', 'response.output_text.delta'),
    delta: fc.string(),
    response: fc.constant({ error: null }),
  }),
)

it('what fails a turn, or tells of quota, is known by its text', () => {
  const met = { told: 0, passedOver: 0 }
  fc.assert(
    fc.property(anEvent, fc.constantFrom(undefined, 1), (event, indent) => {
      const tells =
        StreamEvent.judge(event)._tag === 'Failed' || O.isSome(RateLimitEvent.snapshot(noon)(event))
      const isMarked = StreamEvent.mark.test(JSON.stringify(event, null, indent))
      met.told += Number(tells)
      met.passedOver += Number(!isMarked)
      expect(tells && !isMarked).toBe(false)
    }),
  )
  expect(Math.min(met.told, met.passedOver)).toBeGreaterThan(0)
})
