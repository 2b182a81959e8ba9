/**
 * The way of every call through the upstream: outage, journal, scripted fault, route, waits.
 *
 * Only this module sleeps. What a route says is a value; a refresh token is spent when the route is
 * reached, so that a delay before it leaves the token good and a lost answer does not.
 */
import * as O from 'fp-ts/Option'
import { err, ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import type { Clock } from '../../../ports/clock'
import type { Reply, ServerRequest } from '../../../ports/http-server'
import type { Instant, Millis } from '../../../core/time'
import type { Backend } from './backend'
import type { Fault } from './behaviour'
import * as Call from './call'
import type { Device } from './device'
import { responsesPath, tokenPath, type Recorder } from './journal'
import type { LoginPage } from './login-page'
import * as Mcp from './mcp'
import type { OAuth } from './oauth'
import type { Account } from './people'
import * as Refusal from './refusal'
import * as RequestBody from './request-body'
import type { Outcome, Responses } from './responses'
import type { Scripts } from './script'
import { silenceMax } from './stream'
import type { Vault } from './tokens'

/** More than any real request has. */
const bytesMax = 64 * 1_024 * 1_024

export interface FrontTerms {
  readonly clock: Clock
  readonly closing: AbortSignal
  readonly journal: Recorder
  readonly scripts: Scripts
  readonly vault: Pick<Vault, 'bearer'>
  readonly oauth: OAuth
  readonly loginPage: Pick<LoginPage, 'authorize'>
  readonly device: Device
  readonly backend: Backend
  readonly responses: Responses
  /** False leaves the bodies of model requests unread and unchecked, for benches. */
  readonly readsBodies: boolean
  /** Whether nothing is answered at this instant. */
  readonly isDown: (now: Instant) => boolean
}

const connectorsPath = '/backend-api/ps/mcp'

/** Whose signal is made when it is first asked for. */
type Client = Pick<ServerRequest, 'gone'>

type Body = O.Option<Result<RequestBody.Fields, Refusal.Refusal>>

const said = (reply: Reply): Outcome => ({ wait: 0, reply })

const reset: Reply = { _tag: 'Reset' }

/** Whose call it is, when the bearer is good for what it asks. */
const admitted = (
  { vault, journal }: Pick<FrontTerms, 'vault' | 'journal'>,
  incoming: Call.Incoming,
): Result<Account, Refusal.Refusal> => {
  const token = Call.bearer(incoming)
  if (token === '') {
    journal.violated({ _tag: 'NoBearer', path: incoming.path })
    return err(Refusal.noBearer)
  }
  const known = vault.bearer(token, incoming.at)
  if (O.isNone(known)) {
    journal.violated({ _tag: 'UnknownBearer', path: incoming.path })
    return err(Refusal.unknownBearer)
  }
  const { account, refusal } = known.value
  if (O.isSome(refusal)) return err(Refusal.unauthorized(refusal.value))
  const header = Call.header('chatgpt-account-id', incoming.headers)
  if (header === '' || header === account.accountId) return ok(account)
  journal.violated({ _tag: 'ForeignAccount', bearer: account.accountId, header })
  return err(Refusal.foreignAccount)
}

const issuerHandler = ({ oauth, device, loginPage }: FrontTerms, incoming: Call.Incoming) => {
  switch (`${incoming.method} ${incoming.path}`) {
    case 'GET /oauth/authorize':
      return loginPage.authorize
    case 'POST /oauth/token':
      return oauth.token
    case 'POST /oauth/revoke':
      return oauth.revoke
    case 'POST /api/accounts/deviceauth/usercode':
      return device.userCode
    case 'POST /api/accounts/deviceauth/token':
      return device.token
    case 'GET /codex/device':
    case 'GET /deviceauth/callback':
      return device.page
    default:
      return null
  }
}

const routed = (terms: FrontTerms, incoming: Call.Incoming, body: Body): Outcome => {
  const handler = issuerHandler(terms, incoming)
  if (handler !== null) return said(handler(incoming))
  const { method, path } = incoming
  const unknown = () => {
    terms.journal.violated({ _tag: 'UnknownPath', method, path })
    return said(Call.refused(Refusal.detail(404, 'Not Found')))
  }
  if (!path.startsWith('/backend-api/')) return unknown()
  if (path === connectorsPath && Call.bearer(incoming) === '') {
    // The official CLI sends no bearer here when its base is plain http. It is recorded, and served,
    // so that a run of the CLI alone goes as one against the real backend does.
    terms.journal.violated({ _tag: 'NoBearer', path })
    return said(Mcp.answer(incoming))
  }
  return admitted(terms, incoming).match(
    (account) => {
      if (path === responsesPath && incoming.isUpgrade)
        return said(Call.text(426, 'text/plain', 'Upgrade Required'))
      if (O.isSome(body)) return terms.responses.answer(incoming, account, body.value)
      const reply = terms.backend.answer(incoming, account)
      return reply === null ? unknown() : said(reply)
    },
    (refusal) => said(Call.refused(refusal)),
  )
}

const withoutSecrets = (incoming: Call.Incoming) =>
  incoming.headers.filter(([name]) => name !== 'authorization')

const secretFields = ['refresh_token', 'token', 'code', 'code_verifier', 'subject_token']

const withoutSecretFields = (fields: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !secretFields.includes(name)))

