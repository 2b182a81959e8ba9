/**
 * All that the host loads at first, so that nothing of ours can fail at import: a plugin that does is
 * passed over in silence. The host loads the module once and calls it for every project, so what the
 * projects share lives here.
 */
import type { Result } from 'neverthrow'
import type { UnsafeSeam } from '../../core/official/seams'
import type { Hooks, Host } from './host'
import type { Shared } from './plugin'

let shared: Result<Shared, UnsafeSeam> | undefined

/** Without hooks the host goes on by itself; what it holds for us is a placeholder, worth nothing. */
const server = async (host: Host): Promise<Hooks | Record<string, never>> => {
  try {
    const engine = await import('./engine/main')
    shared ??= engine.openShared()
    if (shared.isOk()) return await engine.openPlugin(shared.value, host)
    console.error(
      `codex-multi-auth: ${shared.error.variable} is no safe address, so it is not in use.`,
    )
    return {}
  } catch (thrown) {
    console.error(
      `codex-multi-auth: the plugin did not start; please report this. ${String(thrown)}`,
    )
    return {}
  }
}

export default { id: 'codex-multi-auth', server }
