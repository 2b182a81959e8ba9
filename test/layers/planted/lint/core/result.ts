import * as E from 'fp-ts/Either'
import * as T from 'fp-ts/Task' // want house/no-effects

export const both = [E, T]
