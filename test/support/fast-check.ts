/**
 * Runs laws again as they failed, or longer: a failing law prints its seed, and with
 * `FAST_CHECK_SEED=<seed>` every law starts from it; `FAST_CHECK_RUNS=<n>` says how many cases.
 */
import * as fc from 'fast-check'

const seed = process.env['FAST_CHECK_SEED']
const numRuns = process.env['FAST_CHECK_RUNS']

fc.configureGlobal({
  ...(seed === undefined ? {} : { seed: Number(seed) }),
  ...(numRuns === undefined ? {} : { numRuns: Number(numRuns) }),
})
