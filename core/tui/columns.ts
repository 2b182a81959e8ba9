/** Rows of cells as aligned text of a bounded width. Cells are printable already. */
import stringWidth from 'fast-string-width'

export type Row = ReadonlyArray<string>

const gap = '  '

/** One column a character. */
const isPlain = (text: string): boolean => /^[ -~]*$/.test(text)

/** In columns of the terminal. Plain text needs no tables of characters, which cost time to load. */
const widthOf = (text: string): number => (isPlain(text) ? text.length : stringWidth(text))

/**
 * Every column as wide as its widest cell. When the whole is wider than `width`, the column
 * `flexible` gives way first, then whichever is widest; what does not fit ends in `...`.
 */
export const align = (
  rows: ReadonlyArray<Row>,
  width: number,
  flexible = 0,
): ReadonlyArray<string> => {
  const count = Math.max(0, ...rows.map((row) => row.length))
  const natural = Array.from({ length: count }, (_, column) =>
    Math.max(0, ...rows.map((row) => widthOf(row[column] ?? ''))),
  )
  const widths = narrowed(natural, width - gap.length * Math.max(0, count - 1), flexible)
  return rows.map((row) =>
    widths
      .map((columnWidth, column) => fit(row[column] ?? '', columnWidth))
      .join(gap)
      .trimEnd(),
  )
}

/** Below this nobody could tell one cell from another. */
const flexibleWidthMin = 16
const columnWidthMin = 6

const narrowed = (
  widths: ReadonlyArray<number>,
  room: number,
  flexible: number,
): ReadonlyArray<number> => {
  const excess = widths.reduce((sum, width) => sum + width, -room)
  if (excess <= 0) return widths
  const bend = widths[flexible] ?? 0
  if (bend > flexibleWidthMin) {
    const bent = Math.max(flexibleWidthMin, bend - excess)
    return narrowed(widths.with(flexible, bent), room, flexible)
  }
  const widest = Math.max(...widths)
  return widest <= columnWidthMin
    ? widths
    : narrowed(widths.with(widths.indexOf(widest), widest - 1), room, flexible)
}

const ellipsis = '...'

/** Exactly `width` columns of the terminal: filled up with spaces, or cut. */
export const fit = (text: string, width: number): string => {
  const actual = widthOf(text)
  if (actual <= width) return text + ' '.repeat(width - actual)
  const kept = head(text, Math.max(0, width - ellipsis.length))
  const shown = kept + ellipsis.slice(0, width)
  return shown + ' '.repeat(Math.max(0, width - widthOf(shown)))
}

/** The longest start of the text that fits, cut between characters a person sees as one. */
const head = (text: string, width: number): string => {
  if (isPlain(text)) return text.slice(0, width)
  let kept = ''
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (widthOf(kept + segment) > width) return kept
    kept += segment
  }
  return kept
}
