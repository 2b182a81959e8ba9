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
    name: 'account tag',
    aliases: [],
    positionals: '<account> <tags..>',
    describe: 'Group accounts by words',
    load: async () => (await import('./account-tag')).tag,
  },
  {
    name: 'account untag',
    aliases: [],
    positionals: '<account> <tags..>',
    describe: 'Take tags away',
    load: async () => (await import('./account-tag')).untag,
  },
  {
    name: 'account weight',
    aliases: [],
    positionals: '<account> <number>',
    describe: 'Set its share of the work',
    load: async () => (await import('./account-rank')).weight,
  },
  {
    name: 'account tier',
    aliases: [],
    positionals: '<account> <number>',
    describe: 'Set who serves first',
    load: async () => (await import('./account-rank')).tier,
  },
  {
    name: 'account pause',
    aliases: [],
    positionals: '<account>',
    describe: 'Let it rest',
    load: async () => (await import('./account-pause')).pause,
  },
  {
    name: 'account unpause',
    aliases: [],
    positionals: '<account>',
    describe: 'Let it serve again',
    load: async () => (await import('./account-pause')).unpause,
  },
  {
    name: 'account drain',
    aliases: [],
    positionals: '<account>',
    describe: 'Give it nothing new',
    load: async () => (await import('./account-pause')).drain,
  },
  {
    name: 'account undrain',
    aliases: [],
    positionals: '<account>',
    describe: 'Give it new work again',
    load: async () => (await import('./account-pause')).undrain,
  },
  {
    name: 'account note',
    aliases: [],
    positionals: '<account> <text>',
    describe: 'Write down a line about it',
    load: async () => (await import('./account-note')).note,
  },
  {
    name: 'account policy',
    aliases: [],
    positionals: '[account]',
    describe: 'Show all of this',
    load: async () => (await import('./account-policy')).policy,
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
export const groups: Readonly<Record<string, string>> = {
  account: 'Set how much of the work it gets',
}
