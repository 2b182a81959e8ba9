/** What a process of a run is asked to do, and how: by the real programs, as a door would call them. */
import * as O from 'fp-ts/Option'
import { ok, okAsync, ResultAsync, type Result } from 'neverthrow'
import type { SimulatedProcess } from '../../adapters/memory/scheduler'
import * as Account from '../../core/accounts/account'
import type { AccountKey } from '../../core/accounts/identity'
import * as Pool from '../../core/accounts/pool'
import * as Selector from '../../core/accounts/selector'
import { writeAccounts } from '../../entrypoints/programs/account-file'
import { backUp, restoreBackup } from '../../entrypoints/programs/backups'
import { forget } from '../../entrypoints/programs/forget'
import { importAccounts } from '../../entrypoints/programs/import-accounts'
import { signIn, type News } from '../../entrypoints/programs/login'
import * as Headers from '../../core/request/headers'
import { logOut } from '../../entrypoints/programs/logout'
import { changePool, readPool, type PoolError } from '../../entrypoints/programs/pool'
import { refreshAccount } from '../../entrypoints/programs/refresh'
import { catalogue } from '../../core/settings/catalogue'
import { route } from '../../entrypoints/programs/route'
import { openRouter, type OpenRouter, type Router } from '../../entrypoints/programs/router'
import type { Body, HttpError } from '../../ports/http'
import { modelBody } from '../support/model-request'
import { requestHeader } from './backend'
import * as Invariants from './invariants'
import type { SimulatedPorts } from './ports'
import { people } from './people'
import * as Requests from './requests'
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
    case 'Logout':
      return logOut(ports, layout, seams, 'auto')(Selector.resolve(step.key))
    case 'Switch':
      return changing(life, step.key, Pool.pin)
    case 'Unpin':
      return changePool(ports, layout)<never>((pool) => ok(Pool.unpin(pool))).map(noticed(life))
    case 'Enable':
      return changing(life, step.key, Pool.enable)
    case 'Disable':
      return changing(life, step.key, Pool.disable)
    case 'Refresh':
      return refreshing(life, step.key, step.isForced)
    case 'Request':
      return requesting(life, step)
    case 'Settings':
      if (step.strategy === 'manual') Requests.maybeStrict(life.world)
      return ports.files.replace(
        layout.settings,
        JSON.stringify({ pluginConfig: { schedulingStrategy: step.strategy } }),
      )
    case 'BackUp':
      return backUp(ports, layout)(step.name)
    case 'Restore':
      return restoreBackup(ports, layout)(step.name, true).map(({ pool }) =>
        putBack(life, pool.accounts, 'alone'),
      )
    case 'Export':
      return readPool(ports, layout).andThen((pool) =>
        writeAccounts(ports)(exported, noticed(life)(pool), true),
      )
    case 'Import':
      return importAccounts(ports, layout)(exported, false).map(({ taken }) =>
        putBack(
          life,
          taken.map(({ account }) => account),
          'beside others',
        ),
      )
    case 'Damage':
      return damaging(life, step.isDeep)
    case 'Wait':
      return ports.clock.sleep(step.span)
  }
}

/** A file of the person's own, beside what is ours. */
const exported = '/home/accounts.json'

const putBack = (
  { process, world }: Life,
  accounts: ReadonlyArray<Account.Account>,
  how: Invariants.PutBack,
): void => {
  const flight = world.flights.get(process.name)
  if (flight !== undefined) Invariants.putBack(world, flight, accounts.map(Account.key), how)
}

type Refusal = Selector.SelectorRefusal | Pool.NoSuchAccount

const changing = (
  life: Life,
  selector: string,
  change: (key: AccountKey) => (pool: Pool.Pool) => Result<Pool.Pool, Pool.NoSuchAccount>,
): Done =>
  changePool(
    life.ports,
    layout,
  )<Refusal>((pool) =>
    Selector.resolve(selector)(pool)
      .mapErr((error): Refusal => error)
      .andThen((key) => change(key)(pool)),
  ).map(noticed(life))

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

const refreshing = (life: Life, key: AccountKey, isForced: boolean): Done => {
  const { ports, world } = life
  return readPool(ports, layout).andThen((found) => {
    const pool = noticed(life)(found)
    const account = Pool.find(key)(pool)
    const seen = isForced && O.isSome(account) ? account.value.credential.access : O.none
    return refreshAccount(ports, layout, seams, { spacing, sync: 'auto' })(
      key,
      O.map((token: { readonly reveal: () => string }) => token.reveal())(seen),
    ).map(({ credential }) => Invariants.given(world, key, credential.refresh.reveal()))
  })
}

