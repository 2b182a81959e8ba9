/** Rows of cells as aligned text of a bounded width. Cells are printable already. */
import stringWidth from 'fast-string-width'

export type Row = ReadonlyArray<string>

const gap = '  '

/**
 * Every column as wide as its widest cell; when the whole is wider than `width`, the widest columns
 * give way until it fits, and what does not fit ends in `...`.
 */
export const align = (rows: ReadonlyArray<Row>, width: number): ReadonlyArray<string> => {
  const count = Math.max(0, ...rows.map((row) => row.length))
  const natural = Array.from({ length: count }, (_, column) =>
    Math.max(0, ...rows.map((row) => stringWidth(row[column] ?? ''))),
  )
  const widths = narrowed(natural, width - gap.length * Math.max(0, count - 1))
  return rows.map((row) =>
    widths
      .map((columnWidth, column) => fit(row[column] ?? '', columnWidth))
      .join(gap)
      .trimEnd(),
  )
}

/** A column does not give way below this, as nobody could read it. */
const columnWidthMin = 6

const narrowed = (widths: ReadonlyArray<number>, room: number): ReadonlyArray<number> => {
  const total = widths.reduce((sum, width) => sum + width, 0)
  const widest = Math.max(0, ...widths)
  if (total <= room || widest <= columnWidthMin) return widths
  const first = widths.indexOf(widest)
  return narrowed(
    widths.map((width, column) => (column === first ? width - 1 : width)),
    room,
  )
}

const ellipsis = '...'

/** Exactly `width` columns of the terminal: filled up with spaces, or cut. */
export const fit = (text: string, width: number): string => {
  const actual = stringWidth(text)
  if (actual <= width) return text + ' '.repeat(width - actual)
  const kept = head(text, Math.max(0, width - ellipsis.length))
  const shown = kept + ellipsis.slice(0, width)
  return shown + ' '.repeat(Math.max(0, width - stringWidth(shown)))
}

/** The longest start of the text that fits, cut between characters a person sees as one. */
const head = (text: string, width: number): string => {
  let kept = ''
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (stringWidth(kept + segment) > width) return kept
    kept += segment
  }
  return kept
}
