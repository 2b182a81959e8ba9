/**
 * The line of OpenCode's configuration that names our plugin. Put in and taken out by edits of the
 * text, so that comments and layout stay as the person wrote them.
 */
import { applyEdits, modify, parseTree, findNodeAtLocation, type ParseError } from 'jsonc-parser'
import * as t from 'io-ts'
import { err, ok, type Result } from 'neverthrow'
import { decode, parseJson } from '../result'

/** Not JSON with comments, or `plugin` is no list. */
export interface NotConfiguration {
  readonly _tag: 'NotConfiguration'
}

const list = 'plugin'
const layout = { formattingOptions: { insertSpaces: true, tabSize: 2, eol: '\n' } } as const
const parsing = { allowTrailingComma: true } as const

/** What a file that is not there yet begins as. */
export const fresh = '{\n  "$schema": "https://opencode.ai/config.json"\n}\n'

/** With the plugin last in the list; as it was where it is there already. */
export const insert =
  (spec: string) =>
  (text: string): Result<string, NotConfiguration> =>
    specsIn(text).map((specs) =>
      specs.includes(spec)
        ? text
        : applyEdits(
            text,
            specs.length === 0 && !hasList(text)
              ? modify(text, [list], [spec], layout)
              : modify(text, [list, -1], spec, { ...layout, isArrayInsertion: true }),
          ),
    )

/** Whether it has this plugin, or another copy of the package. */
export const names =
  (spec: string) =>
  (text: string): boolean =>
    specsIn(text).match(
      (specs) => specs.some((other) => other === spec || other.includes('codex-multi-auth')),
      () => false,
    )

/** Without the plugin; a list that is left empty goes too. */
const takeOut =
  (spec: string) =>
  (text: string): Result<string, NotConfiguration> =>
    specsIn(text).map((specs) => {
      const at = specs.indexOf(spec)
      if (at < 0) return text
      const path = specs.length === 1 ? [list] : [list, at]
      return applyEdits(text, modify(text, path, undefined, layout))
    })

/** What an edit found and what it left, as `before` of its row in the journal. */
const noteForm = t.type({ spec: t.string, text: t.string, after: t.string }, 'Note')

/** Byte for byte where nobody has edited the file since, else without our line. */
export const restore =
  (before: string) =>
  (text: string): string =>
    parseJson(before)
      .andThen(decode(noteForm))
      .match(
        (note) => (text === note.after ? note.text : takeOut(note.spec)(text).unwrapOr(text)),
        () => text,
      )

/** In the order of the list. A plugin with options is a pair that begins with its name. */
const specsIn = (text: string): Result<ReadonlyArray<string>, NotConfiguration> => {
  const errors: Array<ParseError> = []
  const tree = parseTree(text, errors, parsing)
  const node = tree === undefined ? undefined : findNodeAtLocation(tree, [list])
  if (errors.length > 0 || tree?.type !== 'object' || (node !== undefined && node.type !== 'array'))
    return err({ _tag: 'NotConfiguration' })
  return ok(
    (node?.children ?? []).map((child) => String(child.children?.[0]?.value ?? child.value)),
  )
}

const hasList = (text: string): boolean => {
  const tree = parseTree(text, [], parsing)
  return tree !== undefined && findNodeAtLocation(tree, [list]) !== undefined
}
