// One seed, from the first account to the verdict.
import { CHUNK_SIZE } from '../../services/core/account/chunk';
import { encodePointer, firstPointer } from '../../services/core/log/pointer';
import { blobPrefix } from '../../services/core/store/blob-key';
import { hexOf } from './hex';
import type { Body, Intent } from './intent';
import { judge } from './oracle';
import { compareFolds } from './production-fold';
import { SimClient } from './sim-client';
import { SimSession } from './sim-session';
import { aftermathMs, clearUp } from './weather';
import { World } from './world';

export interface Verdict {
  readonly seed: number;
  /** Empty: all is well. */
  readonly violations: readonly string[];
  /** Equal for equal runs. */
  readonly traceHash: string;
  readonly counts: ReadonlyMap<string, number>;
}

const HOUR_MS = 3_600_000;

/** `print`: gets each line of the trace. */
export async function simulate(seed: number, print: ((line: string) => void) | null = null): Promise<Verdict> {
  const world = new World(seed, print);
  const accountIds = Array.from({ length: world.weather.accounts }, (_, i) => `account${i + 1}`);
  for (let slot = 0; slot < world.weather.nodes; slot += 1) world.nodes.push(world.newNode());
  const clients = Array.from({ length: world.weather.clients }, (_, i) => {
    const name = `client${i + 1}`;
    return new SimClient(world, world.random.fork(name), accountIds[i % accountIds.length]!, name);
  });

  await during(world, 'makes its accounts', Promise.all(accountIds.map((id) => makeAccount(world, id))));
  await work(world, clients);
  await calmDown(world, clients);
  for (const accountId of accountIds) await reach(world, accountId);
  for (const node of world.nodes) node?.kill();
  return { seed, violations: world.violations, traceHash: world.traceHash(), counts: world.counts };
}

/** Lets time pass until `activity` has ended or something is wrong. */
async function during(world: World, what: string, activity: Promise<unknown>): Promise<void> {
  let isOver = false;
  void activity.then(
    () => (isOver = true),
    (error: unknown) => world.violate(`the world fails before it ${what}: ${error instanceof Error ? error.stack : String(error)}`),
  );
  if (!(await world.timeline.run(() => isOver || world.isFaulty, 100 * HOUR_MS))) world.violate(`the world never ${what}`);
}

async function makeAccount(world: World, accountId: string): Promise<void> {
  await world.log.movePointer(accountId, 0, encodePointer(firstPointer));
  for (let outcome = ''; outcome !== 'ok' && !world.isFaulty; ) {
    const session = new SimSession(world, world.nodes[0]!, accountId, 'keeper', () => {});
    const reply = await session.handle({ verb: 'change', intent: { kind: 'createAccount', login: accountId, quotaBytes: null } });
    if (reply.outcome === 'ok' && world.weather.isLarge) await session.handle({ verb: 'change', intent: manyMessages(world, accountId) });
    session.end();
    outcome = reply.outcome;
  }
}

/** Somewhat fewer than two chunks, so that work goes on across their bounds. Their bodies are there already. */
function manyMessages(world: World, accountId: string): Intent {
  const messages = Array.from({ length: CHUNK_SIZE + 500 }, (_, i): Body => {
    const blob = hexOf(world.random.bytes(16));
    world.tier.blobs.set(blobPrefix(accountId) + blob, { bytes: new Uint8Array(1), storedAtMs: 0 });
    return { blob, digest: blob + blob, sizeBytes: 1, dateMs: i, flags: i % 3 === 0 ? ['\\Seen'] : [], summaryBytes: 0 };
  });
  return { kind: 'add', name: 'INBOX', messages, deliveryId: null };
}

async function work(world: World, clients: readonly SimClient[]): Promise<void> {
  if (world.isFaulty) return;
  await during(world, 'gets its work done', Promise.all(clients.map((client) => client.run())));
  world.misfortunes.end();
}

/** The stores heal, what is late lands, and every client looks once more. */
async function calmDown(world: World, clients: readonly SimClient[]): Promise<void> {
  const waitMs = aftermathMs(world.weather);
  clearUp(world.weather);
  await world.timeline.run(() => world.isFaulty, waitMs);
  if (world.isFaulty) return;
  await during(world, 'comes to rest', Promise.all(clients.map((client) => client.finish())));
  await world.timeline.run(() => world.isFaulty, waitMs);
  for (const node of world.nodes) if (node && node.busy.size > 0) world.violate(`${node.name} never answers ${node.busy.size} commands`);
}

/** A node that knows nothing loads the account; the oracle folds it naively. */
async function reach(world: World, accountId: string): Promise<void> {
  if (world.isFaulty) return;
  const node = world.newNode();
  const opening = node.accounts.open(accountId);
  await during(world, 'loads its account', opening);
  if (world.isFaulty) return;
  const { account } = await opening;
  if (account.position !== world.storedThrough(accountId)) world.violate(`a fresh node reads ${account.position} entries of ${world.storedThrough(accountId)}`);
  world.judging(() => compareFolds(account.state, judge(accountId, world.tier, world.history)));
  node.kill();
}
