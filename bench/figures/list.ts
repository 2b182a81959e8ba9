/** `list`: how long a person waits for the answer of the most frequent account command. */
import { join } from 'node:path'
import { cleanEnvironment } from '../../test/support/clean-environment'
import { signedIn, withHome } from '../accounts'
import { ms, type Measure, type Row } from '../figure'
import { built, program } from '../places'
import { timesOf } from '../programs'

const listOf = (accounts: number, bound: number): Promise<Row> =>
  withHome(signedIn(accounts), async (home) => {
    const shared = { cwd: home, environment: cleanEnvironment(home, { CODEX_HOME: home }) }
    const { ours, reference } = await timesOf(
      25,
      { ...shared, arguments: [program, 'list'], prints: new RegExp(`person-${accounts - 1}@`) },
      {
        ...shared,
        arguments: [join(built, 'references/yargs-command.js'), 'list'],
        prints: /nothing/,
      },
    )
    return {
      figure: `list, ${accounts} accounts / empty yargs command`,
      ours: ms(ours),
      reference: ms(reference),
      ratio: ours / reference,
      bound: { most: bound },
    }
  })

export const list: Measure = async () => [await listOf(3, 1.25), await listOf(300, 1.6)]
