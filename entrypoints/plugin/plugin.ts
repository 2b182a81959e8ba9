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
  /** Leaves a word that the host has loaded us. */
  readonly stampLoad: () => Promise<void>
  readonly join: (host: Host) => Promise<Membership>
}

/** Of an instance among all that the same pool serves; each of them sees the lines that are said. */
export interface Membership {
  /** Opened by the first who asks. */
  readonly engine: () => Promise<Engine>
  readonly claimEntry: () => Promise<Claim>
  /** Whether what the host holds for the provider is written down, and may be replaced. */
  readonly keepEntry: () => Promise<boolean>
  readonly leave: () => Promise<void>
}

export const openPlugin = async (shared: Shared, host: Host): Promise<Hooks> => {
  const { client } = host
  const membership = await shared.join(host)
  await Promise.all([shared.stampLoad(), takeOver(membership, client)])
  return {
    auth: {
      provider: OpenCode.provider,
      loader: (getAuth) => load(membership, getAuth),
      methods: [
        method(membership, 'Browser', 'ChatGPT account in the browser (codex-multi-auth)'),
        method(membership, 'DeviceCode', 'ChatGPT account with a code (codex-multi-auth)'),
        { type: 'api', label: 'API key' },
      ],
    },
    tool: { codex_accounts: accountsTool(membership) },
    dispose: membership.leave,
  }
}

/** The host asks us only where it holds a sign-in for the provider. */
const takeOver = async (membership: Membership, client: Client): Promise<void> => {
  const claim = await membership.claimEntry()
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

const load = async (
  membership: Membership,
  getAuth: () => Promise<unknown>,
): Promise<LoaderOptions> => {
  const stored = await getAuth().catch(() => undefined)
  if (!isFields(stored) || OpenCode.found(stored)._tag !== 'Ours') return {}
  return {
    apiKey: OpenCode.placeholder,
    fetch: async (input, init) => (await membership.engine()).fetch(input, init),
  }
}

const method = (membership: Membership, way: Way, label: string): Method => ({
  type: 'oauth',
  label,
  authorize: async () => {
    const { callback, ...shown } = await (await membership.engine()).authorize(way)
    // The host puts ours in the place of what it holds as soon as it hears of the success.
    const kept = async (): ReturnType<typeof callback> => {
      const outcome = await callback()
      return outcome.type === 'failed' || (await membership.keepEntry())
        ? outcome
        : { type: 'failed' }
    }
    return { ...shown, callback: kept }
  },
})

/** One tool with several actions: each tool of a host costs prompt tokens on every call. */
const accountsTool = (membership: Membership): Tool => ({
  description:
    'Shows the ChatGPT accounts that serve this session (list), with routing and quota (status), which one serves next and why (why), or switches to one. Only when the user asks for it.',
  args: {
    action: { type: 'string', enum: ['list', 'status', 'why', 'switch'] },
    account: { type: 'string', description: 'for switch: number, e-mail or label' },
  },
  execute: async ({ action, account }) => {
    const { accounts } = await membership.engine()
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
