/** `codex --version`: how long a person waits longer for the official CLI because we stand in front of it. */
import { delimiter } from 'node:path'
import { cleanEnvironment } from '../../test/support/clean-environment'
import { withHome } from '../accounts'
import { ms, type Measure } from '../figure'
import { hostsBin, officialLauncher, program } from '../places'
import { timesOf } from '../programs'

export const version: Measure = () =>
  withHome([], async (home) => {
    const environment = cleanEnvironment(home, {
      CODEX_HOME: home,
      PATH: [hostsBin, process.env['PATH'] ?? ''].join(delimiter),
    })
    const shared = { cwd: home, environment, prints: /\d+\.\d+\.\d+/ }
    const { ours, reference } = await timesOf(
      40,
      { ...shared, arguments: [program, 'codex', '--version'] },
      { ...shared, arguments: [officialLauncher, '--version'] },
    )
    return [
      {
        figure: 'codex --version / official launcher',
        ours: ms(ours),
        reference: ms(reference),
        ratio: ours / reference,
        bound: { most: 1 },
      },
    ]
  })
