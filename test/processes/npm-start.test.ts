import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port';
import { Frontend, NPM_START } from './frontend';

test('SIGTERM to `npm start` reaches the frontend, which drains and ends with 0', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'isomail-npm-start-'));
  const ports = { imap: await freePort(), http: await freePort() };
  try {
    const frontend = await Frontend.start(dataDir, ports, NPM_START);
    expect(await frontend.stop()).toBe(0);
    await expect(fetch(`http://127.0.0.1:${ports.http}/live`)).rejects.toThrow('fetch failed');
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});
