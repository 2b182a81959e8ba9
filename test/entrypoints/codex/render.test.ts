import * as O from 'fp-ts/Option'
import {
  notice,
  refusal,
  type Notice,
  type WrapperRefusal,
} from '../../../entrypoints/codex/render'

const ada = {
  key: 'acc-1/ada@mail.test',
  number: 1,
  name: 'work',
  email: O.some('ada@mail.test'),
  accountId: 'acc-1',
}

it.each<{ told: Notice; words: string }>([
  {
    told: { _tag: 'LeftAlone', reason: { _tag: 'LocalModels', option: '--oss' } },
    words: '--oss asks for local models, so this run is left alone.',
  },
  {
    told: { _tag: 'LeftAlone', reason: { _tag: 'RemoteServer', option: '--remote' } },
    words: '--remote asks for another server, so this run is left alone.',
  },
  {
    told: {
      _tag: 'LeftAlone',
      reason: { _tag: 'OwnSetting', key: 'model_provider', place: '/h/config.toml' },
    },
    words: 'model_provider is set in /h/config.toml, so this run is left alone.',
  },
  {
    told: { _tag: 'LeftAlone', reason: { _tag: 'ApiKey', place: 'CODEX_API_KEY' } },
    words: 'an API key is in use (CODEX_API_KEY), so this run is left alone.',
  },
  {
    told: { _tag: 'NoAccounts' },
    words:
      'there are no accounts yet, so Codex uses its own sign-in. Add one: codex-multi-auth login',
  },
  {
    told: { _tag: 'AccountsUnreadable', path: '/h/p.json' },
    words:
      'the accounts in /h/p.json cannot be read, so Codex uses its own sign-in. See why: codex-multi-auth list',
  },
  {
    told: { _tag: 'UnsafeSeam', variable: 'CODEX_MULTI_AUTH_ISSUER' },
    words:
      'CODEX_MULTI_AUTH_ISSUER names no address that tokens may be sent to, so Codex uses its own sign-in. Unset it, or give an https address.',
  },
  {
    told: { _tag: 'NoProxy', because: { _tag: 'ListenFault', port: 0, code: 'EPERM' } },
    words:
      'the local proxy did not start, as no port of 127.0.0.1 could be opened (EPERM), so Codex uses its own sign-in. Try again: codex-multi-auth codex',
  },
  {
    told: { _tag: 'NoProxy', because: { _tag: 'PortTaken', port: 4101 } },
    words:
      'the local proxy did not start, as port 4101 of 127.0.0.1 is taken, so Codex uses its own sign-in. Try again: codex-multi-auth codex',
  },
  {
    told: {
      _tag: 'FrontNotWritten',
      path: '/h/auth.json',
      because: { _tag: 'FileFault', code: 'EROFS' },
    },
    words: 'Codex may find itself signed out: /h/auth.json could not be written (EROFS).',
  },
  {
    told: { _tag: 'NotRevoked', because: { _tag: 'AccountsUnreadable', path: '/h/p.json' } },
    words:
      'the old sign-in is not revoked, as an account of yours may still use it: the accounts in /h/p.json cannot be read. See why: codex-multi-auth list',
  },
])('$told._tag is one line: $words', ({ told, words }) => {
  expect(notice(told)).toBe(`codex-multi-auth: ${words}\n`)
})

it.each<{ refused: WrapperRefusal; words: string }>([
  {
    refused: { _tag: 'NoCodex', looked: ['/usr/bin', '/opt/\u001b[2J'] },
    words:
      'the official Codex CLI was not found.\nLooked in:\n  /usr/bin\n  /opt/\\u{1b}[2J\nInstall it: npm install -g @openai/codex',
  },
  {
    refused: { _tag: 'NoSuchProgram', variable: 'CODEX_MULTI_AUTH_REAL_CODEX_BIN', path: '/x' },
    words:
      'CODEX_MULTI_AUTH_REAL_CODEX_BIN names /x, where no official Codex CLI is. Unset it, or install one: npm install -g @openai/codex',
  },
  {
    refused: { _tag: 'LeadsBack', times: 8 },
    words:
      'the codex on PATH leads back here. Install the official one: npm install -g @openai/codex, or name it in CODEX_MULTI_AUTH_REAL_CODEX_BIN.',
  },
  {
    refused: { _tag: 'NoMatch', selector: 'x\u001b[2J', candidates: [], flagged: [] },
    words: 'there are no accounts yet. Add one: codex-multi-auth login',
  },
  {
    refused: { _tag: 'NoMatch', selector: 'x\u001b[2J', candidates: [ada], flagged: [] },
    words: 'no account matches "x\\u{1b}[2J". There are:\n  1  work  acc-1',
  },
  {
    refused: { _tag: 'SeveralMatch', selector: 'a', candidates: [ada, { ...ada, number: 2 }] },
    words: '"a" matches 2 accounts:\n  1  work  acc-1\n  2  work  acc-1',
  },
  {
    refused: { _tag: 'NoAccountNamed' },
    words: '--account needs the name of an account. See them: codex-multi-auth list',
  },
  {
    refused: { _tag: 'NotByAccount' },
    words:
      'this command uses no account of codex-multi-auth, so --account means nothing to it. Leave it out.',
  },
  {
    refused: {
      _tag: 'AccountUnusable',
      wanted: 'work',
      because: { _tag: 'LeftAlone', reason: { _tag: 'LocalModels', option: '--oss' } },
    },
    words:
      '--oss asks for local models, so this run cannot be held to account "work". Do without one of the two.',
  },
  {
    refused: {
      _tag: 'AccountUnusable',
      wanted: 'work',
      because: { _tag: 'AccountsUnreadable', path: '/h/p.json' },
    },
    words:
      'the accounts in /h/p.json cannot be read, so this run cannot be held to account "work". See why: codex-multi-auth list',
  },
  {
    refused: { _tag: 'SpawnFault', program: '/usr/bin/codex', code: 'EACCES' },
    words:
      '/usr/bin/codex could not be started (EACCES). Install it anew: npm install -g @openai/codex',
  },
])('$refused._tag says what mends it', ({ refused, words }) => {
  expect(refusal(refused)).toBe(`codex-multi-auth: ${words}\n`)
})
