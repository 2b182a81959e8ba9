import * as Installation from '../../../core/official/installation'

const around: Installation.Surroundings = {
  platform: 'linux',
  architecture: 'x64',
  environment: { PATH: '/usr/bin:/bin' },
  home: '/home/ada',
  ownFolder: '/opt/codex-multi-auth/dist',
  node: '/usr/bin/node',
}

it.each([
  { platform: 'linux', architecture: 'x64', triple: 'x86_64-unknown-linux-musl' },
  { platform: 'linux', architecture: 'arm64', triple: 'aarch64-unknown-linux-musl' },
  { platform: 'android', architecture: 'arm64', triple: 'aarch64-unknown-linux-musl' },
  { platform: 'darwin', architecture: 'arm64', triple: 'aarch64-apple-darwin' },
  { platform: 'win32', architecture: 'x64', triple: 'x86_64-pc-windows-msvc' },
])('the program for $platform on $architecture is $triple', (given) => {
  const places = Installation.nativePlaces({ ...around, ...given })('/lib/@openai/codex')
  expect(places.length).toBeGreaterThan(0)
  for (const { program } of places) expect(program).toContain(`/vendor/${given.triple}/`)
})

it.each([
  { platform: 'linux', architecture: 'ia32' },
  { platform: 'sunos', architecture: 'x64' },
])('there is none for $platform on $architecture', (given) => {
  expect(Installation.nativePlaces({ ...around, ...given })('/lib/@openai/codex')).toEqual([])
})

it.each([
  {
    name: 'a folder of its own goes first',
    searchFolder: '/v/path',
    path: '/v/path:/usr/bin:/bin',
  },
  { name: 'no folder leaves PATH as it is', searchFolder: '', path: undefined },
])('the launcher’s environment: $name', ({ searchFolder, path }) => {
  const place = { program: '/v/bin/codex', searchFolder }
  const made = Installation.launcherEnvironment(around, '/lib/@openai/codex', 'npm', place)
  expect(made['PATH']).toBe(path)
  expect([made['CODEX_MANAGED_BY_NPM'], made['CODEX_MANAGED_BY_BUN']]).toEqual(['1', undefined])
})