const bodyOf = (terms: FrontTerms, incoming: Call.Incoming): Body => {
  if (incoming.path !== responsesPath || incoming.method !== 'POST') return O.none
  return O.some(terms.readsBodies ? RequestBody.decoded(incoming) : ok({}))
}

const arrived = (terms: FrontTerms, incoming: Call.Incoming, body: Body) => {
  const isIssuer = incoming.path === tokenPath || incoming.path === '/oauth/revoke'
  const issued: Readonly<Record<string, string>> = isIssuer ? Call.fields(incoming) : {}
  const token = issued['refresh_token'] ?? issued['token'] ?? Call.bearer(incoming)
  const holder = O.map(({ account }: { readonly account: Account }) => account)
  const account = isIssuer
    ? terms.oauth.ownerOf(incoming)
    : holder(terms.vault.bearer(token, incoming.at))
  const fields = O.isSome(body) ? body.value.unwrapOr<RequestBody.Fields>({}) : null
  const cacheKey = fields === null ? '' : String(fields['prompt_cache_key'] ?? '')
  const purpose = issued['grant_type'] ?? ''
  const number = terms.journal.arrived({
    at: incoming.at,
    origin: incoming.origin,
    method: incoming.method,
    path: incoming.path,
    query: incoming.query.toString(),
    headers: withoutSecrets(incoming),
    token: token.slice(-12),
    account,
    accountHeader: Call.header('chatgpt-account-id', incoming.headers),
    conversation: { ...Call.conversation(incoming.headers), cacheKey },
    body: isIssuer ? withoutSecretFields(issued) : fields,
    purpose,
    status: 0,
  })
  return { number, account, purpose }
}

/** Counts refreshes that are under way at one time. */
const watchingOverlap = (journal: Recorder) => {
  const underWay = new Map<number, string>()
  return {
    begin: (number: number, account: O.Option<Account>) => {
      const key = O.isSome(account) ? account.value.key : ''
      for (const other of underWay.values())
        journal.violated({ _tag: 'RefreshOverlap', account: key, with: other })
      underWay.set(number, key)
    },
    end: (number: number) => {
      underWay.delete(number)
    },
  }
}

export const create = (terms: FrontTerms) => {
  const { clock, closing, journal, scripts } = terms
  const overlap = watchingOverlap(journal)

  // Signals are joined only where there is something to wait for: each joining costs.
  const slept = (span: Millis, client: Client, lazy: boolean): ResultAsync<void, never> =>
    clock.sleep(span, { signal: AbortSignal.any([closing, client.gone]), lazy })

  const waited = (span: Millis, client: Client): ResultAsync<void, never> =>
    span > 0 ? slept(span, client, false) : okAsync(undefined)

  const silent = (client: Client): ResultAsync<Reply, never> =>
    slept(silenceMax, client, true).map(() => reset)

  const performed = (
    incoming: Call.Incoming,
    body: Body,
    fault: O.Option<Fault>,
    client: Client,
  ): ResultAsync<Reply, never> => {
    const answered = () => {
      const { wait, reply } = routed(terms, incoming, body)
      return reply === 'Silence' ? silent(client) : waited(wait, client).map(() => reply)
    }
    if (O.isNone(fault)) return answered()
    switch (fault.value._tag) {
      case 'Refuse':
        return okAsync(Call.refused(fault.value.refusal))
      case 'Reset':
        return okAsync(reset)
      case 'Silence':
        return silent(client)
      case 'Lost':
        return answered().map(() => reset)
      case 'Delay':
        return waited(fault.value.wait, client).andThen(answered)
    }
  }

  const handled = (incoming: Call.Incoming, client: Client): ResultAsync<Reply, never> => {
    const body = bodyOf(terms, incoming)
    const { number, account, purpose } = arrived(terms, incoming, body)
    const isRefresh = purpose === 'refresh_token'
    if (isRefresh) overlap.begin(number, account)
    const fault = scripts.nextFault(incoming.path, account)
    return performed(incoming, body, fault, client).map((reply) => {
      if (isRefresh) overlap.end(number)
      journal.completed(number, { status: reply._tag === 'Reply' ? reply.status : 0 })
      return reply
    })
  }

  return (origin: Call.Incoming['origin']) =>
    (request: ServerRequest): ResultAsync<Reply, never> => {
      const now = clock.now()
      if (terms.isDown(now)) return okAsync(reset)
      return request
        .read(bytesMax)
        .andThen((pieces) => handled(Call.read(request, origin, now, pieces), request))
        .orElse(() => okAsync(reset))
    }
}
