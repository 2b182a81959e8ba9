/** How often each fault befell a run, and how often each way out of one was taken. */

export const faults = [
  'killed',
  'paused',
  'paused beyond a lease',
  'disk says ENOSPC',
  'disk says EIO',
  'disk says EBUSY',
  'disk full for a while',
  'power cut',
  'power cut drops a text',
  'power cut drops a name',
  'power cut tears a text',
  'clock set forward',
  'clock set back',
  'issuer slow',
  'issuer answers 500',
  'issuer resets',
  'issuer answer lost',
  'issuer refuses',
] as const

export const recoveries = [
  'lock taken from the dead',
  'lock taken from one past its time',
  'lock found lost',
  'draft of another swept',
  'change made after a fault',
  'token adopted from another',
  'token renewed after a failure',
  'token stored after a fault',
  'account signed in again after its loss',
  'acknowledged after a power cut',
  'request served',
] as const

export type Counted = (typeof faults)[number] | (typeof recoveries)[number]
export type Ledger = Readonly<Record<Counted, number>>
export type Count = (what: Counted) => void

const names: ReadonlyArray<Counted> = [...faults, ...recoveries]

export const empty = Object.fromEntries(names.map((name) => [name, 0])) as Ledger

export const sum = (left: Ledger, right: Ledger): Ledger =>
  Object.fromEntries(names.map((name) => [name, left[name] + right[name]])) as Ledger

export const missing = (ledger: Ledger): ReadonlyArray<Counted> =>
  names.filter((name) => ledger[name] === 0)

const rows = (title: string, of: ReadonlyArray<Counted>, ledger: Ledger): ReadonlyArray<string> => [
  title,
  ...of.map((name) => `  ${name.padEnd(42)}${String(ledger[name]).padStart(9)}`),
]

export const print = (ledger: Ledger): string =>
  [...rows('faults', faults, ledger), ...rows('recoveries', recoveries, ledger), ''].join('\n')
