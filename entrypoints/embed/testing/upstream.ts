/**
 * The simulated upstream: the issuer, the ChatGPT backend and the model backend on two loopback
 * origins, made over ports, so that it runs on sockets and in memory alike.
 *
 * Both origins answer every path. The official CLI needs two of them (its `chatgpt_base_url` on the
 * first, its `openai_base_url` on the second); a client of one backend uses the first alone.
 */
import { errAsync, type ResultAsync } from 'neverthrow'
import type { Clock } from '../../../ports/clock'
import type { Hash } from '../../../ports/hash'
import type { HttpServer, Listener, ListenError } from '../../../ports/http-server'
import type { Random } from '../../../ports/random'
import { after, second, type Instant, type Millis } from '../../../core/time'
import * as Backend from './backend'
import type { Behaviour, Fault } from './behaviour'
import * as Device from './device'
import * as Front from './front'
import * as Journal from './journal'
import * as Models from './models'
import * as LoginPage from './login-page'
import * as OAuth from './oauth'
import * as People from './people'
import * as Quota from './quota'
import * as Responses from './responses'
import * as Script from './script'
import * as Tokens from './tokens'

export interface UpstreamPorts {
  readonly httpServer: HttpServer
  readonly clock: Clock
  readonly random: Pick<Random, 'bytes'>
  readonly hash: Pick<Hash, 'sha256'>
}

/** Everything has a value of its own when left out. */
export interface Options {
  /** Of the two origins; 0, any free port. */
  readonly ports?: readonly [chatgpt: number, model: number]
  readonly lifetimes?: Partial<Tokens.Lifetimes>
  /** A refresh token that comes a second time ends its whole family; false. */
  readonly reuseEndsFamily?: boolean
  /** Of redirect addresses; the two registered ones, and any for an empty list. */
  readonly redirectPorts?: ReadonlyArray<number>
  /** Between two polls of a device sign-in; 5 seconds. */
  readonly deviceInterval?: Millis
  readonly models?: ReadonlyArray<Models.ModelTerms>
  /** Whether answers carry `x-models-etag`; true. */
  readonly namesModels?: boolean
  /** Whether bodies of model requests are decoded and checked; true. */
  readonly readsBodies?: boolean
}

/** `id` is an account's key, or an account id for all who share that workspace. */
export interface Upstream {
  readonly origins: readonly [chatgpt: string, model: string]
  /** `CODEX_MULTI_AUTH_ISSUER`, and `--experimental_issuer` of the official CLI. */
  readonly issuer: string
  /** `CODEX_MULTI_AUTH_BACKEND`, and `chatgpt_base_url` of the official CLI. */
  readonly backend: string
  /** `openai_base_url` of the official CLI: on the second origin. */
  readonly modelBase: string
  /** `CODEX_REFRESH_TOKEN_URL_OVERRIDE`. */
  readonly tokenUrl: string
  readonly journal: Journal.Journal
  /** The person in front of the login page. */
  readonly browser: Pick<LoginPage.LoginPage, 'signsIn' | 'denies' | 'forgetBrowser'>
  readonly device: Pick<Device.Device, 'waiting' | 'approves' | 'denies' | 'turnOff'>
  readonly addPerson: (terms: People.PersonTerms) => People.Person
  /** Tokens without a login page. */
  readonly signIn: (account: People.Account, terms?: Tokens.IssueTerms) => Tokens.Tokens
  /** What the next model requests of this account get, one each. */
  readonly script: (id: string, behaviours: ReadonlyArray<Behaviour>) => void
  /** What every model request gets that no `script` is left for. */
  readonly always: (id: string, standing: Script.Standing) => void
  /** What befalls the next calls of a path, one each; of every account unless one is named. */
  readonly fail: (path: string, faults: ReadonlyArray<Fault>, id?: string) => void
  /** What an answer says that no behaviour words otherwise. */
  readonly speak: (speaker: Responses.Speaker) => void
  readonly unscript: () => void
  readonly setQuota: (id: string, terms: Quota.Terms) => void
  readonly quotaOf: (account: People.Account) => Quota.Quota
  /** Where discovery says a workspace lives. */
  readonly route: (id: string, routing: Partial<Backend.Routing>) => void
  /** Bearers given out so far are refused with this code. */
  readonly refuseAccess: (id: string, refusal: Tokens.AccessRefusal) => void
  /** Refresh tokens given out so far are refused with this code. */
  readonly refuseRefresh: (id: string, refusal: Tokens.RefreshRefusal) => void
  readonly refreshOmits: (fields: ReadonlyArray<OAuth.TokenField>) => void
  /** For this long from now every call is reset before it is read. */
  readonly outage: (span: Millis) => void
  readonly close: () => ResultAsync<void, never>
}

