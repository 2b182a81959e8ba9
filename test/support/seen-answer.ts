/** What a plain client of the proxy makes of an answer: whose it is, and how it ends. */
import type { Answer, End } from './failure-matrix'

export interface Heard {
  readonly status: number
  readonly text: string
  readonly isCut: boolean
}

/** The text as a person would see it. */
export const visibleIn = ({ text }: Heard): string =>
  eventsIn(text)
    .map(({ type, delta }) => (type === 'response.output_text.delta' ? String(delta) : ''))
    .join('')

export const looksWhole = (heard: Heard): boolean =>
  heard.status === 200 && endOf(heard) === 'completed'

const endOf = ({ isCut, text }: Heard): End => {
  switch (eventsIn(text).at(-1)?.['type']) {
    case 'response.completed':
      return 'completed'
    case 'response.incomplete':
      return 'incomplete'
    case 'response.failed':
    case 'error':
      return 'failed'
    default:
      return isCut ? 'cut' : 'ended'
  }
}

/** `last` is who was asked last: of an answer that shows no words it is whose it must be. */
export const answerIn = (heard: Heard, last: number): Answer => {
  const { status, text } = heard
  if (status === 200) {
    const [, by] = /said-by-(\d+)/.exec(visibleIn(heard)) ?? []
    const end = endOf(heard)
    return by === undefined && end === 'failed'
      ? { _tag: 'PassedOn', status, code: codeOfLast(text) }
      : { _tag: 'Served', by: by === undefined ? last : Number(by), end }
  }
  if (!text.startsWith('{'))
    return /codex-multi-auth login$/.test(text) ? { _tag: 'SignInNeeded' } : { _tag: 'NoModel' }
  const { error } = JSON.parse(text)
  if (status === 429 && error.plan_type === undefined)
    return { _tag: 'Limited', seconds: error.resets_in_seconds }
  return status === 503
    ? { _tag: 'BackendFails', code: error.code }
    : { _tag: 'PassedOn', status, code: error.code }
}

type Event = Readonly<Record<string, unknown>>

const eventsIn = (text: string): ReadonlyArray<Event> =>
  text.split('\n\n').flatMap((block) => {
    const [, json] = /^data: (.*)$/m.exec(block) ?? []
    return json === undefined ? [] : [JSON.parse(json)]
  })

const codeOfLast = (text: string): string => {
  const [, code = ''] = /"code":"([^"]+)"/.exec(text.slice(text.lastIndexOf('data: '))) ?? []
  return code
}
