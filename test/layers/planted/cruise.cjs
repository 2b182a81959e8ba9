/** The rules of the real tree, for the planted ones the real cruise leaves out. */
const { forbidden, options } = require('../../../.dependency-cruiser.cjs')

module.exports = { forbidden, options: { ...options, exclude: { path: '^$' } } }