/** The parts, joined; `issuer` is known once they are listened to. */
const parts = (
  ports: UpstreamPorts,
  options: Options,
  closing: AbortSignal,
  issuer: () => string,
) => {
  const { clock, random, hash } = ports
  const journal = Journal.create()
  const people = People.create()
  const scripts = Script.create()
  const vault = Tokens.vault({
    issuer: 'https://auth.openai.com',
    random,
    lifetimes: { ...Tokens.lifetimes, ...options.lifetimes },
    reuseEndsFamily: options.reuseEndsFamily ?? false,
  })
  const redirectPorts = options.redirectPorts ?? LoginPage.registeredPorts
  const oauth = OAuth.create({ hash, random, vault, journal })
  const loginPage = LoginPage.create({ people, journal, redirectPorts, codeFor: oauth.codeFor })
  const interval = options.deviceInterval ?? 5 * second
  const device = Device.create({ issuer, interval, random, hash, grants: oauth })
  const backend = Backend.create({ people, models: options.models ?? Models.offered })
  const readsBodies = options.readsBodies ?? true
  const namesModels = options.namesModels ?? true
  const responses = Responses.create({
    clock,
    closing,
    people,
    scripts,
    journal,
    readsBodies,
    namesModels,
  })
  let downUntil: Instant = -Infinity
  const isDown = (now: Instant) => now < downUntil
  const front = Front.create({
    clock,
    closing,
    journal,
    scripts,
    vault,
    oauth,
    loginPage,
    device,
    backend,
    responses,
    readsBodies,
    isDown,
  })
  const outage = (span: Millis) => {
    downUntil = after(clock.now(), span)
  }
  return {
    journal,
    people,
    scripts,
    vault,
    oauth,
    loginPage,
    device,
    backend,
    responses,
    front,
    outage,
  }
}

type Parts = ReturnType<typeof parts>

const control = (ports: UpstreamPorts, made: Parts): Omit<Upstream, Placed> => {
  const { journal, people, scripts, vault, oauth, loginPage, device, backend, responses, outage } =
    made
  const now = () => ports.clock.now()
  const each = (id: string, run: (account: People.Account) => void) => {
    people.named(id).forEach(run)
  }
  return {
    journal,
    browser: loginPage,
    device,
    outage,
    addPerson: (terms) => people.add(terms, now()),
    signIn: (account, terms) => vault.issue(account, now(), terms),
    script: scripts.queue,
    always: scripts.stand,
    fail: (path, faults, id = Script.everyone) => {
      scripts.fail(path, faults, id)
    },
    unscript: scripts.clear,
    speak: responses.speak,
    setQuota: (id, terms) => {
      each(id, ({ key }) => {
        people.setQuota(key, Quota.of(terms, now()))
      })
    },
    quotaOf: ({ key }) => people.quota(key, now()),
    route: (id, routing) => {
      each(id, ({ key }) => {
        backend.route(key, routing)
      })
    },
    refuseAccess: (id, refusal) => {
      each(id, ({ key }) => {
        vault.refuseAccess(key, refusal)
      })
    },
    refuseRefresh: (id, refusal) => {
      each(id, ({ key }) => {
        vault.refuseRefresh(key, refusal)
      })
    },
    refreshOmits: oauth.refreshOmits,
  }
}

/** What depends on where it listens. */
type Placed = 'origins' | 'issuer' | 'backend' | 'modelBase' | 'tokenUrl' | 'close'

const placed = (
  listeners: readonly [Listener, Listener],
  end: () => void,
): Pick<Upstream, Placed> => {
  const [chatgpt, model] = listeners
  const at = ({ port }: Listener) => `http://127.0.0.1:${String(port)}`
  return {
    origins: [at(chatgpt), at(model)],
    issuer: at(chatgpt),
    backend: `${at(chatgpt)}/backend-api`,
    modelBase: `${at(model)}/backend-api/codex`,
    tokenUrl: `${at(chatgpt)}/oauth/token`,
    close: () => {
      end()
      return chatgpt.close().andThen(() => model.close())
    },
  }
}

export const startUpstream = (
  ports: UpstreamPorts,
  options: Options = {},
): ResultAsync<Upstream, ListenError> => {
  const closing = new AbortController()
  let issuer = ''
  const made = parts(ports, options, closing.signal, () => issuer)
  const [chatgptPort, modelPort] = options.ports ?? [0, 0]
  const listen = (origin: 'chatgpt' | 'model', port: number) =>
    ports.httpServer.listen({ host: '127.0.0.1', port }, made.front(origin))
  const end = () => {
    closing.abort()
  }
  return listen('chatgpt', chatgptPort).andThen((chatgpt) =>
    listen('model', modelPort)
      .orElse((refusal) => chatgpt.close().andThen(() => errAsync(refusal)))
      .map((model): Upstream => {
        const where = placed([chatgpt, model], end)
        issuer = where.issuer
        return { ...control(ports, made), ...where }
      }),
  )
}
