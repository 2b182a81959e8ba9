/**
 * Fails where a neverthrow Result is thrown away: a statement whose value is one, awaited or not,
 * alone, in a list or in a promise; `void`; and a short callback whose caller wants nothing back.
 * A failure meant to be dropped is said with `match`, `orElse` or `unwrapOr`. A Result that cannot
 * fail may be dropped, but not started without `await` or `void`.
 */
import ts from 'typescript'

const names = new Set(['Ok', 'Err', 'ResultAsync'])

const isNeverthrow = (symbol) =>
  names.has(symbol.name) &&
  (symbol.declarations ?? []).some((node) => node.getSourceFile().fileName.includes('/neverthrow/'))

/** Whether a value of this type may hold a failure, or with `isFloating` work nobody waits for. */
const losesWith = (checker, isFloating) => {
  const loses = (type) => {
    if (type.isUnionOrIntersection()) return type.types.some(loses)
    const symbol = type.getSymbol()
    if (symbol !== undefined && isNeverthrow(symbol)) {
      const failure = checker.getTypeArguments(type)[1]
      const canFail = failure === undefined || (failure.flags & ts.TypeFlags.Never) === 0
      return canFail || (isFloating && symbol.name === 'ResultAsync')
    }
    const isList = checker.isArrayType(type) || checker.isTupleType(type)
    const isCarrier = isList || symbol?.name === 'Promise'
    return isCarrier && checker.getTypeArguments(type).some(loses)
  }
  return loses
}

const wantsNothing = (checker, callback) => {
  const wanted = checker.getContextualType(callback)
  const signatures = wanted?.getCallSignatures() ?? []
  return (
    signatures.length > 0 &&
    signatures.every((one) => (one.getReturnType().flags & ts.TypeFlags.Void) !== 0)
  )
}

export const mustUseResult = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { unused: 'This Result is thrown away, and its failure with it.' },
  },
  create(context) {
    const { program, esTreeNodeToTSNodeMap } = context.sourceCode.parserServices
    const checker = program.getTypeChecker()
    const check = (node, isFloating) => {
      const type = checker.getTypeAtLocation(esTreeNodeToTSNodeMap.get(node))
      if (losesWith(checker, isFloating)(type)) context.report({ node, messageId: 'unused' })
    }
    return {
      ExpressionStatement: ({ expression }) => {
        if (expression.type !== 'AssignmentExpression' && expression.operator !== 'void') {
          check(expression, true)
        }
      },
      'UnaryExpression[operator="void"]': ({ argument }) => check(argument, false),
      'ArrowFunctionExpression[expression=true]': (node) => {
        if (wantsNothing(checker, esTreeNodeToTSNodeMap.get(node))) check(node.body, true)
      },
    }
  },
}
