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
  'pool damaged by another program',
  'pool and our copy damaged',
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
  'sign-in taken from the journal',
  'pool recovered from the journal',
  'pool recovered from our copy',
  'pool recovered from the backup',
  'pool restored from a named copy',
  'account back from a copy',
  'spent token back from a copy',
  'request served',
  'request served after a refusal',
  'request given up, nobody being left',
  'giving up judged',
  'two requests at once served',
] as const

/** What the backend's answers mean to the request that gets them. */
export const verdicts = [
  'limited for a moment',
  'limited until a reset',
  'limited in a stream',
  'limited after output',
  'credential refused',
  'sign-in lost',
  'account barred',
  'model refused',
  'foreign reasoning',
  'request refused',
  'server fault',
  'fault in a stream',
  'connection broken',
  'host fault',
] as const
export type Verdict = (typeof verdicts)[number]

export type Counted = (typeof faults)[number] | Verdict | (typeof recoveries)[number]
export type Ledger = Readonly<Record<Counted, number>>
export type Count = (what: Counted) => void

const names: ReadonlyArray<Counted> = [...faults, ...verdicts, ...recoveries]

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
  [
    ...rows('faults', faults, ledger),
    ...rows('verdicts', verdicts, ledger),
    ...rows('recoveries', recoveries, ledger),
    '',
  ].join('\n')
