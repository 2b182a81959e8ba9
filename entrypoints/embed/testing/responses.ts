/**
 * Model requests: who asks, whether what is sent back belongs to them, and the scripted answer.
 *
 * A scripted refusal comes before the look at encrypted items, as a limit does on the real backend;
 * a foreign item is recorded in either case.
 */
import * as O from 'fp-ts/Option'
import type { Result } from 'neverthrow'
import type { Clock } from '../../../ports/clock'
import type { Reply } from '../../../ports/http-server'
import { after, type Millis } from '../../../core/time'
import type { Asked, Behaviour, Turn } from './behaviour'
import * as Call from './call'
import * as Events from './events'
import type { Recorder, Violation } from './journal'
import * as Models from './models'
import type { Account, People } from './people'
import * as Quota from './quota'
import * as Refusal from './refusal'
import * as RequestBody from './request-body'
import type { Scripts } from './script'
import * as Sealed from './sealed'
import * as Stream from './stream'

/** What to say, and how long to wait before it; silence is a wait without an answer. */
export interface Outcome {
  readonly wait: Millis
  readonly reply: Reply | 'Silence'
}

/** A text alone is a turn that says it. */
export type Speaker = (asked: Asked) => Partial<Turn> | string

export interface Responses {
  /** `body` is the decoded one, or why it could not be decoded. */
  readonly answer: (
    incoming: Call.Incoming,
    account: Account,
    body: Result<RequestBody.Fields, Refusal.Refusal>,
  ) => Outcome
  /** What every answer says that no script words otherwise. */
  readonly speak: (speaker: Speaker) => void
}

export interface ResponsesTerms {
  readonly clock: Pick<Clock, 'sleep'>
  readonly closing: AbortSignal
  readonly people: People
  readonly scripts: Pick<Scripts, 'next'>
  readonly journal: Pick<Recorder, 'violated'>
  /** False answers whatever the body says, for benches. */
  readonly readsBodies: boolean
  /** Whether answers carry the header that makes a client fetch the models again. */
  readonly namesModels: boolean
}

interface Served {
  readonly asked: Asked
  readonly incoming: Call.Incoming
  readonly quota: Quota.Quota
  readonly id: (prefix: string) => string
  readonly seal: (kind: Sealed.Kind) => string
}

const at = (reply: Reply | 'Silence', wait: Millis = 0): Outcome => ({ wait, reply })

/** Sealed items of the input that were made for another workspace. */
const foreignItems = (asked: Asked): ReadonlyArray<readonly [content: string, kind: string]> =>
  RequestBody.items(asked.body).flatMap((item) => {
    const content = item['encrypted_content']
    if (typeof content !== 'string') return []
    const isOurs = O.elem({ equals: (a: string, b) => a === b })(asked.account.accountId)
    return isOurs(Sealed.maker(content)) ? [] : [[content, String(item['type'])] as const]
  })

const foreignTurnState = ({ asked, incoming }: Served): boolean => {
  const state = Call.header('x-codex-turn-state', incoming.headers)
  return state !== '' && O.toNullable(Sealed.maker(state)) !== asked.account.accountId
}

const violationsOf = (served: Served): ReadonlyArray<Violation> => {
  const { asked, incoming } = served
  const from = (sealed: string) => O.getOrElse(() => '')(Sealed.maker(sealed))
  const to = asked.account.accountId
  const items = foreignItems(asked).map(
    ([content, item]) => ({ _tag: 'ForeignContent', from: from(content), to, item }) as const,
  )
  const state = Call.header('x-codex-turn-state', incoming.headers)
  return foreignTurnState(served)
    ? [...items, { _tag: 'ForeignTurnState', from: from(state), to }]
    : items
}

const wantsCompaction = (asked: Asked): boolean =>
  RequestBody.items(asked.body).at(-1)?.['type'] === 'compaction_trigger'

const wantsSealedReasoning = (asked: Asked): boolean => {
  const include = asked.body['include']
  return Array.isArray(include) && include.includes('reasoning.encrypted_content')
}

/** Numbers of about the size a real answer has, at four bytes a token. */
const usageOf = ({ incoming }: Served, text: string) => ({
  input: Math.ceil(incoming.body.length / 4),
  cached: 0,
  output: Math.ceil(text.length / 4) + 8,
  reasoning: 8,
})

const eventsOf = (served: Served, turn: Partial<Turn>): ReadonlyArray<Events.Event> => {
  const { asked, id, seal } = served
  const text = turn.text ?? ''
  const usage = turn.usage ?? usageOf(served, text)
  const sealedReasoning = wantsSealedReasoning(asked) ? seal('reasoning') : null
  const stamp = { model: asked.model, id, sealedReasoning }
  if (wantsCompaction(asked)) return Events.ofCompaction(seal('compaction'), usage, stamp)
  const { calls = [], reasoningSummary = '' } = turn
  return Events.ofTurn({ text, calls, reasoningSummary, usage }, stamp)
}

