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
  /** What kind of error it calls itself. */
  readonly type: string
  readonly message: string
  readonly resetsAt: O.Option<Instant>
  readonly resetsIn: O.Option<Millis>
  /** The plan of the account that was refused, as the body names it. */
  readonly plan: O.Option<string>
}

export const none: ErrorBody = {
  code: '',
  type: '',
  message: '',
  resetsAt: O.none,
  resetsIn: O.none,
  plan: O.none,
}

export const parse = (text: string): ErrorBody => parseJson(text).match(ofJson, () => none)

export const ofJson = (json: unknown): ErrorBody =>
  decode(bodyForm)(json).match(
    ({ error, detail }) =>
      typeof detail === 'string' ? { ...none, message: detail } : ofError(error ?? detail ?? json),
    () => none,
  )

/** The types that say what happened; others, as `invalid_request_error`, only say whose fault. */
const tellingTypes: ReadonlyArray<string> = ['usage_limit_reached', 'usage_not_included']

const bodyForm = t.partial({ error: t.unknown, detail: t.unknown }, 'ErrorBody')

/** Each field is looked at alone, so that an odd one does not take the others with it. */
const errorForm = t.partial(
  {
    code: t.unknown,
    type: t.unknown,
    message: t.unknown,
    resets_at: t.unknown,
    resets_in_seconds: t.unknown,
    plan_type: t.unknown,
  },
  'Error',
)
type ErrorForm = t.TypeOf<typeof errorForm>

const ofError = (json: unknown): ErrorBody =>
  decode(errorForm)(json).match(
    (error) => ({
      code: codeOf(error),
      type: textOf(error.type),
      message: textOf(error.message),
      resetsAt: pipe(numberOf(error.resets_at), O.map(ofUnixSeconds)),
      resetsIn: pipe(
        numberOf(error.resets_in_seconds),
        O.map((seconds) => seconds * second),
      ),
      plan: typeof error.plan_type === 'string' ? O.some(error.plan_type) : O.none,
    }),
    () => none,
  )

const codeOf = (error: ErrorForm): string => {
  const code = textOf(error.code)
  const type = textOf(error.type)
  return code === '' && tellingTypes.includes(type) ? type : code
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

const numberOf = (value: unknown): O.Option<number> =>
  typeof value === 'number' ? O.some(value) : O.none
