import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import type * as StreamEvent from '../../../core/failover/stream-event'
import * as StreamHead from '../../../core/failover/stream-head'
import { noon } from '../../support/routing'

interface Sent {
  readonly type: string
  readonly [field: string]: unknown
}

const event = (value: Sent): string => `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`

const created = event({ type: 'response.created', response: { id: 'resp_1' } })
const inProgress = event({ type: 'response.in_progress', response: { id: 'resp_1' } })
const added = (type: string): string =>
  event({ type: 'response.output_item.added', output_index: 0, item: { type, id: 'item_1' } })
const delta = event({ type: 'response.output_text.delta', delta: 'Grüße 🙂' })
const failed = (code: string, message = 'No.'): string =>
  event({ type: 'response.failed', response: { id: 'resp_1', error: { code, message } } })
const incomplete = (details: object): string =>
  event({
    type: 'response.incomplete',
    response: { id: 'resp_1', incomplete_details: details },
  })
const rateLimits = event({ type: 'codex.rate_limits', rate_limits: { limit_reached: true } })
const completed = event({ type: 'response.completed', response: { id: 'resp_1', output: [] } })

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

const judged = (...pieces: ReadonlyArray<Uint8Array>): StreamEvent.Judgement =>
  StreamHead.judge(pieces.reduce((head, piece) => StreamHead.push(piece)(head), StreamHead.empty))

/** `Good`, `Undecided`, or the code of the failure. */
const brief = (judgement: StreamEvent.Judgement): string =>
  judgement._tag === 'Failed' ? `Failed ${judgement.failure.code}` : judgement._tag

/** As a program reads: piece by piece, until it is decided. */
const read = (pieces: ReadonlyArray<Uint8Array>): StreamEvent.Judgement => {
  let head = StreamHead.empty
  for (const piece of pieces) {
    head = StreamHead.push(piece)(head)
    const judgement = StreamHead.judge(head)
    if (judgement._tag !== 'Undecided') return judgement
  }
  return { _tag: 'Undecided' }
}

const cutAt = (bytes: Uint8Array, places: ReadonlyArray<number>): ReadonlyArray<Uint8Array> => {
  const all = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length]
  const sorted = all.sort((a, b) => a - b)
  return sorted.slice(1).map((place, index) => bytes.slice(sorted[index], place))
}

