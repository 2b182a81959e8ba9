/** Headers of messages that a proxy has never heard of. */
import * as fc from 'fast-check'
import type { Headers } from '../../core/request/headers'

/** Few names, so that they repeat. */
export const aHeaderName: fc.Arbitrary<string> = fc.constantFrom(
  'x-novel',
  'x-codex-window-id',
  'traceparent',
  'content-type',
  'originator',
)

export const someHeaders: fc.Arbitrary<Headers> = fc.array(
  fc.tuple(aHeaderName, fc.string({ maxLength: 6 })),
  { maxLength: 8 },
)