const requesting = (
  life: Life,
  { conversation, count }: Extract<Step, { readonly _tag: 'Request' }>,
): Done =>
  opened(life).andThen(({ router }) =>
    ResultAsync.combine(
      Array.from({ length: count }, (_, n) => oneRequest(life, router, `${conversation}.${n}`)),
    ).map((statuses) => {
      if (count > 1 && statuses.every((status) => status === 200))
        life.world.count('two requests at once served')
    }),
  )

const oneRequest = (
  { process, world }: Life,
  router: Router,
  conversation: string,
): ResultAsync<number, PoolError> => {
  const flight = world.flights.get(process.name)
  world.requests += 1
  const id = Requests.idOf(conversation, world.requests)
  return route(router)({
    purpose: 'model',
    client: 'official',
    method: 'POST',
    path: '/codex/responses',
    headers: [
      ['content-type', 'application/json'],
      [requestHeader, id],
    ],
    body: [new TextEncoder().encode(JSON.stringify(modelBody))],
    conversation: O.some({ id: conversation, parent: O.none }),
    gone: new AbortController().signal,
  }).andThen(({ status, body }) =>
    textOf(body)
      .map((text): string | undefined => text)
      .orElse(() => okAsync(undefined))
      .map((text) => {
        if (flight !== undefined) Requests.answered(world, flight, { request: id, status, text })
        return status
      }),
  )
}

/** The backup is not forced; long after its save the system has written it out. */
const reachMedium = ({ disk, time }: World, path: string): void => {
  for (const one of [path, layout.root]) {
    const descriptor = disk.open(one, 'r', 0, time.now())
    disk.sync(descriptor)
    disk.close(descriptor)
  }
}

/** At rest, when nobody is about to change what is there, or to take away a copy of it. */
const damaging = ({ process, world }: Life, isDeep: boolean): Done =>
  ResultAsync.fromSafePromise(
    process.call(
      'files.damage',
      () => {
        const { disk } = world
        const [file, journal, copy, backup] = [
          layout.pool,
          layout.poolJournal,
          layout.poolKept,
          layout.poolBackup,
        ].map((path) => Invariants.textAt(world, path))
        const isAtRest = [...world.flights.values()].every(
          ({ step }) => !['Remove', 'Logout', 'Restore'].includes(step._tag),
        )
        const isWhole =
          file !== '' && journal === '' && file === copy && (!isDeep || file === backup)
        if (!isAtRest || !isWhole || world.isDamaged) return
        world.count(isDeep ? 'pool and our copy damaged' : 'pool damaged by another program')
        if (isDeep) reachMedium(world, layout.poolBackup)
        for (const path of isDeep ? [layout.pool, layout.poolKept] : [layout.pool]) {
          disk.unlink(path, process.now())
          const descriptor = disk.open(path, 'wx', 0o600, process.now())
          disk.write(descriptor, file?.slice(0, 40) ?? '', process.now())
          disk.close(descriptor)
        }
        Invariants.damaged(world)
      },
      { isSteady: true },
    ),
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
      gaveUp: ({ headers }, because) => {
        const flight = life.world.flights.get(life.process.name)
        if (flight !== undefined && because._tag === 'AllBarred')
          Requests.gaveUp(
            life.world,
            flight,
            O.getOrElse(() => '')(Headers.get(requestHeader)(headers)),
          )
      },
    },
  }).map((router) => {
    life.router ??= router
    return life.router
  })

const textOf = (body: Body, before = ''): ResultAsync<string, HttpError> =>
  body
    .next()
    .andThen((piece) =>
      O.isSome(piece)
        ? textOf(body, before + new TextDecoder().decode(piece.value))
        : okAsync(before),
    )

/** What reading the pool found out of what had befallen it. */
const noticed =
  ({ world }: Life) =>
  (pool: Pool.Pool): Pool.Pool => {
    for (const notice of pool.notices) {
      if (notice._tag === 'SignInJournalled') world.count('sign-in taken from the journal')
      if (notice._tag !== 'Recovered') continue
      if (notice.from === layout.poolJournal) world.count('pool recovered from the journal')
      if (notice.from === layout.poolKept) world.count('pool recovered from our copy')
      if (notice.from === layout.poolBackup) world.count('pool recovered from the backup')
    }
    return pool
  }