describe('judge', () => {
  it.each([
    { name: 'nothing yet', head: '', expected: 'Undecided' },
    { name: 'created only', head: created, expected: 'Undecided' },
    { name: 'created and in progress', head: created + inProgress, expected: 'Undecided' },
    { name: 'a message announced', head: created + added('message'), expected: 'Undecided' },
    { name: 'reasoning announced', head: created + added('reasoning'), expected: 'Undecided' },
    {
      name: 'reasoning done that was never summed up',
      head: event({ type: 'response.output_item.done', item: { type: 'reasoning' } }),
      expected: 'Undecided',
    },
    {
      name: 'a message done',
      head: event({ type: 'response.output_item.done', item: { type: 'message' } }),
      expected: 'Good',
    },
    { name: 'a call announced', head: created + added('function_call'), expected: 'Good' },
    {
      name: 'an image announced',
      head: created + added('image_generation_call'),
      expected: 'Good',
    },
    {
      name: 'a part announced',
      head: created + event({ type: 'response.content_part.added' }),
      expected: 'Undecided',
    },
    { name: 'text', head: created + added('message') + delta, expected: 'Good' },
    { name: 'text as the first event', head: delta, expected: 'Good' },
    {
      name: 'a reasoning summary',
      head: created + event({ type: 'response.reasoning_summary_text.delta', delta: 'Hm' }),
      expected: 'Good',
    },
    {
      name: 'an event nobody knows yet',
      head: event({ type: 'response.novel' }),
      expected: 'Good',
    },
    { name: 'completed without output', head: created + completed, expected: 'Good' },
    {
      name: 'incomplete',
      head: created + event({ type: 'response.incomplete' }),
      expected: 'Good',
    },
    {
      name: 'incomplete, as its size is spent',
      head: created + incomplete({ reason: 'max_output_tokens' }),
      expected: 'Good',
    },
    {
      name: 'incomplete by a limit, as its reason says',
      head: created + incomplete({ reason: 'usage_limit_reached' }),
      expected: 'Failed usage_limit_reached',
    },
    {
      name: 'incomplete by a limit, in words',
      head: created + incomplete({ reason: 'other', message: 'You have hit your usage limit.' }),
      expected: 'Failed usage_limit_reached',
    },
    {
      name: 'failed: usage limit',
      head: created + failed('usage_limit_reached'),
      expected: 'Failed usage_limit_reached',
    },
    {
      name: 'failed after a message was announced',
      head: created + added('message') + failed('server_is_overloaded'),
      expected: 'Failed server_is_overloaded',
    },
    {
      name: 'failed as the first event',
      head: failed('rate_limit_exceeded'),
      expected: 'Failed rate_limit_exceeded',
    },
    {
      name: 'failed with its kind in the type',
      head: event({
        type: 'response.failed',
        response: { error: { type: 'usage_limit_reached', resets_in_seconds: 60 } },
      }),
      expected: 'Failed usage_limit_reached',
    },
    {
      name: 'failed without an error',
      head: event({ type: 'response.failed', response: { error: null } }),
      expected: 'Failed ',
    },
    {
      name: 'failed without a response',
      head: event({ type: 'response.failed', response: null }),
      expected: 'Failed ',
    },
    {
      name: 'failed after the commit point is the client’s to see',
      head: delta + failed('server_error'),
      expected: 'Good',
    },
    {
      name: 'an error event with an error inside',
      head: event({ type: 'error', status: 429, error: { type: 'usage_limit_reached' } }),
      expected: 'Failed usage_limit_reached',
    },
    {
      name: 'a bare error event',
      head: event({ type: 'error', code: 'server_error', message: 'No.' }),
      expected: 'Failed server_error',
    },
    {
      name: 'rate limits, which are no refusal even when they are reached',
      head: created + rateLimits,
      expected: 'Undecided',
    },
    {
      name: 'a keep-alive',
      head: `: ping\n\n${event({ type: 'keepalive' })}: ping\n\n`,
      expected: 'Undecided',
    },
    { name: 'comments, then text', head: `: ping\n\n${delta}`, expected: 'Good' },
    {
      name: 'lines that end in CR LF',
      head: (created + failed('slow_down')).replaceAll('\n', '\r\n'),
      expected: 'Failed slow_down',
    },
    { name: 'an event whose end has not come', head: delta.slice(0, -1), expected: 'Undecided' },
    { name: 'text that is no JSON', head: 'data: [DONE]\n\n', expected: 'Undecided' },
    { name: 'half a JSON', head: 'data: {"type":"response.failed"\n\n', expected: 'Undecided' },
    { name: 'JSON without a type', head: 'data: {"delta":"x"}\n\n', expected: 'Undecided' },
    { name: 'JSON that is no object', head: 'data: 7\n\ndata: null\n\n', expected: 'Undecided' },
    { name: 'no JSON, then text', head: `data: {{\n\n${delta}`, expected: 'Good' },
    {
      name: 'a visible event whose fields have odd types',
      head: event({ type: 'response.novel', item: 'item_1', response: null }),
      expected: 'Good',
    },
    {
      name: 'JSON over two lines of one event',
      head: 'data: {"type":\ndata: "error","code":"slow_down"}\n\n',
      expected: 'Failed slow_down',
    },
    { name: 'a page', head: '<html>\n<body>\n\n</body>', expected: 'Undecided' },
  ])('$name', ({ head, expected }) => {
    expect(brief(judged(bytesOf(head)))).toBe(expected)
  })

  it('tells what the failure says', () => {
    const judgement = judged(bytesOf(failed('slow_down', 'Bitte später 🙂')))
    expect(judgement).toMatchObject({ failure: { code: 'slow_down', message: 'Bitte später 🙂' } })
  })
})

describe('the bounds', () => {
  const silent = (count: number): string => inProgress.repeat(count)
  const comment = (bytes: number): string => `:${'x'.repeat(bytes - 2)}\n`

  it.each([
    { name: '64 events are not too many', head: silent(64), expected: 'Undecided' },
    { name: '65 are', head: silent(65), expected: 'Good' },
    { name: 'a failure is seen in the 64th', head: silent(63) + failed('a'), expected: 'Failed a' },
    { name: 'and in none behind it', head: silent(64) + failed('a'), expected: 'Good' },
    { name: '64 KiB are not too many', head: comment(65_536), expected: 'Undecided' },
    { name: 'one byte more is', head: `${comment(65_536)}:`, expected: 'Good' },
    { name: 'one long line is bounded too', head: `data: ${'x'.repeat(65_536)}`, expected: 'Good' },
    {
      name: 'a failure is seen in the last of 64 KiB',
      head: comment(65_536 - failed('a').length) + failed('a'),
      expected: 'Failed a',
    },
    {
      name: 'and in none behind them',
      head: comment(65_537 - failed('a').length) + failed('a'),
      expected: 'Good',
    },
  ])('$name', ({ head, expected }) => {
    expect(brief(judged(bytesOf(head)))).toBe(expected)
  })
})

describe('a stream cut short', () => {
  it.each([
    { name: 'is empty before its first byte', pieces: [], code: 'stream_empty' },
    { name: 'is empty after a piece of no bytes', pieces: [bytesOf('')], code: 'stream_empty' },
    { name: 'is cut after it', pieces: [bytesOf('e')], code: 'stream_cut' },
  ])('$name', ({ pieces, code }) => {
    const head = pieces.reduce((all, piece) => StreamHead.push(piece)(all), StreamHead.empty)
    expect(StreamHead.cutShort(head).code).toBe(code)
  })
})

