/**
 * Lets CommonJS tests load a package that is published as ES modules alone: swc, and a block round
 * the result, as a module may declare the `__dirname` that is a parameter here.
 */
const { createTransformer } = require('@swc/jest')

module.exports = {
  createTransformer: (options) => {
    const swc = createTransformer(options)
    return {
      ...swc,
      process: (...call) => ({ code: `{${swc.process(...call).code}\n}` }),
    }
  },
}
