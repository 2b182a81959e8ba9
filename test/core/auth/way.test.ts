import * as Way from '../../../core/auth/way'

const browser = (otherwise: 'Address' | 'DeviceCode') => ({ _tag: 'Browser', otherwise })
const code = { _tag: 'DeviceCode', isAskedFor: false }

it.each([
  { name: 'nothing', environment: {}, expected: browser('DeviceCode') },
  { name: 'SSH', environment: { SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' }, expected: code },
  { name: 'SSH with a terminal', environment: { SSH_TTY: '/dev/pts/1' }, expected: code },
  {
    name: 'SSH with a display of the person’s',
    environment: { SSH_TTY: '/dev/pts/1', DISPLAY: 'localhost:10.0' },
    expected: browser('DeviceCode'),
  },
  {
    name: 'SSH with a wayland display',
    environment: { SSH_TTY: '/dev/pts/1', WAYLAND_DISPLAY: 'wayland-0' },
    expected: browser('DeviceCode'),
  },
  {
    name: 'SSH with a program for addresses',
    environment: { SSH_TTY: '/dev/pts/1', BROWSER: '/opt/editor/open' },
    expected: browser('Address'),
  },
  {
    name: 'no browser wanted',
    environment: { SSH_TTY: '/dev/pts/1', CODEX_AUTH_NO_BROWSER: '1' },
    expected: browser('Address'),
  },
  {
    name: 'WSL, whose browser is one of Windows',
    environment: { WSL_DISTRO_NAME: 'Ubuntu' },
    expected: browser('DeviceCode'),
  },
  {
    name: 'WSL over SSH',
    environment: { WSL_DISTRO_NAME: 'Ubuntu', SSH_TTY: '/dev/pts/1' },
    expected: code,
  },
  { name: 'empty variables', environment: { SSH_TTY: '' }, expected: browser('DeviceCode') },
])('$name', ({ environment, expected }) => {
  expect(Way.standard(environment)).toEqual(expected)
})
