/** What is known of the accounts, as one process reads it while it runs. */
import type { Layout } from '../../core/storage/layout'
import { openAccounts } from './accounts'
import { openLoad, type LoadPorts } from './load'
import { watchPolicies } from './policies'
import type { Ports } from './ports'
import { openRuntime } from './runtime'
import { openSettings } from './settings'
import type { Sources } from './world'

export const openSources = (
  ports: Pick<Ports, 'lock'> & LoadPorts,
  layout: Layout,
  environment: Readonly<Record<string, string | undefined>>,
): Sources => ({
  accounts: openAccounts(ports, layout),
  policies: watchPolicies(ports, layout),
  runtime: openRuntime(ports, layout),
  settings: openSettings(ports, layout, environment),
  load: openLoad(ports, layout),
})
