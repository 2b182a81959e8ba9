/** Published as ES modules alone. */
const packages = [
  'bundle-name',
  'default-browser',
  'default-browser-id',
  'define-lazy-prop',
  'fast-string-truncated-width',
  'fast-string-width',
  'is-docker',
  'is-in-ssh',
  'is-inside-container',
  'is-wsl',
  'open',
  'powershell-utils',
  'run-applescript',
  'wsl-utils',
]

const modulesOnly = `/node_modules/(?:${packages.join('|')})/`

const swc = {
  jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  module: { type: 'commonjs' },
}

/** fast-check takes long enough to load that only a run which sets it up does so for every suite. */
const laws = process.env.FAST_CHECK_SEED ?? process.env.FAST_CHECK_RUNS

module.exports = {
  testEnvironment: 'node',
  // A law of a hundred simulated lives takes a second, and several on a machine that is busy.
  testTimeout: 30_000,
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: [
    '/node_modules/',
    '<rootDir>/test/hosts/',
    '<rootDir>/test/layers/planted/',
  ],
  modulePathIgnorePatterns: [
    '<rootDir>/dist/',
    '<rootDir>/test/hosts/node_modules/',
    '<rootDir>/test/layers/planted/',
  ],
  setupFiles: laws === undefined ? [] : ['<rootDir>/test/support/fast-check.ts'],
  transform: {
    [modulesOnly]: ['<rootDir>/test/support/module-package.cjs', swc],
    '\\.[cm]?[jt]s$': ['@swc/jest', swc],
  },
  transformIgnorePatterns: [`/node_modules/(?!(?:${packages.join('|')})/)`],
}
