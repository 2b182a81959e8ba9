import * as O from 'fp-ts/Option'
import * as Configuration from '../../../core/official/configuration'

const user = '/home/ann/.codex/config.toml'
const profileFile = '/home/ann/.codex/work.config.toml'

const read = (text: string, profile: O.Option<string> = O.none) =>
  Configuration.read([{ place: user, text }], profile)._unsafeUnwrap()

const own = (key: string, place = user) => O.some({ _tag: 'OwnSetting', key, place })

describe('who is left alone', () => {
  it.each([
    { text: '', expected: O.none },
    { text: 'model = "gpt-5"', expected: O.none },
    { text: 'model_provider = "openai"', expected: O.none },
    { text: 'openai_base_url = ""', expected: O.none },
    { text: 'openai_base_url = 7', expected: O.none },
    { text: '[model_providers.mine]\nbase_url = "http://x"', expected: O.none },
    { text: '[mcp_servers.x.env]\nopenai_base_url = "http://x"', expected: O.none },
    { text: 'model_provider = "mine"', expected: own('model_provider') },
    { text: 'openai_base_url = "http://x"', expected: own('openai_base_url') },
    { text: 'chatgpt_base_url = "https://x"', expected: own('chatgpt_base_url') },
    { text: 'forced_login_method = "chatgpt"', expected: O.none },
    { text: 'forced_login_method = "api"', expected: O.some({ _tag: 'ApiKey', place: user }) },
    { text: 'preferred_auth_method = "apikey"', expected: O.some({ _tag: 'ApiKey', place: user }) },
  ])('$text', ({ text, expected }) => {
    expect(read(text).leftAlone).toEqual(expected)
  })

  it.each([
    {
      name: 'sets a provider',
      upper: 'model_provider = "x"',
      expected: own('model_provider', profileFile),
    },
    { name: 'says nothing', upper: '', expected: own('openai_base_url') },
    { name: 'takes an address back', upper: 'openai_base_url = ""', expected: O.none },
  ])('a later layer $name', ({ upper, expected }) => {
    const layers = [
      { place: user, text: 'openai_base_url = "http://x"' },
      { place: profileFile, text: upper },
    ]
    expect(Configuration.read(layers, O.none)._unsafeUnwrap().leftAlone).toEqual(expected)
  })

  const profiles = '[profiles.work]\nmodel_provider = "x"'
  it.each([
    {
      name: 'chosen by option',
      text: profiles,
      profile: O.some('work'),
      expected: own('model_provider'),
    },
    {
      name: 'chosen by key',
      text: `profile = "work"\n${profiles}`,
      profile: O.none,
      expected: own('model_provider'),
    },
    {
      name: 'that takes an address back',
      text: 'openai_base_url = "http://x"\n[profiles.work]\nopenai_base_url = ""',
      profile: O.some('work'),
      expected: O.none,
    },
    { name: 'not chosen', text: profiles, profile: O.none, expected: O.none },
    { name: 'not there', text: profiles, profile: O.some('home'), expected: O.none },
  ])('a profile of older versions, $name', ({ text, profile, expected }) => {
    expect(read(text, profile).leftAlone).toEqual(expected)
  })
})

it('names the file that it cannot read', () => {
  const layers = [
    { place: user, text: '' },
    { place: profileFile, text: 'a = = b' },
  ]
  expect(Configuration.read(layers, O.none)._unsafeUnwrapErr()).toEqual({
    _tag: 'UnreadableConfiguration',
    place: profileFile,
  })
})

it.each([
  { text: '', store: 'file' },
  { text: 'cli_auth_credentials_store = "keyring"', store: 'keyring' },
  { text: 'cli_auth_credentials_store = "auto"', store: 'auto' },
  { text: 'cli_auth_credentials_store = "ephemeral"', store: 'ephemeral' },
  { text: 'cli_auth_credentials_store = "cloud"', store: 'file' },
])('keeps the sign-in in $store with $text', ({ text, store }) => {
  expect(read(text).credentialsStore).toBe(store)
})

it.each([
  { text: '', workspaces: [] },
  { text: 'forced_chatgpt_workspace_id = "a"', workspaces: ['a'] },
  { text: 'forced_chatgpt_workspace_id = ["a", "b"]', workspaces: ['a', 'b'] },
  { text: 'forced_chatgpt_workspace_id = ""', workspaces: [] },
])('is held to the workspaces $workspaces with $text', ({ text, workspaces }) => {
  expect(read(text).forcedWorkspaces).toEqual(workspaces)
})
