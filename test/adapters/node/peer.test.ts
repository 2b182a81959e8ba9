import * as O from 'fp-ts/Option'
import { ownerIn } from '../../../adapters/node/peer'

/** As the kernel prints it: 127.0.0.1:40000 belongs to 1000 and talks to port 8080; one is in TIME_WAIT. */
const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0000000000000000 100 0 0 10 0
   1: 0100007F:9C40 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000        0 2 1 0000000000000000 20 4 30 10 -1
   2: 0100007F:1F90 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 3 1 0000000000000000 20 4 30 10 -1
   3: 0100007F:9C41 0100007F:1F90 06 00000000:00000000 03:00000A00 00000000     0        0 0 3 0000000000000000
`

it.each([
  {
    name: 'is the user of the connecting side',
    local: '0100007F:9C40',
    remote: '0100007F:1F90',
    expected: O.some(1_000),
  },
  {
    name: 'is not that of the accepting side',
    local: '0100007F:1F90',
    remote: '0100007F:9C40',
    expected: O.some(0),
  },
  {
    name: 'is unknown for a connection that has ended',
    local: '0100007F:9C41',
    remote: '0100007F:1F90',
    expected: O.none,
  },
  {
    name: 'is unknown for another port',
    local: '0100007F:9C42',
    remote: '0100007F:1F90',
    expected: O.none,
  },
])('the owner $name', ({ local, remote, expected }) => {
  expect(ownerIn(table, [local], [remote])).toEqual(expected)
})
