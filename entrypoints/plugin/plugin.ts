/**
 * The plugin of one project instance: it serves provider `openai` from the accounts of the pool.
 * Nothing here throws or rejects but what the host's `fetch` contract demands: a hook that does fails
 * a turn, or hangs it (plugin-host.md, section 1).
 */
import * as OpenCode from '../../core/hosts/opencode'
import { isFields } from '../../core/request/fields'
import type { Claim } from '../programs/host-entry'
import type { Accounts } from './engine/accounts'
import type { Engine } from './engine/engine'
import type { Client, Hooks, Host, LoaderOptions, Method, Tool } from './host'
import type { Way } from './engine/sign-in'

/** What all instances of one process share. */
export interface Shared {
  /** Opened by the first who asks. */
  readonly engine: () => Promise<Engine>
  readonly claimEntry: () => Promise<Claim>
  /** Leaves a word that the host has loaded us. */
  readonly stampLoad: () => Promise<void>
  /** Shows a line to the people at every live instance. */
  readonly join: (client: Client) => { readonly leave: () => Promise<void> }
}

export const openPlugin = async (shared: Shared, host: Host): Promise<Hooks> => {
  const { client } = host
  const membership = shared.join(client)
  await Promise.all([shared.stampLoad(), takeOver(shared, client)])
  return {
    auth: {
      provider: OpenCode.provider,
      loader: (getAuth) => load(shared, getAuth),
      methods: [
        method(shared, 'Browser', 'ChatGPT account in the browser (codex-multi-auth)'),
        method(shared, 'DeviceCode', 'ChatGPT account with a code (codex-multi-auth)'),
        { type: 'api', label: 'API key' },
      ],
    },
    tool: { codex_accounts: accountsTool(shared) },
    dispose: membership.leave,
  }
}

/** The host asks us only where it holds a sign-in for the provider. */
const takeOver = async (shared: Shared, client: Client): Promise<void> => {
  const claim = await shared.claimEntry()
  if (claim._tag === 'Leave') {
    if (claim.because !== 'Ours') await log(client, 'info', leftAlone[claim.because])
    return
  }
  await quietly(() =>
    client.auth.set({ path: { id: OpenCode.provider }, body: { ...OpenCode.entry } }),
  )
  if (claim.keptAside) await log(client, 'info', keptAside)
}

const leftAlone = {
  NoAccounts: 'No account is signed in yet. Run: codex-multi-auth login',
  Unreadable: 'The accounts cannot be read. See why: codex-multi-auth list',
  ApiKey: 'OpenCode uses an API key for openai; codex-multi-auth leaves it alone.',
} as const

const keptAside =
  'The sign-in OpenCode had for openai is kept aside and comes back with: codex-multi-auth plugin remove opencode. To use that account too, run: codex-multi-auth login'

const load = async (shared: Shared, getAuth: () => Promise<unknown>): Promise<LoaderOptions> => {
  const stored = await getAuth().catch(() => undefined)
  if (!isFields(stored) || OpenCode.found(stored)._tag !== 'Ours') return {}
  return {
    apiKey: OpenCode.placeholder,
    fetch: async (input, init) => (await shared.engine()).fetch(input, init),
  }
}

const method = (shared: Shared, way: Way, label: string): Method => ({
  type: 'oauth',
  label,
  authorize: async () => (await shared.engine()).authorize(way),
})

/** One tool with several actions: each tool of a host costs prompt tokens on every call. */
const accountsTool = (shared: Shared): Tool => ({
  description:
    'Shows the ChatGPT accounts that serve this session (list), with routing and quota (status), which one serves next and why (why), or switches to one. Only when the user asks for it.',
  args: {
    action: { type: 'string', enum: ['list', 'status', 'why', 'switch'] },
    account: { type: 'string', description: 'for switch: number, e-mail or label' },
  },
  execute: async ({ action, account }) => {
    const { accounts } = await shared.engine()
    return asked(accounts, action, account).match(
      (text) => text,
      (refusal) => refusal,
    )
  },
})

const asked = (
  accounts: Accounts,
  action: unknown,
  account: unknown,
): ReturnType<Accounts['list']> => {
  if (action === 'switch' && typeof account === 'string') return accounts.switchTo(account)
  if (action === 'status') return accounts.status()
  return action === 'why' ? accounts.why() : accounts.list()
}

export const log = (client: Client, level: 'info' | 'warn', message: string): Promise<void> =>
  quietly(() => client.app.log({ body: { service: 'codex-multi-auth', level, message } }))

/** What the host does not manage for us must never break a turn of it. */
export const quietly = async (work: () => Promise<unknown>): Promise<void> => {
  try {
    await work()
  } catch {
    // Nothing depends on it.
  }
}
