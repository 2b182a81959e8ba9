import * as O from 'fp-ts/Option'
import yargs from 'yargs'

export const both = [O, yargs]
