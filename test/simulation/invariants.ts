/**
 * What must hold after each step, however it went:
 * - every acknowledged account is there, and every acknowledged change, also after a power cut;
 * - the file decodes, and differs from before by what its writer was asked to do, and by nothing else;
 * - no refresh token is spent twice, and none that is older or spent takes the place of another;
 * - no sign-in is called lost whose token is good;
 * - no lock has two owners, and the pool's is not held across the network.
 */
import * as O from 'fp-ts/Option'
import type { SimulatedProcess } from '../../adapters/memory/scheduler'
import * as Lease from '../../core/refresh/lease'
import type { Rotation } from './issuer'
import * as Picture from './picture'
import type { Step } from './step'
import { isAlive, isKilled, layout, type Flight, type Inside, type World } from './world'

const last = ({ history }: World): Picture.Picture => history[history.length - 1] ?? Picture.blank

const textsOn = (world: World): Picture.Texts => ({
  file: textAt(world, layout.pool),
  journal: textAt(world, layout.poolJournal),
})

/** Where the file was damaged, its copies count. */
const pictureOf = (world: World): Picture.Picture => {
  const picture = world.read(world.texts, () =>
    [layout.poolKept, layout.poolBackup].map((path) => textAt(world, path)),
  )
  if (O.isNone(picture)) world.wrong('the pool does not decode')
  return O.getOrElse(() => Picture.blank)(picture)
}

/** After each step of the machine: whoever took it has made the difference. */
export const look = (world: World): void => {
  const { log } = world.time
  for (; world.seenTo < log.length; world.seenTo += 1) {
    const { process, label } = log[world.seenTo] ?? { process: '', label: '' }
    if (isChange(world, label)) compare(world, process)
    if (isForeignDraft(world, process, label)) world.count('draft of another swept')
  }
}

/**
 * Texts that are put in the place of others: nothing else changes the pool. A journal that is taken away
 * has done its work, or is that of somebody who will end it all the same; else the next change shows it.
 * Where the file is damaged its copy is the pool.
 */
const isChange = ({ isDamaged }: World, label: string): boolean =>
  label.startsWith('files.rename') &&
  (label.endsWith(layout.pool) ||
    label.endsWith(layout.poolJournal) ||
    (isDamaged && label.endsWith(layout.poolKept)))

const isForeignDraft = ({ processes }: World, process: string, label: string): boolean => {
  const made = /^files\.unlink \S+\.(\d+)-\d+\.draft$/.exec(label)?.[1]
  return made !== undefined && made !== String(processes.get(process)?.identity.pid)
}

/** By another program: what the copies say is as before. */
export const damaged = (world: World): void => {
  world.texts = textsOn(world)
  world.isDamaged = true
}

const compare = (world: World, writer: string): void => {
  const texts = textsOn(world)
  const isFileNew = texts.file !== world.texts.file
  if (!isFileNew && texts.journal === world.texts.journal && !world.isDamaged) return
  if (isFileNew) world.isDamaged = false
  if (texts.journal !== world.texts.journal) intend(world, texts.journal)
  world.texts = texts
  const before = last(world)
  const after = pictureOf(world)
  if (Picture.print(after) === Picture.print(before)) return
  const flight = world.flights.get(writer)
  const official = textAt(world, layout.authFile)
  if (flight?.step._tag === 'Restore' || flight?.step._tag === 'Import')
    fromCopy(world, before, after)
  inOneSecond(world, before, after, flight)
  for (const fault of Picture.faultsOf(world, before, after, flight?.step, official))
    world.wrong(`${fault}; by ${writer} in ${flight?.step._tag ?? 'nothing'}`)
  for (const [key, { isLost }] of after.rows)
    if (!isLost && before.rows.get(key)?.isLost === true && flight?.step._tag === 'SignIn')
      world.count('account signed in again after its loss')
  world.history.push(after)
  if (flight !== undefined) {
    flight.madeAt = world.history.length - 1
    flight.madeFirst ??= flight.madeAt
  }
  for (const one of world.flights.values()) consider(world, one)
}

/** Where the file is none by then, a journal stands in for it as a whole. */
const intend = ({ history, intended }: World, journal: string): void => {
  const picture = Picture.ofJournal(journal)
  if (O.isSome(picture)) intended.push({ at: history.length, picture: picture.value })
}

/** An account comes back as it was in the copy, or gets a later sign-in of it, which may be spent by now. */
const fromCopy = (world: World, before: Picture.Picture, after: Picture.Picture): void => {
  const { issuer } = world
  const rankOf = (token: string): number => issuer.birthOf(token)?.rank ?? -1
  for (const [key, { token }] of after.rows) {
    const row = before.rows.get(key)
    if (row === undefined) world.count('account back from a copy')
    if (issuer.isGood(token) || (row !== undefined && rankOf(token) <= rankOf(row.token))) continue
    world.count('spent token back from a copy')
    world.spentUnseen.add(token)
  }
}

/**
 * A sign-in that is stored once more, or is in a copy too, and was renewed by another within the second it
 * was made in.
 */
