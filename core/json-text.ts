/** Where things stand in a JSON text, for messages about it. */
import * as O from 'fp-ts/Option'

/** A longer text gets no line. */
const charactersMax = 1_000_000

/** Where the value of each key begins, by its path as `pluginConfig.codexMode`, and where the text is no JSON. */
interface Scanned {
  readonly values: ReadonlyMap<string, number>
  readonly fault: O.Option<number>
}

/** The line, from 1, of the value at a path of keys; the last one counts, as it does to a reader. */
export const lineOf =
  (path: ReadonlyArray<string>) =>
  (text: string): O.Option<number> => {
    const at = scan(text).values.get(nameOf(path))
    return at === undefined ? O.none : O.some(lineAt(text, at))
  }

/** The line, from 1, where the text stops being JSON. */
export const faultLine = (text: string): O.Option<number> => {
  const { fault } = scan(text)
  return O.isNone(fault) ? O.none : O.some(lineAt(text, fault.value))
}

const nameOf = (path: ReadonlyArray<string>): string => JSON.stringify(path)

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length

/** RFC 8259: a string, a mark, or one of the other values, behind white space. */
const token =
  /[ \t\r\n]*(?:("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|([{}[\],:])|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/y

/** What may come next; `end` also closes what is open. */
type Expected = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end'

/** The objects and lists that a place stands in, the innermost first. */
interface Open {
  readonly isObject: boolean
  /** Whose value is being read. */
  readonly key: string
  readonly around: Open | undefined
  readonly depth: number
}

interface Place {
  readonly expected: Expected
  readonly open: Open | undefined
}

const scan = (text: string): Scanned => {
  const values = new Map<string, number>()
  if (text.length > charactersMax) return { values, fault: O.none }
  const pattern = new RegExp(token)
  let place: Place = { expected: 'value', open: undefined }
  for (;;) {
    const from = pattern.lastIndex
    const found = pattern.exec(text)
    const rest = found === null ? text.slice(from) : found[0]
    const at = from + rest.length - rest.trimStart().length
    if (found === null) {
      const isWhole =
        rest.trim() === '' && place.open === undefined && place.expected === 'comma-or-end'
      return { values, fault: isWhole ? O.none : O.some(at) }
    }
    const next = after(place, found[1], found[2])
    if (next === undefined) return { values, fault: O.some(at) }
    const path = place.expected === 'value' ? pathOf(place.open) : O.none
    if (O.isSome(path)) values.set(nameOf(path.value), at)
    place = next
  }
}

/** Deeper than anything that is asked for; it keeps the scan of a nest linear. */
const depthMax = 8

/** None inside a list. */
const pathOf = (open: Open | undefined): O.Option<ReadonlyArray<string>> => {
  if (open === undefined) return O.some([])
  if (!open.isObject || open.depth > depthMax) return O.none
  const around = pathOf(open.around)
  return O.isNone(around) ? O.none : O.some([...around.value, open.key])
}

/** What may follow a token, or undefined for one that may not stand there. */
const after = (
  { expected, open }: Place,
  string: string | undefined,
  mark: string | undefined,
): Place | undefined => {
  if ((mark === '}' || mark === ']') && expected.endsWith('-or-end'))
    return open?.isObject === (mark === '}')
      ? { expected: 'comma-or-end', open: open.around }
      : undefined
  switch (expected) {
    case 'key':
    case 'key-or-end':
      return string === undefined || open === undefined
        ? undefined
        : { expected: 'colon', open: { ...open, key: String(JSON.parse(string)) } }
    case 'colon':
      return mark === ':' ? { expected: 'value', open } : undefined
    case 'comma-or-end':
      return mark !== ',' || open === undefined
        ? undefined
        : { expected: open.isObject ? 'key' : 'value', open }
    case 'value':
    case 'value-or-end':
      if (mark === undefined) return { expected: 'comma-or-end', open }
      return mark === '{' || mark === '[' ? opened(open, mark === '{') : undefined
  }
}

const opened = (around: Open | undefined, isObject: boolean): Place => ({
  expected: isObject ? 'key-or-end' : 'value-or-end',
  open: { isObject, key: '', around, depth: (around?.depth ?? 0) + 1 },
})
