/** What the official CLI makes of a turn, as `exec --json` tells it. */
import { day, minute, second } from '../../../core/time'
import type { Answer, Held, Row } from '../../support/failure-matrix'

export interface Turn {
  /** What the model has said, one message after the other. */
  readonly messages: ReadonlyArray<string>
  /** What the turn ends with; empty where it is good. */
  readonly error: string
  /** How often it says that it asks again. */
  readonly retries: number
}

interface Event {
  readonly type: string
  readonly message?: string
  readonly item?: { readonly type: string; readonly text?: string }
  readonly error?: { readonly message: string }
}

export const turnOf = (stdout: string): Turn => {
  const events = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line): Event => JSON.parse(line))
  return {
    messages: events.flatMap(({ item, type }) =>
      type === 'item.completed' && item?.type === 'agent_message' ? [item.text ?? ''] : [],
    ),
    error: events.find(({ type }) => type === 'turn.failed')?.error?.message ?? '',
    retries: events.filter(({ message = '' }) => message.startsWith('Reconnecting...')).length,
  }
}

/** `last` is who was asked last, where no words say whose the answer is. */
export const answerOf = ({ error, messages }: Turn, { answer }: Row, last: number): Answer => {
  if (error === '') {
    const [, by] = /^said-by-(\d+)/.exec(messages.join('')) ?? []
    return { _tag: 'Served', by: Number(by), end: 'completed' }
  }
  const [, resetsAt] = /hit your usage limit\. Try again at (.+)\.$/.exec(error) ?? []
  if (resetsAt !== undefined) return { _tag: 'Limited', seconds: secondsUntil(resetsAt) }
  if (error.includes('codex-multi-auth login')) return { _tag: 'SignInNeeded' }
  if (error.includes('Choose another model')) return { _tag: 'NoModel' }
  // A refusal before the first words and one after them read alike, and no status is shown.
  return answer._tag === 'PassedOn'
    ? { _tag: 'PassedOn', status: answer.status, code: codeIn(error) }
    : { _tag: 'Served', by: last, end: endIn(error) }
}

const codeIn = (error: string): string => {
  if (error.includes('ran out of room')) return 'context_length_exceeded'
  const [, code = error] = /\b(invalid_prompt)\b/.exec(error) ?? []
  return code
}

const endIn = (error: string) => {
  if (error.includes('stream closed before response.completed')) return 'ended'
  if (error.startsWith('stream disconnected before completion: Transport error')) return 'cut'
  return error.includes('Incomplete response') ? 'incomplete' : 'failed'
}

/**
 * From now, of a time as the CLI says it where its time zone is UTC: to the minute, with a date where
 * it is of another day.
 */
const secondsUntil = (said: string): number => {
  const now = Date.now()
  const hasDate = /\d{4}/.test(said)
  const date = hasDate ? said.replace(/(\d)(st|nd|rd|th)\b/, '$1') : dateOf(now)
  const at = Date.parse(`${date} ${hasDate ? '' : said} UTC`)
  return ((!hasDate && at < now - minute ? at + day : at) - now) / second
}

const dateOf = (now: number): string => new Date(now).toISOString().slice(0, 10)

/** The answer as the CLI can tell it: a reset that falls into the minute it names is the one expected. */
export const toTheMinute = (seen: Answer, expected: Answer): Answer => {
  if (seen._tag !== 'Limited' || expected._tag !== 'Limited') return seen
  const { seconds } = expected
  return seen.seconds > seconds - 60 - early && seen.seconds <= seconds + late ? expected : seen
}

/** In seconds: the CLI takes its time to end, and the row to be played. */
const early = 15
const late = 4

const retriesMax = 5
/** What is not asked for again, when it comes after the first words (protocol.md, section 4). */
const isFinal = /server_is_overloaded|invalid_prompt|insufficient_quota|incomplete/
/** It passes over an `error` event, and waits for what follows. */
const isPassedOver = /^an error event/

/**
 * A row as the CLI meets it: once it has seen something of an answer it alone asks again, and always the
 * account that it is tied to, but for one that has told of a limit: then another serves, while there is one.
 */
export const asMetByCli = (row: Row): Row => {
  const { answer, tried, way } = row
  if (answer._tag !== 'Served' || answer.end === 'completed') return row
  const asksAgain = !isFinal.test(way.name)
  const held = way.means._tag === 'Serves' ? way.means.held : undefined
  if (asksAgain && held !== undefined && held !== 'lost') return asMovedByCli(row, held)
  const times = asksAgain ? 1 + retriesMax : 1
  return {
    ...row,
    answer: isPassedOver.test(way.name) ? { ...answer, end: 'ended' } : answer,
    tried: tried.map((count) => (count === 1 ? times : count)),
  }
}

/** It brings the reasoning it has seen, and whom it is moved to is asked once more without that. */
const asMovedByCli = (row: Row, held: Held): Row =>
  row.pool === 'all'
    ? {
        ...row,
        answer: { _tag: 'Limited', seconds: held.seconds },
        tried: row.tried.map((_, index) => (index === 0 ? 1 : 2)),
        after: row.after.map(() => held),
      }
    : { ...row, answer: { _tag: 'Served', by: 1, end: 'completed' }, tried: [1, 2, 0] }

/** How often the upstream saw reasoning that only the account before could read. */
export const foreignByCli = ({ tried, way }: Row): number =>
  way.place === 'after output' ? tried.filter((count) => count === 2).length : 0