const inOneSecond = (
  world: World,
  before: Picture.Picture,
  after: Picture.Picture,
  flight: Flight | undefined,
): void => {
  if (!['SignIn', 'Restore', 'Import'].includes(flight?.step._tag ?? '')) return
  const secondOf = (token: string): number | undefined => world.issuer.birthOf(token)?.second
  for (const [key, { token }] of after.rows) {
    const row = before.rows.get(key)
    if (row !== undefined && row.token !== token && secondOf(token) === secondOf(row.token))
      world.spentUnseen.add(token)
  }
}

export type PutBack = 'alone' | 'beside others'

/** The pool had the accounts of the copy, and after a restore no other. */
export const putBack = (
  world: World,
  { begunAt, step }: Flight,
  keys: ReadonlyArray<string>,
  how: PutBack,
): void => {
  look(world)
  if (how === 'alone') world.count('pool restored from a named copy')
  const isThere = world.history
    .slice(begunAt)
    .some(
      ({ rows }) =>
        keys.every((key) => rows.has(key)) &&
        (how === 'beside others' || rows.size === keys.length),
    )
  if (!isThere) world.wrong(`acknowledged and not made: ${step._tag}`)
}

/** What a step would find at this moment. */
export const consider = (world: World, flight: Flight): void => {
  const { step } = flight
  const { active, pinned, rows } = last(world)
  const row = 'key' in step ? rows.get(step.key) : undefined
  if ('key' in step && row === undefined) flight.couldBeRefused = true
  if (step._tag === 'Unpin' && pinned === '') flight.couldDoNothing = true
  if (step._tag === 'Enable' && row?.enabled === true) flight.couldDoNothing = true
  if (step._tag === 'Disable' && row?.enabled === false) flight.couldDoNothing = true
  if (step._tag === 'SignIn' && row !== undefined && active === step.key)
    flight.couldDoNothing ||= isAhead(world, row, flight)
}

/** What the pool holds was issued after what the sign-in got, and serves. */
const isAhead = ({ issuer }: World, { enabled, isLost, token }: Picture.Row, { got }: Flight) => {
  const [held, own] = [token, got ?? ''].map(issuer.birthOf)
  return enabled && !isLost && held !== undefined && own !== undefined && held.rank > own.rank
}

const changing: ReadonlyArray<Step['_tag']> = [
  'SignIn',
  'Remove',
  'Logout',
  'Switch',
  'Unpin',
  'Enable',
  'Disable',
]

const countRecoveries = (world: World, { step, ...flight }: Flight): void => {
  if (world.isFreshlyCut) world.count('acknowledged after a power cut')
  world.isFreshlyCut = false
  if (flight.madeAt !== undefined && flight.faults > 0) world.count('change made after a fault')
  if (step._tag !== 'Refresh') return
  if (step.isForced && flight.asked === 0) world.count('token adopted from another')
  if (flight.faultsAfterAsking > 0) world.count('token stored after a fault')
}

/** The program answered: ok. */
export const acknowledged = (world: World, flight: Flight): void => {
  look(world)
  const { step, madeAt } = flight
  // What a sign-in takes over from the official file afterwards may fail, and is nothing it promised.
  const promised = flight.faults > 0 ? flight.madeFirst : madeAt
  // A request promises nothing about the pool.
  if (step._tag === 'Request') return
  countRecoveries(world, flight)
  if (promised !== undefined) world.forcedFrom = Math.max(world.forcedFrom, promised)
  else if (changing.includes(step._tag) && !flight.couldDoNothing)
    world.wrong(`acknowledged and not made: ${step._tag}`)
}

export const refused = (world: World, flight: Flight, tag: string): void => {
  look(world)
  const isAbsence = ['NoMatch', 'NoSuchAccount'].includes(tag)
  if (isAbsence && !flight.couldBeRefused)
    world.wrong(`an account that is there was not found: ${flight.step._tag}`)
}

/** The account that a refresh gave is the pool's, or was. */
export const given = (world: World, key: string, token: string): void => {
  look(world)
  const isKnown = world.history.some(({ rows }) => rows.get(key)?.token === token)
  if (!isKnown) world.wrong(`a token was given that never was in the pool: ${key}`)
}

/**
 * A token comes a second time. There is an excuse when what it was given for reached nobody: the answer
 * was lost, or whoever got it died before the pool had it.
 */
export const reused = (world: World, token: string, spender: string): void => {
  look(world)
  const first = world.issuer.rotationOf(token)
  const birth = world.issuer.birthOf(token)
  if (first === undefined || birth === undefined) return
  const name = token.slice(-12)
  const since = world.flights.get(spender)?.begunAt ?? world.history.length - 1
  if (world.spentUnseen.has(token)) return
  if (!wasHeld(world, since, token))
    world.wrong(`an old token was spent: ${name} by ${spender}, first by ${first.spender}`)
  else if (isExcused(world, first)) world.excused.add(birth.family)
  else world.wrong(`a token was spent twice: ${name} by ${first.spender} and ${spender}`)
}

