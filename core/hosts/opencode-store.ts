/** OpenCode's store of sign-ins as text: ours put back to what was there, the rest as it stands. */
import { findNodeAtLocation, parseTree } from 'jsonc-parser'
import * as Member from './member'
import { provider } from './opencode'

/** With the sign-in that was there for the provider, laid out as ours is; without one for none. */
export const putBack =
  (was: unknown) =>
  (text: string): string => {
    const root = parseTree(text)
    const value = root === undefined ? undefined : findNodeAtLocation(root, [provider])
    if (root === undefined || value?.parent === undefined) return text
    if (was === undefined) return Member.takeOut(root, value.parent)(text)
    const end = Member.endOf(value)
    const isIndented = text.slice(value.offset, end).includes('\n')
    const indent = Member.indentAt(text, value.offset)
    const printed = isIndented
      ? JSON.stringify(was, null, 2).replaceAll('\n', `\n${indent}`)
      : JSON.stringify(was)
    return `${text.slice(0, value.offset)}${printed}${text.slice(end)}`
  }
