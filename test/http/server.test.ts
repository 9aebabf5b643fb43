import { openLog } from '../../services/core/runtime/logging';
import { Metrics } from '../../services/core/runtime/metrics';
import { startHttp, type RunningHttp } from '../../services/http/server';

let server: RunningHttp;
let metrics: Metrics;
let reason: Error | null;
const logged: string[] = [];

beforeEach(async () => {
  metrics = new Metrics();
  reason = null;
  const ready = async (): Promise<void> => {
    if (reason) throw reason;
  };
  const log = openLog('info', 'test', (line) => logged.push(line));
  server = await startHttp({ host: '127.0.0.1', port: 0, metrics, ready, log });
});

afterEach(() => server.close());

const get = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`http://127.0.0.1:${server.port}${path}`, init);

test('a process that runs is live, ready or not', async () => {
  reason = new Error('draining');
  const answer = await get('/live');
  expect([answer.status, await answer.text()]).toEqual([200, 'live\n']);
});

test('/ready follows the process, and says why not', async () => {
  const up = await get('/ready');
  expect([up.status, await up.text()]).toEqual([200, 'ready\n']);
  reason = new Error('draining');
  const down = await get('/ready');
  expect([down.status, await down.text()]).toEqual([503, 'not ready: draining\n']);
});

test('/metrics speaks Prometheus', async () => {
  metrics.commands.inc({ verb: 'NOOP', result: 'ok' });
  metrics.sessions.inc({ protocol: 'imap' }, 3);
  metrics.logins.inc({ result: 'failed' });
  const answer = await get('/metrics');
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
  const text = await answer.text();
  expect(text).toContain('isomail_commands_total{verb="NOOP",result="ok"} 1');
  expect(text).toContain('isomail_sessions{protocol="imap"} 3');
  expect(text).toContain('isomail_logins_total{result="failed"} 1');
});

test.each([
  ['GET', '/', 404],
  ['GET', '/liveness', 404],
  ['GET', '/live?x=1', 200],
  ['POST', '/live', 405],
  ['DELETE', '/metrics', 405],
])('%s %s answers %d', async (method, path, status) => {
  expect((await get(path, { method })).status).toBe(status);
});

test('HEAD answers without a body', async () => {
  const answer = await get('/live', { method: 'HEAD' });
  expect([answer.status, answer.headers.get('content-length'), await answer.text()]).toEqual([200, '5', '']);
});

test('closing ends connections that are kept alive', async () => {
  await (await get('/live')).text();
  await server.close();
  await expect(get('/live')).rejects.toThrow('fetch failed');
  server = await startHttp({ host: '127.0.0.1', port: 0, metrics, ready: async () => undefined, log: openLog('silent', 'test') });
});

test('a log line carries what was thrown, and no password', () => {
  openLog('info', 'n1', (line) => logged.push(line)).child({ peer: '::1' }).error({ error: new Error('boom'), password: 'hunter2' }, 'it failed');
  const line = JSON.parse(logged.at(-1)!) as { error: { message: string; stack: string } };
  expect(line).toMatchObject({ node: 'n1', peer: '::1', msg: 'it failed', error: { message: 'boom' } });
  expect(line.error.stack).toContain('server.test');
  expect(logged.at(-1)).not.toContain('hunter2');
});