const isExcused = (world: World, { isLost, next, spender }: Rotation): boolean =>
  (isLost || isKilled(world, spender)) && !wasHeld(world, world.cutAt, next)

const wasHeld = ({ history }: World, since: number, token: string): boolean =>
  history.slice(since).some(({ rows }) => [...rows.values()].some((row) => row.token === token))

/** All processes have ended; the disk has fallen back to what it was made to keep, and perhaps more. */
export const afterCut = (world: World): void => {
  world.texts = textsOn(world)
  world.seenTo = world.time.log.length
  const left = pictureOf(world)
  const possible = [
    ...world.history.slice(world.forcedFrom),
    ...world.intended.filter(({ at }) => at > world.forcedFrom).map(({ picture }) => picture),
  ]
  if (!possible.some((one) => isLeftOf(one, left, possible)))
    world.wrong(`a power cut took what was acknowledged: ${missingFrom(world, left)}`)
  world.history.push(left)
  world.forcedFrom = world.history.length - 1
  world.cutAt = world.forcedFrom
}

/** The file may have fallen back further than the journal, which keeps the newer sign-ins. */
const isLeftOf = (
  one: Picture.Picture,
  left: Picture.Picture,
  possible: ReadonlyArray<Picture.Picture>,
): boolean =>
  Picture.print(Picture.withoutSignIns(one)) === Picture.print(Picture.withoutSignIns(left)) &&
  [...left.rows].every(([key, { isLost, token }]) =>
    possible.some(({ rows }) => {
      const row = rows.get(key)
      return row?.token === token && row.isLost === isLost
    }),
  )

const missingFrom = (world: World, left: Picture.Picture): string => {
  const forced = world.history[world.forcedFrom] ?? Picture.blank
  const gone = [...forced.rows.keys()].filter((key) => !left.rows.has(key))
  return gone.length > 0 ? gone.join(', ') : 'a change'
}

/** In the end: who is in the pool can be renewed, or nobody could have saved its tokens. */
export const lostSignIns = (world: World): ReadonlyArray<string> =>
  [...last(world).rows].flatMap(([key, { token }]) => {
    const { issuer, excused, spentUnseen } = world
    const rotation = issuer.rotationOf(token)
    const isFate =
      spentUnseen.has(token) ||
      excused.has(issuer.birthOf(token)?.family ?? -1) ||
      (rotation !== undefined && isExcused(world, rotation))
    return issuer.isGood(token) || isFate ? [] : [`a sign-in was lost: ${key}, ${token.slice(-12)}`]
  })

// Locks.

const claimOf = (
  world: World,
  process: SimulatedProcess,
  path: string,
): Lease.Claim | undefined => {
  for (const name of world.disk.readdir(path)) {
    const claim = Lease.parse(textAt(world, `${path}/${name}`))
    if (claim.isOk() && claim.value.owner.pid === process.identity.pid) return claim.value
  }
  return undefined
}

export const textAt = ({ disk }: World, path: string): string => {
  try {
    return disk.read(path)
  } catch {
    return ''
  }
}

/** Gives the number of the entry. */
export const enter = (world: World, process: SimulatedProcess, path: string): number => {
  world.entries += 1
  const claim = claimOf(world, process, path)
  if (claim === undefined) world.wrong(`${process.name} works without a claim on ${path}`)
  const others = world.inside.get(path) ?? []
  for (const other of others) {
    if (!isAlive(world, other.process.name)) world.count('lock taken from the dead')
    else if (other.wasPast || other.expiresAt <= world.time.now())
      world.count('lock taken from one past its time')
    else world.wrong(`${path} has two owners: ${other.process.name} and ${process.name}`)
  }
  const expiresAt = claim?.expiresAt ?? Infinity
  const entered = { process, entry: world.entries, expiresAt, wasPast: false }
  const living = others.filter((other) => isAlive(world, other.process.name))
  world.inside.set(path, [...living, entered])
  world.lastIn.set(path, entered)
  return world.entries
}

/** Before the clock is set: who was past its time may have been passed over, whatever comes. */
export const endClaims = ({ inside, time }: World): void => {
  for (const one of [...inside.values()].flat()) one.wasPast ||= one.expiresAt <= time.now()
}

/** Whoever is confirmed is the last that came in. */
export const confirmed = (
  { lastIn, wrong }: World,
  process: SimulatedProcess,
  path: string,
  entry: number,
): void => {
  const later = lastIn.get(path)
  if (later !== undefined && later.entry !== entry)
    wrong(`${path} has two owners: ${process.name} and ${later.process.name}`)
}

const insideOf = (world: World, path: string): ReadonlyArray<Inside> => world.inside.get(path) ?? []

export const leave = (world: World, process: SimulatedProcess, path: string): void => {
  world.inside.set(
    path,
    insideOf(world, path).filter((other) => other.process !== process),
  )
}

export const isInside = (world: World, process: SimulatedProcess, path: string): boolean =>
  insideOf(world, path).some((other) => other.process === process)
