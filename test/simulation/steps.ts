/** What a process of a run is asked to do, and how: by the real programs, as a door would call them. */
import * as O from 'fp-ts/Option'
import { ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import type { SimulatedProcess } from '../../adapters/memory/scheduler'
import type { AccountKey } from '../../core/accounts/identity'
import * as Pool from '../../core/accounts/pool'
import * as Selector from '../../core/accounts/selector'
import { forget } from '../../entrypoints/programs/forget'
import { signIn, type News } from '../../entrypoints/programs/login'
import { changePool, readPool } from '../../entrypoints/programs/pool'
import { refreshAccount } from '../../entrypoints/programs/refresh'
import { catalogue } from '../../core/settings/catalogue'
import { route } from '../../entrypoints/programs/route'
import { openRouter, type OpenRouter } from '../../entrypoints/programs/router'
import type { Body } from '../../ports/http'
import { modelBody } from '../support/model-request'
import { given } from './invariants'
import type { SimulatedPorts } from './ports'
import { people } from './people'
import type { Step } from './step'
import { layout, seams, type World } from './world'

/** One life of one process. */
export interface Life {
  readonly world: World
  readonly process: SimulatedProcess
  readonly ports: SimulatedPorts
  /** Opened with the first request, as a proxy is. */
  router: OpenRouter | undefined
}

type Done = ResultAsync<unknown, { readonly _tag: string }>

export const perform = (life: Life, step: Step): Done => {
  const { ports } = life
  switch (step._tag) {
    case 'SignIn':
      return signingIn(life, step.key)
    case 'Remove':
      return forget(ports, layout)(Selector.resolve(step.key))
    case 'Switch':
      return changing(ports, step.key, Pool.pin)
    case 'Unpin':
      return changePool(ports, layout)<never>((pool) => ok(Pool.unpin(pool)))
    case 'Enable':
      return changing(ports, step.key, Pool.enable)
    case 'Disable':
      return changing(ports, step.key, Pool.disable)
    case 'Refresh':
      return refreshing(life, step.key, step.isForced)
    case 'Request':
      return requesting(life, step.conversation)
    case 'Settings':
      return ports.files.replace(
        layout.settings,
        JSON.stringify({ pluginConfig: { schedulingStrategy: step.strategy } }),
      )
    case 'Wait':
      return ports.clock.sleep(step.span)
  }
}

type Refusal = Selector.SelectorRefusal | Pool.NoSuchAccount

const changing = (
  ports: SimulatedPorts,
  selector: string,
  change: (key: AccountKey) => (pool: Pool.Pool) => Result<Pool.Pool, Pool.NoSuchAccount>,
): Done =>
  changePool(
    ports,
    layout,
  )<Refusal>((pool) =>
    Selector.resolve(selector)(pool)
      .mapErr((error): Refusal => error)
      .andThen((key) => change(key)(pool)),
  )

/** The person pastes the address the browser ended at. */
const signingIn = ({ ports, world }: Life, key: AccountKey): Done => {
  const tell = (news: News): void => {
    const person = people.find((one) => one.key === key)
    if (news._tag !== 'PasteAddress' || person === undefined) return
    const state = new URL(news.url).searchParams.get('state') ?? ''
    const code = world.issuer.codeFor(person)
    ports.terminal.type(`http://127.0.0.1:1455/auth/callback?code=${code}&state=${state}`)
  }
  return signIn(ports, { layout, seams, workspace: O.none, sync: 'auto' }, { _tag: 'Pasted' }, tell)
}

const spacing = async () => catalogue.refreshSpacingMs.standard

const refreshing = ({ ports, world }: Life, key: AccountKey, isForced: boolean): Done =>
  readPool(ports, layout).andThen((pool) => {
    const account = Pool.find(key)(pool)
    const seen = isForced && O.isSome(account) ? account.value.credential.access : O.none
    return refreshAccount(ports, layout, seams, { spacing, sync: 'auto' })(
      key,
      O.map((token: { readonly reveal: () => string }) => token.reveal())(seen),
    ).map(({ credential }) => given(world, key, credential.refresh.reveal()))
  })

const requesting = (life: Life, conversation: string): Done =>
  opened(life).andThen(({ router }) =>
    route(router)({
      purpose: 'model',
      client: 'official',
      method: 'POST',
      path: '/codex/responses',
      headers: [['content-type', 'application/json']],
      body: [new TextEncoder().encode(JSON.stringify(modelBody))],
      conversation: O.some({ id: conversation, parent: O.none }),
      gone: new AbortController().signal,
    }).andThen(({ status, body }) => {
      if (status === 200) life.world.count('request served')
      return drained(body)
    }),
  )

const opened = (life: Life): ResultAsync<OpenRouter, never> =>
  openRouter(life.ports, {
    layout,
    seams,
    environment: {},
    strict: O.none,
    witness: {
      decided: () => undefined,
      served: () => undefined,
      rested: () => undefined,
      usedModel: () => undefined,
      passedOn: () => undefined,
      gaveUp: () => undefined,
    },
  }).map((router) => {
    life.router ??= router
    return life.router
  })

const drained = (body: Body): Done =>
  body.next().andThen((piece): Done => (O.isSome(piece) ? drained(body) : okAsync(undefined)))
