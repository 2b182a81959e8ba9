/** Tests that drive the real hosts: one at a time, as they own ports, a terminal and processor time. */
const { testPathIgnorePatterns: _, ...shared } = require('../../jest.config.cjs')

module.exports = {
  ...shared,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/hosts/**/*.test.ts'],
  maxWorkers: 1,
  testTimeout: 180_000,
}
