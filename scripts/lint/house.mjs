/**
 * The house rules ESLint has no rule for, as one local plugin.
 *
 * A ban is a syntax pattern or a set of globals with the sentence a reader needs; `must-use-result`
 * asks the type checker. Which folder a rule holds in is said in eslint.config.mjs alone.
 */
import { mustUseResult } from './must-use-result.mjs'

const inFunction = (node) => `${node}:not(:function ${node})`

const pattern = (message, ...selectors) => ({
  meta: { type: 'problem', schema: [] },
  create: (context) =>
    Object.fromEntries(
      selectors.map((selector) => [selector, (node) => context.report({ node, message })]),
    ),
})

/** Finds uses of a global by scope, so that a parameter of the same name is left alone. */
const globals = (message, ...names) => ({
  meta: { type: 'problem', schema: [] },
  create: (context) => ({
    'Program:exit': (program) => {
      const scope = context.sourceCode.getScope(program)
      const undeclared = scope.variables.filter((variable) => variable.defs.length === 0)
      const references = [
        ...scope.through,
        ...undeclared.flatMap((variable) => variable.references),
      ]
      for (const { identifier, isTypeReference } of new Set(references)) {
        if (names.includes(identifier.name) && isTypeReference !== true) {
          context.report({ node: identifier, message })
        }
      }
    },
  }),
})

const collection = '[callee.name=/^(Map|Set|WeakMap|WeakSet)$/]'
const fpTs = (modules) => `[source.value=/^fp-ts\\u002F((lib|es6)\\u002F)?${modules}$/]`
const effects = '(Task|IO|Reader|State)[A-Za-z]*'

const imports = (source) => [
  `ImportDeclaration${source}`,
  `ExportNamedDeclaration${source}`,
  `ExportAllDeclaration${source}`,
]

const rules = {
  'no-clock': pattern(
    'The time comes in as an argument, from the port clock.',
    'MemberExpression[object.name="Date"][property.name="now"]',
    'NewExpression[callee.name="Date"][arguments.length=0]',
    'CallExpression[callee.name="Date"]',
    'MemberExpression[object.name="performance"]',
  ),
  'no-dice': pattern(
    'Chance comes in as an argument, from the port random.',
    'MemberExpression[object.name="Math"][property.name="random"]',
    'MemberExpression[object.name="crypto"]',
  ),
  'no-timers': globals(
    'Waiting belongs to the port clock.',
    'setTimeout',
    'setInterval',
    'setImmediate',
    'queueMicrotask',
  ),
  'no-promises': pattern(
    'Core decides and waits for nothing: no promise, no async, no dynamic import.',
    ':function[async=true]',
    'AwaitExpression',
    'ForOfStatement[await=true]',
    'ImportExpression',
    'MemberExpression[object.name="Promise"]',
    'NewExpression[callee.name="Promise"]',
    'TSTypeReference[typeName.name=/^Promise(Like)?$/]',
    'ImportSpecifier[imported.name="ResultAsync"]',
  ),
  'no-platform': pattern(
    'Core imports nothing of the platform.',
    ...imports('[source.value=/^node:/]'),
  ),
  'no-enums': pattern('Write a union of literals or of tagged records.', 'TSEnumDeclaration'),
  'no-default-exports': pattern(
    'Modules are imported whole and by name.',
    'ExportDefaultDeclaration',
    'ExportSpecifier[exported.name="default"]',
    'TSExportAssignment',
  ),
  'no-instanceof': pattern(
    'A value from another realm fails instanceof: look at its tag.',
    'BinaryExpression[operator="instanceof"]',
  ),
  'no-module-state': pattern(
    'A module keeps no state: no let, Map or Set outside a function.',
    inFunction('VariableDeclaration[kind=/^(let|var)$/]'),
    inFunction(`NewExpression${collection}`),
  ),
  'no-process': globals(
    'Only a main.ts and adapters/node touch the process.',
    'process',
    'globalThis',
    'global',
  ),
  'no-exit': pattern(
    'Only a main.ts ends the process or sets its exit code.',
    'MemberExpression[object.name="process"][property.name=/^(exit|exitCode|abort|reallyExit)$/]',
    'VariableDeclarator[init.name="process"] > ObjectPattern > Property[key.name=/^exit/]',
    'ImportDeclaration[source.value=/^(node:)?process$/] ImportSpecifier[imported.name=/^exit/]',
  ),
  'no-either': pattern(
    'neverthrow is the one error channel; Either ends in core/result.ts.',
    ...imports(fpTs('EitherT?')),
  ),
  'no-effects': pattern(
    'neverthrow is the one error channel; fp-ts is for pure values, imported module by module.',
    ...imports(fpTs(effects)),
    ...imports('[source.value="fp-ts"]'),
  ),
  'must-use-result': mustUseResult,
}

export default { meta: { name: 'house' }, rules }
