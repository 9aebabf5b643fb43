import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readServerConfig, type ServerConfig } from '../services/config';
import { isLoopback } from '../services/config';
import { addressOf, type Endpoint, type Role } from '../services/endpoints';
import { Frontend } from '../services/frontend';
import { openNode, type Node } from '../services/wiring';
import { freePort } from './processes/free-port';

let folder: string;
let node: Node;
let config: ServerConfig;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isomail-test-'));
  const argv = ['--data', folder, '--http', `${await freePort()}`, '--imap', `${await freePort()}`, '--log-level', 'silent'];
  config = readServerConfig(argv, {}) as ServerConfig;
  node = await openNode(config);
});

afterEach(async () => {
  await node.close();
  await rm(folder, { recursive: true, force: true });
});

/** A role whose clients go when they are let go. */
function patientRole() {
  let letGo: (() => void) | null = null;
  let isDraining = false;
  const gone = new Promise<void>((resolve) => (letGo = resolve));
  const role: Role = {
    start: async ({ port }) => ({
      port,
      drain: () => {
        isDraining = true;
        return gone;
      },
    }),
  };
  return { role, letGo: () => letGo?.(), isDraining: () => isDraining };
}

const endpointOf = (role: Role): Endpoint => ({ name: 'IMAP', option: 'imap', roleName: 'imap', host: '127.0.0.1', encryption: 'STARTTLS', role });
const ready = async (): Promise<number> => (await fetch(`http://127.0.0.1:${config.ports.http}/ready`)).status;

test('a frontend is ready when all listen, and no more when it drains, while clients finish', async () => {
  const frontend = new Frontend(config, node);
  const { role, letGo, isDraining } = patientRole();
  await frontend.start([endpointOf(role)]);
  expect(await ready()).toBe(200);
  const drained = frontend.drain();
  expect(isDraining()).toBe(true);
  expect(await ready()).toBe(503);
  letGo();
  expect(await drained).toBe(true);
  await expect(ready()).rejects.toThrow('fetch failed');
});

test('a frontend whose store is gone is live but not ready', async () => {
  const frontend = new Frontend(config, { ...node, probe: () => Promise.reject(new Error('the store does not answer')) });
  await frontend.start([]);
  expect(await ready()).toBe(503);
  await frontend.drain();
});

test('a port that is taken is told with the option that gives another, and what was started stops', async () => {
  const taken = await occupied();
  const { port } = taken.address() as { port: number };
  const role: Role = { start: (listening) => occupied(listening.port).then((server) => ({ port, drain: async () => void server.close() })) };
  const frontend = new Frontend({ ...config, ports: { ...config.ports, imap: port } }, node);
  await expect(frontend.start([endpointOf(role)])).rejects.toMatchObject({
    name: 'CannotStart',
    message: `127.0.0.1:${port} is taken: give another port with --imap, or 0 for none`,
  });
  await expect(ready()).rejects.toThrow('fetch failed');
  taken.close();
});

test('a frontend that would serve nothing does not start', async () => {
  const frontend = new Frontend({ ...config, ports: { ...config.ports, http: 0 } }, node);
  await expect(frontend.start([])).rejects.toMatchObject({ name: 'CannotStart', message: 'nothing would be served: check the ports and --roles' });
});

test.each([['127.0.0.1', true], ['127.9.9.9', true], ['localhost', true], ['::1', true], ['0.0.0.0', false], ['::', false], ['127.example.org', false], ['10.0.0.1', false]])(
  'passwords in the clear at %s: %s',
  (host, allowed) => {
    expect(isLoopback(host)).toBe(allowed);
  },
);

test('an IPv6 address is written with brackets', () => {
  expect([addressOf('::1', 143), addressOf('127.0.0.1', 143)]).toEqual(['[::1]:143', '127.0.0.1:143']);
});

function occupied(port = 0): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject).listen(port, '127.0.0.1', () => resolve(server));
  });
}
