import * as O from 'fp-ts/Option'
import { minute } from '../../../core/time'
import { renderError, type CliError } from '../../../entrypoints/cli/render-error'
import { commands } from '../../../entrypoints/cli/table'

const path = '/home/ada/.codex/multi-auth/openai-codex-accounts.json'
const evil = '\u001b[2J'

const cases: ReadonlyArray<{ error: CliError; code: string; exit: number }> = [
  {
    error: { _tag: 'WrongUsage', message: `Unknown argument: ${evil}`, command: O.some('list') },
    ...{ code: 'wrong-usage', exit: 2 },
  },
  {
    error: { _tag: 'WrongUsage', message: 'x', command: O.none },
    ...{ code: 'wrong-usage', exit: 2 },
  },
  {
    error: { _tag: 'UnknownCommand', word: evil, near: [] },
    ...{ code: 'unknown-command', exit: 2 },
  },
  {
    error: { _tag: 'UnknownCommand', word: 'lst', near: ['list'] },
    ...{ code: 'unknown-command', exit: 2 },
  },
  {
    error: { _tag: 'NoMatch', selector: evil, candidates: [], flagged: [] },
    ...{ code: 'no-accounts', exit: 4 },
  },
  {
    error: {
      _tag: 'NoMatch',
      selector: evil,
      candidates: [{ key: `${evil}/u`, number: 1, name: evil, email: O.none, accountId: evil }],
      flagged: [],
    },
    ...{ code: 'no-match', exit: 2 },
  },
  {
    error: {
      _tag: 'SeveralMatch',
      selector: evil,
      candidates: [
        { key: `${evil}/u`, number: 1, name: evil, email: O.some(evil), accountId: evil },
      ],
    },
    ...{ code: 'several-match', exit: 2 },
  },
  { error: { _tag: 'NoSuchAccount', key: evil }, code: 'no-such-account', exit: 1 },
  { error: { _tag: 'LabelTooLong', charactersMax: 64 }, code: 'label-too-long', exit: 2 },
  { error: { _tag: 'LabelUnprintable', label: evil }, code: 'label-unprintable', exit: 2 },
  { error: { _tag: 'TagUnfit', tag: evil, charactersMax: 64 }, code: 'tag-unfit', exit: 2 },
  { error: { _tag: 'TooManyTags', tagsMax: 16 }, code: 'too-many-tags', exit: 2 },
  { error: { _tag: 'NoteUnfit', charactersMax: 500 }, code: 'note-unfit', exit: 2 },
  ...(['weight', 'tier'] as const).map((field) => ({
    error: { _tag: 'RankUnfit', field, least: 0, most: 9 } as const,
    ...{ code: `${field}-unfit`, exit: 2 },
  })),
  {
    error: {
      _tag: 'PoliciesUnreadable',
      path,
      because: { _tag: 'Malformed', at: evil, expected: 'number' },
    },
    ...{ code: 'policies-malformed', exit: 5 },
  },
  { error: { _tag: 'NeedsYes', command: 'remove' }, code: 'needs-yes', exit: 2 },
  { error: { _tag: 'LabelTaken', label: evil, number: 2 }, code: 'label-taken', exit: 2 },
  {
    error: { _tag: 'UnsafeSeam', variable: 'CODEX_MULTI_AUTH_ISSUER' },
    ...{ code: 'unsafe-address', exit: 2 },
  },
  { error: { _tag: 'DemoFailed', because: evil }, code: 'demo-failed', exit: 1 },
  { error: { _tag: 'NoSuchSetting', name: evil }, code: 'no-such-setting', exit: 2 },
  {
    error: { _tag: 'SettingIgnored', name: 'codexMode', because: 'There is one mode.' },
    ...{ code: 'setting-ignored', exit: 2 },
  },
  {
    error: { _tag: 'BadValue', key: 'sessionAffinity', takes: 'true or false' },
    ...{ code: 'bad-value', exit: 2 },
  },
  ...(['no-json', 'no-settings', 'newer'] as const).map((because) => ({
    error: { _tag: 'BadSettingsFile' as const, path, line: O.some(3), because },
    code: `settings-${because === 'no-settings' ? 'malformed' : because}`,
    exit: 5,
  })),
  { error: { _tag: 'NotFound', path }, code: 'storage-missing', exit: 5 },
  { error: { _tag: 'AlreadyThere', path }, code: 'storage-in-the-way', exit: 5 },
  { error: { _tag: 'FileFault', path, code: 'ENOSPC' }, code: 'storage-fault', exit: 5 },
  { error: { _tag: 'FileFault', path, code: 'EIO' }, code: 'storage-fault', exit: 5 },
  { error: { _tag: 'LockHeld', path, pid: 17 }, code: 'lock-held', exit: 5 },
  { error: { _tag: 'LockLost', path }, code: 'lock-lost', exit: 5 },
  {
    error: { _tag: 'PoolUnreadable', path, because: { _tag: 'UnknownVersion', version: 99 } },
    ...{ code: 'pool-unknown-version', exit: 5 },
  },
  {
    error: {
      _tag: 'PoolUnreadable',
      path,
      because: { _tag: 'Malformed', at: evil, expected: 'string' },
    },
    ...{ code: 'pool-malformed', exit: 5 },
  },
  { error: { _tag: 'UnfitFolder', path: evil }, code: 'unfit-folder', exit: 2 },
  { error: { _tag: 'NotText', path }, code: 'not-text', exit: 5 },
  {
    error: {
      _tag: 'EditsUnreadable',
      path,
      because: { _tag: 'Malformed', at: evil, expected: 'string' },
    },
    ...{ code: 'edits-unreadable', exit: 5 },
  },
  { error: { _tag: 'Interrupted' }, code: 'interrupted', exit: 130 },
  { error: { _tag: 'SignInTimedOut', after: 5 * minute }, code: 'sign-in-timed-out', exit: 1 },
  { error: { _tag: 'SignInDisplaced' }, code: 'sign-in-displaced', exit: 1 },
  {
    error: { _tag: 'SignInRefused', error: evil, description: O.none },
    ...{ code: 'sign-in-refused', exit: 1 },
  },
  ...(
    [
      ['Missing', 'official-not-signed-in'],
      ['Unreadable', 'official-unreadable'],
      ['ApiKey', 'official-api-key'],
      ['NoTokens', 'official-no-tokens'],
    ] as const
  ).map(([because, code]) => ({
    error: { _tag: 'FrontUnusable', path, because } as const,
    ...{ code, exit: 1 },
  })),
  {
    error: { _tag: 'OtherWorkspace', wanted: evil, got: evil, name: evil },
    ...{ code: 'other-workspace', exit: 1 },
  },
  { error: { _tag: 'SignInCancelled' }, code: 'sign-in-cancelled', exit: 1 },
  { error: { _tag: 'PasteUnusable', lacks: 'State' }, code: 'paste-unusable', exit: 1 },
  { error: { _tag: 'DeviceCodeNotOffered' }, code: 'device-code-not-offered', exit: 1 },
  {
    error: { _tag: 'DeviceCodeRefused', status: 400, code: O.some(evil) },
    ...{ code: 'device-code-refused', exit: 1 },
  },
  { error: { _tag: 'NoAccountId', email: O.some(evil) }, code: 'no-account-id', exit: 1 },
  {
    error: {
      _tag: 'NoCallbackPort',
      ports: [1455, 1457],
      because: { _tag: 'ListenFault', port: 1457, code: 'EACCES' },
    },
    ...{ code: 'no-callback-port', exit: 1 },
  },
  {
    error: {
      _tag: 'IssuerUnreached',
      issuer: 'https://auth.openai.com',
      because: { _tag: 'Unreachable', host: 'auth.openai.com', code: 'ENOTFOUND' },
    },
    ...{ code: 'issuer-unreached', exit: 1 },
  },
  {
    error: { _tag: 'ExchangeRefused', status: 400, code: O.some(evil) },
    ...{ code: 'exchange-refused', exit: 1 },
  },
  {
    error: {
      _tag: 'ExchangeUnreadable',
      because: { _tag: 'Malformed', at: 'id_token', expected: 'NonEmpty' },
    },
    ...{ code: 'exchange-unreadable', exit: 1 },
  },
  {
    error: {
      _tag: 'SignInNotStored',
      name: evil,
      because: { _tag: 'FileFault', path, code: 'EACCES' },
    },
    ...{ code: 'storage-fault', exit: 5 },
  },
]