/** A behaviour as a reply, given what the turn says when the script does not. */
const perform =
  (terms: ResponsesTerms, speaker: Speaker) =>
  (served: Served, behaviour: Behaviour): Outcome => {
    const { asked, incoming, quota, seal } = served
    const { account } = asked
    const turnState = Call.header('x-codex-turn-state', incoming.headers)
    const stream = (steps: ReadonlyArray<Stream.Step>): Outcome =>
      at({
        _tag: 'Reply',
        status: 200,
        headers: [
          ['content-type', 'text/event-stream'],
          ['cache-control', 'no-cache'],
          ...Quota.headers(account, quota, incoming.at),
          ...(turnState === '' ? [['x-codex-turn-state', seal('turn')] as const] : []),
          ...(terms.namesModels ? [['x-models-etag', Models.etag(account)] as const] : []),
          ['x-request-id', served.id('req')],
        ],
        body: Stream.body(terms.clock, terms.closing, steps),
      })
    const turnOf = (turn: Partial<Turn>): Partial<Turn> => {
      const said = speaker(asked)
      return { ...(typeof said === 'string' ? { text: said } : said), ...turn }
    }
    switch (behaviour._tag) {
      case 'Answer':
        return stream(Stream.whole(eventsOf(served, turnOf(behaviour.turn)), behaviour.pace))
      case 'Break':
        return stream(
          Stream.broke(eventsOf(served, turnOf(behaviour.turn)), behaviour.at, behaviour.ending),
        )
      case 'Refuse':
        return at(Call.refused(behaviour.refusal))
      case 'UsageLimit': {
        const now = incoming.at
        const resetsAt = after(now, behaviour.resetsIn)
        const spent = Quota.spentUntil(resetsAt, now)(quota)
        const headers = Quota.headers(account, spent, now)
        const limit = { plan: account.plan, resetsAt, now }
        return at(Call.refused(Refusal.usageLimitReached(limit, headers)))
      }
      case 'UnsupportedModel':
        return at(Call.refused(Refusal.unsupportedModel(asked.model)))
      case 'NoStream':
        return at(Call.text(200, behaviour.contentType, behaviour.body))
      case 'Reset':
        return at({ _tag: 'Reset' })
      case 'Silence':
        return at('Silence')
      case 'Delay': {
        const then = perform(terms, speaker)(served, behaviour.then)
        return { ...then, wait: behaviour.wait + then.wait }
      }
    }
  }

const isAnswer = (behaviour: Behaviour): boolean =>
  behaviour._tag === 'Delay'
    ? isAnswer(behaviour.then)
    : behaviour._tag === 'Answer' || behaviour._tag === 'Break'

/** What stands in the way of an answer, whatever the script says. */
const obstacle = (served: Served): O.Option<Refusal.Refusal> => {
  const { asked, quota, incoming } = served
  if (Quota.isExhausted(quota)) {
    const now = incoming.at
    const resetsAt = Quota.releasedAt(now)(quota)
    const limit = { plan: asked.account.plan, resetsAt, now }
    const headers = Quota.headers(asked.account, quota, now)
    return O.some(Refusal.usageLimitReached(limit, headers))
  }
  const [foreign] = foreignItems(asked)
  if (foreign !== undefined) return O.some(Refusal.foreignContent(Sealed.shown(foreign[0])))
  return foreignTurnState(served) ? O.some(Refusal.foreignTurnState) : O.none
}

const conversationOf = (incoming: Call.Incoming, body: RequestBody.Fields): string => {
  const { thread, session } = Call.conversation(incoming.headers)
  return thread || session || String(body['prompt_cache_key'] ?? '')
}

export const create = (terms: ResponsesTerms): Responses => {
  const counts = new Map<string, number>()
  let ids = 0
  let speaker: Speaker = () => 'Hello from the simulated upstream.'

  const id = (prefix: string): string => {
    ids += 1
    return `${prefix}_sim_${String(ids).padStart(6, '0')}`
  }
  const serve = (incoming: Call.Incoming, account: Account, body: RequestBody.Fields): Outcome => {
    const nth = (counts.get(account.key) ?? 0) + 1
    counts.set(account.key, nth)
    const model = String(body['model'] ?? '')
    const asked = { account, nth, model, body, conversation: conversationOf(incoming, body) }
    const seal = (kind: Sealed.Kind) => {
      ids += 1
      return Sealed.seal(kind, account.accountId, ids)
    }
    const quota = terms.people.quota(account.key, incoming.at)
    const served = { asked, incoming, quota, id, seal }
    violationsOf(served).forEach(terms.journal.violated)
    const behaviour = O.getOrElse((): Behaviour => ({ _tag: 'Answer', turn: {}, pace: 0 }))(
      terms.scripts.next(asked),
    )
    if (!isAnswer(behaviour)) return perform(terms, speaker)(served, behaviour)
    const barred = obstacle(served)
    if (O.isSome(barred)) return at(Call.refused(barred.value))
    const charged = Quota.charged(quota)
    terms.people.setQuota(account.key, charged)
    return perform(terms, speaker)({ ...served, quota: charged }, behaviour)
  }

  return {
    answer: (incoming, account, body) => {
      const isOfficial = Call.header('version', incoming.headers) !== ''
      const checked = terms.readsBodies
        ? body.andThen((fields) => RequestBody.checked(fields, { isOfficial }))
        : body
      return checked.match(
        (fields) => serve(incoming, account, fields),
        (refusal) => {
          const because = refusal.body
          terms.journal.violated({ _tag: 'BadRequest', path: incoming.path, because })
          return at(Call.refused(refusal))
        },
      )
    },
    speak: (next) => {
      speaker = next
    },
  }
}
