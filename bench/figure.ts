/** A figure of ours beside its reference. Absolute values are shown; only the ratio means anything. */

export interface Row {
  readonly figure: string
  readonly ours: string
  readonly reference: string
  readonly ratio: number
  /** Of the ratio; none where a row is there to be compared with. */
  readonly bound?: Bound
}

export type Bound = { readonly most: number } | { readonly least: number }

/** Several figures may come of one measurement. */
export type Measure = () => Promise<ReadonlyArray<Row>>

export const holds = ({ bound, ratio }: Row): boolean => {
  if (bound === undefined) return true
  return 'most' in bound ? ratio <= bound.most : ratio >= bound.least
}

const widths = [52, 14, 28, 8, 9]

const line = (cells: ReadonlyArray<string>): string =>
  cells
    .map((cell, index) => cell.padEnd(widths[index] ?? 0))
    .join(' ')
    .trimEnd()

export const heading = line(['figure', 'ours', 'reference', 'ratio', 'bound', 'holds'])

export const print = (row: Row): string =>
  line([
    row.figure,
    row.ours,
    row.reference,
    row.ratio.toFixed(2),
    boundText(row.bound),
    row.bound === undefined ? '' : holds(row) ? 'yes' : 'NO',
  ])

const boundText = (bound: Bound | undefined): string => {
  if (bound === undefined) return ''
  return 'most' in bound ? `<= ${bound.most}` : `>= ${bound.least}`
}

export const ms = (value: number): string => `${value.toFixed(value < 10 ? 2 : 1)} ms`
export const us = (value: number): string => `${value.toFixed(value < 10 ? 2 : 1)} us`
export const mb = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`
