import * as O from 'fp-ts/Option'
import { errAsync, okAsync, ResultAsync } from 'neverthrow'
import { memoryClock } from '../../../adapters/memory/clock'
import { scheduler } from '../../../adapters/memory/scheduler'
import { minute, second, type Millis } from '../../../core/time'
import { askIssuer } from '../../../entrypoints/programs/token-request'
import type { Clock } from '../../../ports/clock'
import type { Http, HttpError } from '../../../ports/http'

const request = { method: 'POST', url: 'https://issuer.test/oauth/token', headers: [], body: '' }

/** Answers at once with a body of which a byte comes now and then. */
const trickling = (clock: Clock, every: Millis, bytes: number): Http => ({
  send: ({ signal }) => {
    let left = bytes
    const next = (): ResultAsync<O.Option<Uint8Array>, HttpError> => {
      if (left === 0) return okAsync(O.none)
      left -= 1
      return clock
        .sleep(every, signal === undefined ? {} : { signal })
        .andThen(() =>
          signal?.aborted === true
            ? errAsync({ _tag: 'Cancelled' } as const)
            : okAsync(O.some(new Uint8Array([32]))),
        )
    }
    return okAsync({ status: 200, headers: [], body: { next, cancel: () => undefined } })
  },
})

const ask = async (every: Millis, bytes: number) => {
  const world = scheduler(1)
  const clock = memoryClock(world.process('asker'))
  const started = world.now()
  const asked = askIssuer({ clock, http: trickling(clock, every, bytes) })
  const answer = await world.run(() => asked({ ...request, method: 'POST' }))
  return { answer, took: world.now() - started }
}

it('gives up an issuer that answers byte by byte without end', async () => {
  const { answer, took } = await ask(10 * second, 10_000)
  expect(answer._unsafeUnwrapErr()).toEqual({ _tag: 'Cancelled' })
  expect(took).toBeLessThanOrEqual(2 * minute)
})

it('takes an answer that comes slowly', async () => {
  const { answer, took } = await ask(10 * second, 11)
  expect(answer._unsafeUnwrap().text).toBe(' '.repeat(11))
  expect(took).toBe(110 * second)
})
