/**
 * The error in a body or an event of the backend. It comes as `{"error":{...}}`, `{"detail":...}` or
 * the bare error, and names its kind in `code` or, for usage limits, in `type`.
 */
import * as O from 'fp-ts/Option'
import { pipe } from 'fp-ts/function'
import * as t from 'io-ts'
import { decode, parseJson } from '../result'
import { ofUnixSeconds, second, type Instant, type Millis } from '../time'

export interface ErrorBody {
  /** Empty when the body names none. */
  readonly code: string
  readonly message: string
  readonly resetsAt: O.Option<Instant>
  readonly resetsIn: O.Option<Millis>
}

export const none: ErrorBody = { code: '', message: '', resetsAt: O.none, resetsIn: O.none }

export const parse = (text: string): ErrorBody =>
  parseJson(text).match(ofJson, () => none)

export const ofJson = (json: unknown): ErrorBody =>
  decode(bodyForm)(json).match(
    ({ error, detail }) =>
      typeof detail === 'string'
        ? { ...none, message: detail }
        : ofError(error ?? detail ?? json),
    () => none,
  )

/** The types that say what happened; others, as `invalid_request_error`, only say whose fault. */
const tellingTypes: ReadonlyArray<string> = ['usage_limit_reached', 'usage_not_included']

const optionalText = t.union([t.string, t.undefined, t.null])
const optionalNumber = t.union([t.number, t.undefined, t.null])

const bodyForm = t.partial({ error: t.unknown, detail: t.unknown }, 'ErrorBody')

const errorForm = t.partial(
  {
    code: optionalText,
    type: optionalText,
    message: optionalText,
    resets_at: optionalNumber,
    resets_in_seconds: optionalNumber,
  },
  'Error',
)

const ofError = (json: unknown): ErrorBody =>
  decode(errorForm)(json).match(
    (error) => ({
      code:
        error.code ?? (tellingTypes.includes(error.type ?? '') ? (error.type ?? '') : ''),
      message: error.message ?? '',
      resetsAt: pipe(O.fromNullable(error.resets_at), O.map(ofUnixSeconds)),
      resetsIn: pipe(
        O.fromNullable(error.resets_in_seconds),
        O.map((seconds) => seconds * second),
      ),
    }),
    () => none,
  )
