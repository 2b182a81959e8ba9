/** nginx as a proxy in front of the backend, where it is on PATH: what a program in C takes for the same work. */
import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { connect, createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { isOnPath } from '../../test/support/tools'
import type { Proxy } from './proxy'

const configuration = (folder: string, port: number, backend: number): string => `
worker_processes 1;
daemon off;
pid ${folder}/nginx.pid;
error_log ${folder}/nginx.log;
events { worker_connections 2048; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  client_max_body_size 64m;
  upstream backend { server 127.0.0.1:${backend}; keepalive 256; }
  server {
    listen 127.0.0.1:${port};
    keepalive_requests 1000000;
    location / {
      proxy_pass http://backend;
      proxy_http_version 1.1;
      proxy_set_header connection "";
      proxy_buffering off;
      proxy_request_buffering off;
    }
  }
}
`

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('close', () => socket.destroy())
    socket.unref()
    setTimeout(() => socket.destroy(), 100)
  })

export const startNginx = async (home: string, backend: number): Promise<Proxy | undefined> => {
  if (!isOnPath('nginx')) return undefined
  const port = await freePort()
  const file = join(home, 'nginx.conf')
  await writeFile(file, configuration(home, port, backend))
  const started = spawn('nginx', ['-p', home, '-c', file], { stdio: 'ignore' })
  const ended = new Promise<void>((resolve) => started.once('exit', () => resolve()))
  while (started.exitCode === null && !(await answers(port)))
    await new Promise((resolve) => setTimeout(resolve, 20))
  return {
    port,
    pid: started.pid ?? 0,
    used: () => Promise.reject(new Error('nginx has no gauge')),
    end: async () => {
      started.kill('SIGTERM')
      await ended
    },
  }
}
