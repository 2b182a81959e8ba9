/**
 * Words after `--`: none of them is an option, whatever it begins with. The parser keeps such words from
 * a command, so it gets them without the `--`, and those with a dash behind a mark that no command line
 * can hold.
 */

const mark = '\0'

/** The place of `--`, or the number of words. */
export const endOfOptions = (words: ReadonlyArray<string>): number => {
  const at = words.indexOf('--')
  return at < 0 ? words.length : at
}

export const marked = (words: ReadonlyArray<string>): ReadonlyArray<string> => {
  const end = endOfOptions(words)
  const plain = words.slice(end + 1).map((word) => (word.startsWith('-') ? mark + word : word))
  return [...words.slice(0, end), ...plain]
}

/** As it was given; the parser puts some into lists. */
export const unmarked = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(unmarked)
  return typeof value === 'string' ? value.replaceAll(mark, '') : value
}
