/**
 * Every command there is, in the order of the help. The table is read at each start, so it holds words
 * alone; a command itself is loaded when it is asked for.
 */
import type { Command, Words } from './command'

export interface Listed extends Words {
  readonly load: () => Promise<Command>
}

export const commands: ReadonlyArray<Listed> = [
  {
    name: 'login',
    aliases: [],
    positionals: '',
    describe: 'Sign in with a ChatGPT account',
    load: async () => (await import('./login')).login,
  },
  {
    name: 'list',
    aliases: ['ls'],
    positionals: '',
    describe: 'Show the accounts',
    load: async () => (await import('./list')).list,
  },
  {
    name: 'status',
    aliases: [],
    positionals: '',
    describe: 'Show routing and remaining quota',
    load: async () => (await import('./status')).status,
  },
  {
    name: 'switch',
    aliases: ['use'],
    positionals: '<account>',
    describe: 'Prefer one account while it serves',
    load: async () => (await import('./switch')).switchTo,
  },
  {
    name: 'unpin',
    aliases: [],
    positionals: '',
    describe: 'Let go of the preferred account',
    load: async () => (await import('./unpin')).unpin,
  },
  {
    name: 'rename',
    aliases: [],
    positionals: '<account> <label>',
    describe: 'Give an account a label',
    load: async () => (await import('./rename')).rename,
  },
  {
    name: 'enable',
    aliases: [],
    positionals: '<account>',
    describe: 'Let a disabled account serve again',
    load: async () => (await import('./enable')).enable,
  },
  {
    name: 'disable',
    aliases: [],
    positionals: '<account>',
    describe: 'Keep an account from serving',
    load: async () => (await import('./disable')).disable,
  },
  {
    name: 'remove',
    aliases: [],
    positionals: '<account>',
    describe: 'Forget an account',
    load: async () => (await import('./remove')).remove,
  },
  {
    name: 'logout',
    aliases: [],
    positionals: '<account>',
    describe: 'End a sign-in and forget it',
    load: async () => (await import('./logout')).logout,
  },
  {
    name: 'shim',
    aliases: [],
    positionals: '<action>',
    describe: 'Make codex itself lead here',
    load: async () => (await import('./shim')).shim,
  },
  {
    name: 'demo',
    aliases: [],
    positionals: '',
    describe: 'See it work with simulated accounts',
    load: async () => (await import('./demo')).demo,
  },
]

/** What commands of two words have in common, by their first. */
export const groups: Readonly<Record<string, string>> = {}