it.each(cases)('$error._tag is $code, exit $exit', ({ error, code, exit }) => {
  expect(renderError(error)).toMatchObject({ code, exit })
})

const textsOf = (error: CliError): ReadonlyArray<string> => {
  const { message, hint, candidates } = renderError(error)
  return [message, ...(O.isSome(hint) ? [hint.value] : []), ...candidates.map(({ line }) => line)]
}

it.each(cases)('prints nothing raw that came from elsewhere: $error._tag', ({ error }) => {
  for (const text of textsOf(error)) expect(text).not.toMatch(/[\u0000-\u001f]/)
})

const firstWord = (name: string): string => name.split(' ')[0] ?? ''

it('names no command that does not exist', () => {
  const known = commands.flatMap(({ name, aliases }) => [name, ...aliases]).map(firstWord)
  for (const text of cases.flatMap(({ error }) => textsOf(error))) {
    for (const [, word] of text.matchAll(/: codex-multi-auth (\w[\w-]*)/g)) {
      expect(known).toContain(word)
    }
  }
})

it('says of every file error which file', () => {
  const named = cases.filter(({ error }) => 'path' in error && error._tag !== 'UnfitFolder')
  expect(named.length).toBeGreaterThan(4)
  for (const { error } of named) expect(renderError(error).message).toContain(path)
})