const aSilentBlock = fc.constantFrom(
  created,
  inProgress,
  added('message'),
  added('reasoning'),
  rateLimits,
  ': größer 🙂\n\n',
  'data: [DONE]\n\n',
  'data: {"type":"response.failed"\n\n',
  'id: 7\nretry: 10\n\n',
)
const aVisibleBlock = fc.constantFrom(delta, completed, added('function_call'))
const aFailedBlock = fc
  .constantFrom('usage_limit_reached', 'server_error', 'überlastet')
  .map((code) => failed(code, 'Versuche es später 🙂'))
const someSilence = fc.array(aSilentBlock, { maxLength: 5 }).map((blocks) => blocks.join(''))
const anEnding = fc.constantFrom('\n', '\r\n')

const aStream: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    fc.array(fc.oneof(aSilentBlock, aVisibleBlock, aFailedBlock), { maxLength: 8 }),
    fc.integer({ min: 0, max: 10_000 }),
    anEnding,
  )
  .map(([blocks, left, ending]) => {
    const bytes = bytesOf(blocks.join('').replaceAll('\n', ending))
    // Some end in the middle of a line, or of a character.
    return left > 2_000 ? bytes : bytes.slice(0, left)
  })

const somePlaces = fc.array(fc.nat(), { maxLength: 12 })

describe('laws', () => {
  it('judges the same bytes alike, wherever they are cut into pieces', () => {
    fc.assert(
      fc.property(aStream, somePlaces, (bytes, places) => {
        expect(read(cutAt(bytes, places))).toEqual(judged(bytes))
      }),
    )
  })

  it('judges the same bytes alike when each comes by itself', () => {
    fc.assert(
      fc.property(
        someSilence,
        fc.oneof(aVisibleBlock, aFailedBlock),
        anEnding,
        (before, last, ending) => {
          const bytes = bytesOf((before.slice(0, 200) + '\n\n' + last).replaceAll('\n', ending))
          const each = Array.from(bytes, (_, index) => bytes.slice(index, index + 1))
          expect(read(each)).toEqual(judged(bytes))
        },
      ),
      { numRuns: 10 },
    )
  })

  it('judges a head alike that passes its bounds, wherever it is cut', () => {
    const somePadding = fc.record({
      events: fc.constantFrom(0, 62, 63, 64, 70),
      bytes: fc.constantFrom(0, 65_000, 65_400, 70_000),
    })
    fc.assert(
      fc.property(
        somePadding,
        someSilence,
        aFailedBlock,
        somePlaces,
        (padding, silence, end, places) => {
          const padded = inProgress.repeat(padding.events) + `: ${'x'.repeat(padding.bytes)}\n\n`
          const bytes = bytesOf(padded + silence + end)
          expect(read(cutAt(bytes, places))).toEqual(judged(bytes))
        },
      ),
    )
  })

  it('is never good before all of the first visible event is there, and is then', () => {
    fc.assert(
      fc.property(
        someSilence,
        aVisibleBlock,
        anEnding,
        fc.nat(),
        (silence, visible, ending, at) => {
          const bytes = bytesOf((silence + visible).replaceAll('\n', ending))
          // The blank line that ends an event is there once its first byte is.
          const early = bytes.slice(0, at % (bytes.length - ending.length + 1))
          expect(judged(early)).toEqual({ _tag: 'Undecided' })
          expect(judged(bytes)).toEqual({ _tag: 'Good' })
        },
      ),
    )
  })

  it('sees the first failure, whatever silence comes before and whatever comes behind', () => {
    fc.assert(
      fc.property(someSilence, aFailedBlock, aStream, (silence, failure, rest) => {
        const alone = judged(bytesOf(failure))
        expect(alone._tag).toBe('Failed')
        expect(judged(bytesOf(silence + failure), rest)).toEqual(alone)
      }),
    )
  })

  it('makes nothing but silence of what is no stream', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 4 }), (pieces) => {
        expect(judged(...pieces)).toEqual({ _tag: 'Undecided' })
      }),
    )
  })
})

it('tells of the quota that an event in it does, and the last one of several', () => {
  const limits = (used: number): string =>
    event({
      type: 'codex.rate_limits',
      rate_limits: { primary: { used_percent: used, window_minutes: 300 } },
    })
  const head = StreamHead.push(bytesOf(created + limits(41) + limits(42) + delta))(StreamHead.empty)
  const quota = O.toUndefined(StreamHead.quotaIn(noon)(head))
  expect(quota?.windows.map(({ usedPercent }) => usedPercent)).toEqual([42])
  expect(StreamHead.quotaIn(noon)(StreamHead.empty)).toEqual(O.none)
})
