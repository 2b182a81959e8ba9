/**
 * What lint forbids, and where. Rules here keep an invariant or catch a bug; layout is prettier's,
 * arrows between folders are dependency-cruiser's. Each rule has a planted violation in
 * test/layers/planted/lint, and a test that fails when one is missing.
 */
import functional from 'eslint-plugin-functional'
import tseslint from 'typescript-eslint'
import house from './scripts/lint/house.mjs'

const pure = ['core/**/*.ts', 'ports/**/*.ts', 'entrypoints/**/*.ts']
const source = [...pure, 'adapters/**/*.ts']

export default [
  {
    ignores: [
      'dist/',
      'coverage/',
      '**/*.d.ts',
      'test/hosts/node_modules/',
      'test/layers/planted/',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,mjs,cjs}'],
    rules: { eqeqeq: 'error', 'no-var': 'error', 'prefer-const': 'error' },
  },
  {
    files: ['**/*.ts'],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { projectService: true },
    },
    plugins: { '@typescript-eslint': tseslint.plugin, functional, house },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      'house/must-use-result': 'error',
      'house/no-either': 'error',
      'house/no-effects': 'error',
      'house/no-enums': 'error',
    },
  },
  {
    files: source,
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unsafe-argument': 'error',
      '@typescript-eslint/no-unsafe-assignment': 'error',
      '@typescript-eslint/no-unsafe-call': 'error',
      '@typescript-eslint/no-unsafe-member-access': 'error',
      '@typescript-eslint/no-unsafe-return': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      'house/no-default-exports': 'error',
      'house/no-exit': 'error',
      'house/no-module-state': 'error',
      'house/no-process': 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': [
        'error',
        { max: 70, skipBlankLines: true, skipComments: true, IIFEs: true },
      ],
    },
  },
  {
    files: pure,
    rules: {
      'functional/no-classes': 'error',
      'functional/no-this-expressions': 'error',
      'functional/no-throw-statements': 'error',
      'house/no-clock': 'error',
      'house/no-dice': 'error',
      'house/no-instanceof': 'error',
      'house/no-timers': 'error',
    },
  },
  {
    files: ['core/**/*.ts'],
    rules: { 'house/no-platform': 'error', 'house/no-promises': 'error' },
  },
  {
    files: ['core/**/*.ts', 'ports/**/*.ts'],
    rules: {
      // Fields and lists that leave a function; inside one, a local list may grow.
      'functional/prefer-readonly-type': ['error', { allowLocalMutation: true }],
    },
  },
  // The exceptions, each with the one place it is for.
  { files: ['core/result.ts'], rules: { 'house/no-either': 'off' } },
  { files: ['adapters/node/**/*.ts'], rules: { 'house/no-process': 'off' } },
  {
    files: ['entrypoints/**/main.ts'],
    rules: { 'house/no-exit': 'off', 'house/no-process': 'off', 'house/no-timers': 'off' },
  },
  {
    // A plugin host demands a default export, loads the module once and calls it often.
    files: ['entrypoints/plugin/main.ts'],
    rules: { 'house/no-default-exports': 'off', 'house/no-module-state': 'off' },
  },
]
