import * as E from 'fp-ts/Either' // want house/no-either
import * as ET from 'fp-ts/lib/EitherT' // want house/no-either
import { either } from 'fp-ts' // want house/no-effects
import * as T from 'fp-ts/TaskEither' // want house/no-effects
import * as IO from 'fp-ts/IO' // want house/no-effects
import * as R from 'fp-ts/ReaderTaskEither' // want house/no-effects
import * as S from 'fp-ts/State' // want house/no-effects
import * as O from 'fp-ts/Option'

export const all = [E, ET, either, T, IO, R, S, O]
