/**
 * `codex exec` with a backend that answers at once: what our proxy adds to a whole run. The official
 * CLI can reach nothing but loopback meanwhile.
 */
import { delimiter } from 'node:path'
import { startRecordingProxy } from '../../test/hosts/support/recording-proxy'
import { cleanEnvironment } from '../../test/support/clean-environment'
import { withHome } from '../accounts'
import { ms, type Measure } from '../figure'
import { start } from '../loopback/child'
import type { Started } from '../loopback/upstream'
import { hostsBin, officialLauncher, program } from '../places'
import { timesOf } from '../programs'

const command = ['exec', '--skip-git-repo-check', 'Say hello.']

export const exec: Measure = async () => {
  const child = start('loopback/upstream')
  const fence = await startRecordingProxy()
  try {
    const upstream = await child.ask<Started>()
    return await withHome(upstream.rows, async (home) => {
      const environment = cleanEnvironment(home, {
        ...fence.environment,
        CODEX_HOME: home,
        CODEX_REFRESH_TOKEN_URL_OVERRIDE: upstream.tokenUrl,
        PATH: [hostsBin, process.env['PATH'] ?? ''].join(delimiter),
      })
      const shared = { cwd: home, prints: /^Hello from the model\.$/m }
      const direct = [
        ...['-c', `chatgpt_base_url="${upstream.backend}"`],
        ...['-c', `openai_base_url="${upstream.modelBase}"`],
      ]
      const seams = {
        CODEX_MULTI_AUTH_ISSUER: upstream.issuer,
        CODEX_MULTI_AUTH_BACKEND: upstream.backend,
      }
      const { ours, reference } = await timesOf(
        30,
        {
          ...shared,
          environment: { ...environment, ...seams },
          arguments: [program, 'codex', ...command],
        },
        { ...shared, environment, arguments: [officialLauncher, ...direct, ...command] },
      )
      return [
        {
          figure: 'codex exec, instant backend / official alone',
          ours: ms(ours),
          reference: ms(reference),
          ratio: ours / reference,
          bound: { most: 1.25 },
        },
      ]
    })
  } finally {
    await Promise.all([child.end(), fence.close()])
  }
}
