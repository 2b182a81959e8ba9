/**
 * The environment every child process of a test starts from: where programs are, a home of its own
 * and a plain terminal. Nothing that a developer's shell or CI happens to set gets through: no CI,
 * no setting of ours or of the official CLI, no proxy.
 */
export const cleanEnvironment = (
  home: string,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  HOME: home,
  LANG: 'C.UTF-8',
  TERM: 'xterm-256color',
  ...more,
})
