/**
 * The composition root of what a shell asks at each Tab. It answers with a line a suggestion, says
 * nothing of what goes wrong, and loads no parser of options: a person waits for it.
 */
import * as O from 'fp-ts/Option'
import { nodeLookup } from '../../../adapters/node/lookup'
import { nodeFileSystem } from '../../../adapters/node/file-system'
import { nodeWorkingFolder } from '../../../adapters/node/working-folder'
import type { Pool } from '../../../core/accounts/pool'
import * as Layout from '../../../core/storage/layout'
import { printable } from '../../../core/tui/printable'
import { readPool } from '../../programs/pool'
import { layoutIn } from '../../programs/project'
import { suggestions } from '../suggestions'

export const main = async (words: ReadonlyArray<string>): Promise<void> => {
  const { env } = process
  const home = env['HOME'] ?? env['USERPROFILE'] ?? ''
  const user = Layout.of({
    home,
    codexHome: env['CODEX_HOME'],
    ownRoot: env['CODEX_MULTI_AUTH_DIR'],
  })
  const files = { ...nodeFileSystem(), ...nodeLookup() }
  const accounts = await layoutIn({ files }, user, { home, environment: env })(nodeWorkingFolder())
    .andThen((layout) => readPool({ files }, layout))
    .map(namesOf)
    .unwrapOr([])
  process.stdout.write(
    suggestions(words, accounts)
      .map((one) => `${one}\n`)
      .join(''),
  )
}

/** Those that stand on a line as they are. */
const namesOf = ({ accounts }: Pool): ReadonlyArray<string> =>
  accounts
    .flatMap(({ label, email }) => [label, email])
    .flatMap((name) => (O.isSome(name) && printable(name.value) === name.value ? [name.value] : []))
