/**
 * The model a request asks for, where that is to be had without opening its body: the official CLI
 * names it in a header, other hosts send plain JSON.
 */
import * as O from 'fp-ts/Option'
import { pipe } from 'fp-ts/function'
import { isFields, textOf } from './fields'
import * as Headers from './headers'

export const hint = 'x-codex-routing-hint'

export const ofHeaders = (headers: Headers.Headers): O.Option<string> =>
  pipe(
    headers,
    Headers.get(hint),
    O.chain((text) => named(/(?:^|[;,\s])model=([^;,\s]+)/.exec(text)?.[1] ?? '')),
  )

export const ofBody = (body: unknown): O.Option<string> =>
  isFields(body) ? named(textOf(body['model'])) : O.none

/** Names are compared and stored, so one of absurd length is no name. */
const lengthMax = 128

const named = (name: string): O.Option<string> =>
  name !== '' && name.length <= lengthMax ? O.some(name) : O.none
