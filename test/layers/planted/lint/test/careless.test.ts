import * as T from 'fp-ts/Task' // want house/no-effects
import { err } from 'neverthrow'

err(T) // want house/must-use-result
