/** Waits for the person to type a code on another machine, and gives what tokens are had for. */
import { err, ok, ResultAsync, type Result } from 'neverthrow'
import * as DeviceCode from '../../core/auth/device-code'
import type { Exchange } from '../../core/auth/token-response'
import type { Seams } from '../../core/official/seams'
import type { Ports } from './ports'
import { unreached, type SignInError } from './sign-in'
import { askIssuer } from './token-request'

/** What the person must do, and where. */
export interface DeviceNews {
  readonly _tag: 'DeviceCode'
  readonly url: string
  readonly userCode: string
}

type DevicePorts = Pick<Ports, 'clock' | 'http' | 'random' | 'terminal'>

export const byDeviceCode = (
  ports: DevicePorts,
  seams: Pick<Seams, 'issuer'>,
  tell: (news: DeviceNews) => void,
): ResultAsync<Exchange, SignInError> =>
  askIssuer(ports)(DeviceCode.codeRequest(seams), ports.terminal.interrupted)
    .mapErr(unreached(seams))
    .andThen(({ status, text }) => DeviceCode.ofCodeAnswer(status, text))
    .andThen((code) => {
      tell({ _tag: 'DeviceCode', url: DeviceCode.pageUrl(seams), userCode: code.userCode })
      return new ResultAsync(granted(ports, seams, code))
    })

const granted = async (
  ports: DevicePorts,
  seams: Pick<Seams, 'issuer'>,
  code: DeviceCode.DeviceCode,
): Promise<Result<Exchange, SignInError>> => {
  const { interrupted } = ports.terminal
  const endsAt = ports.clock.now() + DeviceCode.validFor
  const judge = DeviceCode.ofPollAnswer(seams, code)
  for (;;) {
    const poll = await askIssuer(ports)(DeviceCode.pollRequest(seams, code), interrupted).match(
      ({ status, headers, text }) => judge(ports.clock.now(), status, headers, text),
      () => DeviceCode.unanswered(code),
    )
    // A code that was granted is spent: it is not thrown away for a Ctrl-C that came with it.
    if (poll._tag === 'Granted') return ok(poll.exchange)
    if (poll._tag === 'DeviceCodeRefused') return err(poll)
    const wait = DeviceCode.nextWait(code, ports.random.fraction())(poll)
    if (ports.clock.now() + wait >= endsAt) {
      return err({ _tag: 'SignInTimedOut', after: DeviceCode.validFor })
    }
    await ports.clock.sleep(wait, { signal: interrupted })
    if (interrupted.aborted) return err({ _tag: 'Interrupted' })
  }
}
