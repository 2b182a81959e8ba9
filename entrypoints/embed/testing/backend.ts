/** What hangs below `/backend-api` beside model requests: where workspaces live, usage, settings. */
import type { Reply } from '../../../ports/http-server'
import * as Call from './call'
import * as Mcp from './mcp'
import * as Models from './models'
import type { Account, People } from './people'
import * as Quota from './quota'

/** Where a workspace lives, as the discovery answer says it. */
export interface Routing {
  readonly origin: string
  readonly override: string
}

/** An https origin that is not ours, so that the official CLI leaves its model base alone. */
export const routing: Routing = { origin: 'https://chatgpt.com', override: 'NO_CONSTRAINT' }

export interface Backend {
  /** None for a path that is not known. */
  readonly answer: (incoming: Call.Incoming, account: Account) => Reply | null
  readonly route: (key: string, routing: Partial<Routing>) => void
}

export interface BackendTerms {
  readonly people: Pick<People, 'workspacesOf' | 'quota'>
  readonly models: ReadonlyArray<Models.ModelTerms>
}

export const create = (terms: BackendTerms): Backend => {
  const routings = new Map<string, Routing>()

  const workspaces = (account: Account): Reply => {
    const accounts = terms.people.workspacesOf(account.userId).map((one) => {
      const { origin, override } = routings.get(one.key) ?? routing
      return {
        id: one.accountId,
        name: one.title,
        plan_type: one.plan,
        workspace_backend_origin: origin,
        account_routing_override: override,
      }
    })
    return Call.json({ accounts, default_account_id: accounts[0]?.id ?? null })
  }

  return {
    route: (key, change) => {
      routings.set(key, { ...(routings.get(key) ?? routing), ...change })
    },
    answer: (incoming, account) => {
      const { method, path, at } = incoming
      switch (`${method} ${path}`) {
        case 'GET /backend-api/wham/accounts/check':
          return workspaces(account)
        case 'GET /backend-api/wham/usage':
          return Call.json(Quota.usagePayload(account, terms.people.quota(account.key, at), at))
        case 'GET /backend-api/wham/rate-limit-reset-credits':
          return Call.json({ credits: [], available_count: 0 })
        case 'GET /backend-api/wham/settings/user':
        case 'GET /backend-api/wham/security-setup':
          return Call.json({})
        case 'GET /backend-api/codex/models':
          return Models.list(account, terms.models)
        case 'POST /backend-api/codex/analytics-events/events':
          return Call.json({})
        default:
          break
      }
      if (path === '/backend-api/ps/mcp') return Mcp.answer(incoming)
      if (path.startsWith('/backend-api/ps/plugins/'))
        return Call.json({ enabled: true, plugins: [], pagination: { next_page_token: null } })
      return null
    },
  }
}
