/**
 * The arrows allowed between folders. Each rule has a planted violation in
 * test/layers/planted/arrows/<rule>, and a test that fails when one is missing; that is why every
 * pattern also matches below a planted tree.
 */
const at = (path) => `^(?:test/layers/planted/arrows/[^/]+/|)${path}`
const packages = (...names) => `(?:^|node_modules/)(?:@types/)?(?:${names.join('|')})(?:/|$)`

const source = at('(?:core|ports|adapters|entrypoints)/')
const main = at('entrypoints/(?:.+/|)main\\.ts$')
const testing = at('entrypoints/embed/testing/')
const tests = at('test/(?!layers/planted/)')

/**
 * What esbuild may put into `dist/`, which is shipped without a package beside it. Pure packages and
 * parsers compute and nothing else: the allow-list of core. Worldly ones reach the network, the
 * screen, the environment or another program.
 */
const { pure, parsers, worldly, others } = require('./scripts/bundled.json')
const bundled = [...pure, ...parsers, ...worldly, ...others]

const npm = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown']
const local = ['local']
const platform = ['core']

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

const forbidden = [
  rule(
    'core-imports-core',
    'Core decides and knows nobody.',
    { path: at('core/') },
    { dependencyTypes: local, pathNot: at('core/') },
  ),
  rule(
    'core-imports-listed-packages',
    'Core imports pure packages of one list.',
    { path: at('core/') },
    { dependencyTypes: npm, pathNot: packages(...pure, ...parsers) },
  ),
  rule(
    'core-imports-no-platform',
    'Core imports nothing of node:*, not even a type.',
    { path: at('core/') },
    { dependencyTypes: platform },
  ),
  rule(
    'ports-import-core',
    'A port promises in terms of core and other ports.',
    { path: at('ports/') },
    { dependencyTypes: local, pathNot: at('(?:core|ports)/') },
  ),
  rule(
    'ports-import-types-of-core',
    'A port is types: it takes no value of core.',
    { path: at('ports/') },
    { path: at('core/'), dependencyTypesNot: ['type-only'] },
  ),
  rule(
    'ports-import-listed-packages',
    'A port needs fp-ts and neverthrow, and no other package.',
    { path: at('ports/') },
    { dependencyTypes: npm, pathNot: packages('fp-ts', 'neverthrow') },
  ),
  rule(
    'adapters-look-inward',
    'An adapter imports ports and core, never a door.',
    { path: at('adapters/') },
    { path: at('entrypoints/') },
  ),
  rule(
    'adapters-stay-apart',
    'Adapters share through adapters/shared alone.',
    { path: at('adapters/([^/]+)/') },
    { path: at('adapters/'), pathNot: at('adapters/(?:$1|shared)/') },
  ),
  rule(
    'platform-in-adapters-node',
    'adapters/node is the one place for node:*.',
    { path: source, pathNot: [at('adapters/(?:node|shared)/'), at('core/')] },
    { dependencyTypes: platform },
  ),
  rule(
    'platform-types-in-adapters-shared',
    'What both kinds of adapter are made over knows the shapes of node:*, no values.',
    { path: at('adapters/shared/') },
    { dependencyTypes: platform, dependencyTypesNot: ['type-only'] },
  ),
  rule(
    'doors-stay-apart',
    'What two doors need is a program.',
    { path: at('entrypoints/([^/]+)/') },
    { path: at('entrypoints/'), pathNot: [at('entrypoints/(?:$1|programs)/'), main, testing] },
  ),
  rule(
    'only-main-imports-adapters',
    'Adapters are chosen in a composition root, a main.ts.',
    { path: at('entrypoints/'), pathNot: main },
    { path: at('adapters/') },
  ),
  rule(
    'only-main-imports-main',
    'A composition root is nobody’s library.',
    { pathNot: [main, tests] },
    { path: main },
  ),
  rule(
    'tests-import-faces-alone',
    'A test loads what a host or a library’s caller loads, and runs every other door.',
    { path: tests },
    { path: main, pathNot: at('entrypoints/(?:plugin|embed)/') },
  ),
  rule(
    'main-imports-main-lazily',
    'One door opens another when it is asked for, by a dynamic import.',
    { path: main },
    { path: main, dynamic: false },
  ),
  rule(
    'testing-for-demo-alone',
    'The simulated upstream is for the demo, the bench and tests.',
    { pathNot: [at('entrypoints/cli/demo'), testing, at('bench/'), tests] },
    { path: testing },
  ),
  rule(
    'worldly-packages-in-adapters-node',
    'A package that touches the world is wrapped by an adapter.',
    { path: source, pathNot: [at('adapters/node/'), at('(?:core|ports)/')] },
    { path: packages(...worldly) },
  ),
  rule(
    'memfs-in-adapters-memory',
    'The file system in memory has one home.',
    { path: source, pathNot: [at('adapters/memory/'), at('(?:core|ports)/')] },
    { path: packages('memfs') },
  ),
  rule(
    'no-development-packages',
    'What is shipped is bundled from packages of one list.',
    { path: source, pathNot: at('(?:core|ports)/') },
    { dependencyTypes: npm, pathNot: packages(...bundled, 'memfs') },
  ),
  rule(
    'source-imports-no-test',
    'Source knows neither tests nor tools.',
    { path: source, pathNot: at('(?:core|ports)/') },
    { path: [tests, at('(?:bench|scripts)/')] },
  ),
  rule('resolvable', 'What cannot be resolved escapes every rule.', {}, { couldNotResolve: true }),
  rule('no-cycles', 'Two modules that need each other are one.', {}, { circular: true }),
  rule(
    'no-orphans',
    'A module nobody imports, and that imports nobody, is not part of the program.',
    { orphan: true, path: source, pathNot: ['\\.d\\.ts$', main] },
    {},
  ),
]

module.exports = {
  forbidden,
  options: {
    exclude: { path: '^(?:dist|coverage|test/layers/planted)/' },
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
}
