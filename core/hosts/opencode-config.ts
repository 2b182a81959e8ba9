/**
 * The line of OpenCode's configuration that names our plugin. Put in and taken out by edits of the
 * text, so that comments and layout stay as the person wrote them.
 */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import { findNodeAtLocation, parseTree, type Node, type ParseError } from 'jsonc-parser'
import { err, ok, type Result } from 'neverthrow'
import { decode, parseJson } from '../result'
import * as Member from './member'

/** Not JSON with comments, or `plugin` is no list. */
export interface NotConfiguration {
  readonly _tag: 'NotConfiguration'
}

const key = 'plugin'
const parsing = { allowTrailingComma: true } as const

/** What a file that is not there yet begins as. */
export const fresh = '{\n  "$schema": "https://opencode.ai/config.json"\n}\n'

/** With the plugin last in the list; as it was where it is there already. */
export const insert =
  (spec: string) =>
  (text: string): Result<string, NotConfiguration> =>
    read(text).map(({ plugins, root, specs }) => {
      if (specs.includes(spec)) return text
      const element = JSON.stringify(spec)
      return O.isSome(plugins)
        ? Member.append(plugins.value, element)(text)
        : Member.append(root, `"${key}": [${element}]`)(text)
    })

/** The plugins that a package of our name may be behind. */
export const specsOfName = (text: string): ReadonlyArray<string> =>
  read(text).match(
    ({ specs }) => specs.filter((spec) => spec.includes('codex-multi-auth')),
    () => [],
  )

/** Whether it has this plugin, or another copy of the package. */
export const names =
  (spec: string) =>
  (text: string): boolean =>
    specsOfName(text).length > 0 ||
    read(text).match(
      ({ specs }) => specs.includes(spec),
      () => false,
    )

/** What an edit found and what it left, as `before` of its row in the journal. */
const noteForm = t.type({ spec: t.string, text: t.string, after: t.string }, 'Note')

type Note = t.TypeOf<typeof noteForm>

/** Byte for byte where nobody has edited the file since, else without what our edit added. */
export const restore =
  (before: string) =>
  (text: string): string =>
    parseJson(before)
      .andThen(decode(noteForm))
      .match(
        (note) => (text === note.after ? note.text : takeOut(note)(text)),
        () => text,
      )

/** The list goes with its last plugin where it came with ours; what else is in it keeps it. */
const takeOut =
  (note: Note) =>
  (text: string): string => {
    const found = read(note.text).unwrapOr(nothing)
    const now = read(text).unwrapOr(nothing)
    const list = O.toUndefined(now.plugins)
    const ours = list?.children?.[now.specs.indexOf(note.spec)]
    if (list === undefined || ours === undefined || found.specs.includes(note.spec)) return text
    const before = text.slice(list.offset, ours.offset)
    const after = text.slice(Member.endOf(ours), Member.endOf(list))
    const isBare = /^\[\s*,?\s*\]$/.test(`${before}${after}`)
    return isBare && O.isNone(found.plugins) && list.parent?.parent !== undefined
      ? Member.takeOut(list.parent.parent, list.parent)(text)
      : Member.takeOut(list, ours)(text)
  }

interface Read {
  readonly root: Node
  readonly plugins: O.Option<Node>
  /** In the order of the list. A plugin with options is a pair that begins with its name. */
  readonly specs: ReadonlyArray<string>
}

const nothing: Pick<Read, 'plugins' | 'specs'> = { plugins: O.none, specs: [] }

const read = (text: string): Result<Read, NotConfiguration> => {
  const errors: Array<ParseError> = []
  const root = parseTree(text, errors, parsing)
  const plugins = root === undefined ? undefined : findNodeAtLocation(root, [key])
  if (errors.length > 0 || root?.type !== 'object') return err({ _tag: 'NotConfiguration' })
  if (plugins !== undefined && plugins.type !== 'array') return err({ _tag: 'NotConfiguration' })
  const specs = (plugins?.children ?? []).map((child) =>
    String(child.children?.[0]?.value ?? child.value),
  )
  return ok({ root, plugins: O.fromNullable(plugins), specs })
}
