// Stores as one node sees them over a bad network. Around a memory store for simulation, around any other for a trial of it.
import type { Clock } from '../../runtime/clock';
import type { Random } from '../../runtime/random';
import type { BlobInfo, BlobStore } from '../blob-store';
import type { Directory } from '../directory';
import type { Doorbell } from '../doorbell';
import type { LogStore, StoredEntry } from '../log-store';
import type { FaultPlan } from './fault-plan';
import { FaultyRequests, InjectedFault } from './faulty-requests';
import { NodeLink } from './node-link';

/** `link` is the node's, shared by its four stores; without one, nothing can be cut or killed. */
export function faultyLogStore(inner: LogStore, clock: Clock, random: Random, plan: FaultPlan, link = new NodeLink(clock)): LogStore {
  const requests = new FaultyRequests(clock, random, plan, link);
  return {
    append: (logId, position, bytes) => {
      const sent = Uint8Array.from(bytes);
      return requests.change('append', () => inner.append(logId, position, sent));
    },
    // Not a snapshot: pages in order of position and the pointer last, each read when it is asked for. A page may be cut
    // anywhere, so others write between any two items.
    readTail: async (logId, after) => {
      const entries: StoredEntry[] = [];
      const page = async (): Promise<readonly StoredEntry[]> => {
        const limit = 1 + Math.floor(random.fraction() * plan.tailPageEntries);
        return (await inner.readTail(logId, entries.at(-1)?.position ?? after)).entries.slice(0, limit);
      };
      let found = await requests.query('readTail', page);
      while (found.length > 0) {
        for (const entry of found) entries.push(entry);
        found = await requests.query('readTail', page, 0);
      }
      return { entries, pointer: await requests.query('readTail', () => inner.readPointer(logId), 0) };
    },
    readPointer: (logId) => requests.query('readPointer', () => inner.readPointer(logId)),
    movePointer: (logId, from, bytes) => {
      const sent = Uint8Array.from(bytes);
      return requests.change('movePointer', () => inner.movePointer(logId, from, sent));
    },
    deleteEntries: (logId, through) => requests.change('deleteEntries', () => inner.deleteEntries(logId, through)),
    close: () => inner.close(),
  };
}

/** A body is read whole before it is sent, because it may be sent twice. */
export function faultyBlobStore(inner: BlobStore, clock: Clock, random: Random, plan: FaultPlan, link = new NodeLink(clock)): BlobStore {
  const requests = new FaultyRequests(clock, random, plan, link);
  return {
    put: async (key, body) => {
      const chunks: Uint8Array[] = [];
      if (body instanceof Uint8Array) chunks.push(body);
      else for await (const chunk of body) chunks.push(Uint8Array.from(chunk));
      const sent = Buffer.concat(chunks);
      return requests.change('put', () => inner.put(key, sent));
    },
    read: (key, range) => faultyStream(requests, 'read', () => inner.read(key, range)),
    list: (prefix) => faultyStream<BlobInfo>(requests, 'list', () => inner.list(prefix)),
    delete: (key) => requests.change('delete', () => inner.delete(key)),
    close: () => inner.close(),
  };
}

export function faultyDirectory(inner: Directory, clock: Clock, random: Random, plan: FaultPlan, link = new NodeLink(clock)): Directory {
  const requests = new FaultyRequests(clock, random, plan, link);
  return {
    get: (login) => requests.query('get', () => inner.get(login)),
    put: (entry, from) => {
      const sent = { ...entry };
      return requests.change('put', () => inner.put(sent, from));
    },
    list: () => faultyStream(requests, 'list', () => inner.list()),
    close: () => inner.close(),
  };
}

/** A ring may be lost, doubled or late, for all watchers or for each alone. When a cut ends, watchers hear 0. */
export function faultyDoorbell(inner: Doorbell, clock: Clock, random: Random, plan: FaultPlan, link = new NodeLink(clock)): Doorbell {
  const requests = new FaultyRequests(clock, random, plan, link);
  const unreachable = (): boolean => link.isDead || link.isCut;
  return {
    ring: (accountId, position) => {
      if (!unreachable() && !requests.happens(plan.loseRing)) inner.ring(accountId, position);
    },
    watch: (accountId, onRing) => {
      let ended = false;
      const deliver = (position: number): void => {
        if (!ended && !link.isDead) onRing(position);
      };
      const hear = (position: number): void => {
        if (unreachable() || requests.happens(plan.loseRing)) return;
        const times = requests.happens(plan.doubleRing) ? 2 : 1;
        for (let time = 0; time < times; time++) {
          if (requests.happens(plan.delayRing)) clock.after(requests.longTailMs(plan.ringDelayMaxMs), () => deliver(position));
          else deliver(position);
        }
      };
      const ends = [inner.watch(accountId, hear), link.onHeal(() => deliver(0))];
      return () => {
        ended = true;
        for (const end of ends) end();
      };
    },
    isHealthy: () => !link.isCut && inner.isHealthy(),
    close: () => inner.close(),
  };
}

/** Each item travels alone. A stream that is to fail, drawn once a stream, does so before one of its first items or at its end. */
async function* faultyStream<T>(requests: FaultyRequests, what: string, open: () => AsyncIterable<T>): AsyncIterable<T> {
  const iterator = open()[Symbol.asyncIterator]();
  const failsAt = requests.happens(requests.plan.failRead) ? Math.floor(requests.random.fraction() * 4) : Infinity;
  try {
    for (let item = 0; ; item++) {
      const next = await requests.query(what, () => iterator.next(), 0);
      if (item === failsAt || (next.done === true && failsAt < Infinity)) throw new InjectedFault(`${what}: broke off`);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await iterator.return?.();
  }
}
