/** The ways to show who signs in, and the one that is taken when nobody says which. */

export type Way =
  /** A browser of this machine. Where none opens, `otherwise` is done. */
  | { readonly _tag: 'Browser'; readonly otherwise: 'Address' | 'DeviceCode' }
  /** The person opens the address in a browser that reaches this machine. */
  | { readonly _tag: 'Address' }
  /** The person pastes where a browser on any machine has ended. */
  | { readonly _tag: 'Pasted' }
  /** The official CLI's sign-in is taken as it is. */
  | { readonly _tag: 'Imported' }
  /** The person types a code on any machine. */
  | { readonly _tag: 'DeviceCode'; readonly isAskedFor: boolean }

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Over SSH and without a display there is no browser here, and one at the person's end does not
 * reach this machine. Who says with a variable what is to be done about browsers is taken at their word.
 */
export const standard = (environment: Environment): Way => {
  const isSet = (name: string): boolean => (environment[name] ?? '') !== ''
  if (wishes.some(isSet)) return { _tag: 'Browser', otherwise: 'Address' }
  return remote.some(isSet) && !displays.some(isSet)
    ? { _tag: 'DeviceCode', isAskedFor: false }
    : { _tag: 'Browser', otherwise: 'DeviceCode' }
}

/** Under WSL the browser is one of Windows, and comes back here only where Windows passes its localhost on. */
export const mayNotComeBack = (environment: Environment): boolean =>
  (environment['WSL_DISTRO_NAME'] ?? '') !== ''

const wishes: ReadonlyArray<string> = ['BROWSER', 'CODEX_AUTH_NO_BROWSER']
const remote: ReadonlyArray<string> = ['SSH_CONNECTION', 'SSH_TTY']
const displays: ReadonlyArray<string> = ['DISPLAY', 'WAYLAND_DISPLAY']
