// A message's body on its way in: once through, into the blob store, its digest and its summary. Never held in memory.
// The body is durable before anything names it (docs/log-protocol.md, W2).
import { createHash } from 'node:crypto';
import { MimeScanner } from '../message/mime-scanner';
import { encodeSummary } from '../message/summary';
import type { Clock } from '../runtime/clock';
import { Unavailable } from '../runtime/errors';
import type { Random } from '../runtime/random';
import { blobKey } from '../store/blob-key';
import type { BlobKey, BlobStore } from '../store/blob-store';
import type { IncomingMessage } from './decide/add-messages';

/** What is known of a body once it is durable. */
export type StoredBody = Pick<IncomingMessage, 'blobId' | 'sizeBytes' | 'digest' | 'summary' | 'threadKey'>;

export interface BodyPorts {
  readonly blobs: BlobStore;
  readonly clock: Clock;
  readonly random: Random;
}

/** How long a blob store may sit on a piece of a body, or on its end, before it counts as unreachable. */
const STALL_MS = 10_000;

/**
 * Stores a body under a fresh key and describes it. What the source throws passes through, and no blob is left behind; a store that
 * fails or stalls is Unavailable. A body in memory is sent a second time before that; a stream is consumed, and its caller's matter.
 */
export async function takeBody(ports: BodyPorts, accountId: string, source: Uint8Array | AsyncIterable<Uint8Array>): Promise<StoredBody> {
  const blobId = ports.random.bytes(16);
  const key = blobKey(accountId, blobId);
  const reading = new BodyReading();
  if (source instanceof Uint8Array) {
    await putTwice(ports, key, source);
    reading.take(source);
  } else {
    await putStream(ports, key, source, reading);
  }
  return { blobId, ...reading.end() };
}

/** Everything that is learnt while the octets go by. */
class BodyReading {
  private readonly hash = createHash('sha256');
  private readonly scanner = new MimeScanner();

  take(chunk: Uint8Array): void {
    this.hash.update(chunk);
    this.scanner.push(chunk);
  }

  end(): Omit<StoredBody, 'blobId'> {
    const scanned = this.scanner.end();
    return { sizeBytes: scanned.sizeBytes, digest: new Uint8Array(this.hash.digest()), summary: encodeSummary(scanned), threadKey: scanned.threadKey };
  }
}

/** The same key both times: 'exists' can only be our own first attempt, of which nobody told us. */
async function putTwice(ports: BodyPorts, key: BlobKey, body: Uint8Array): Promise<void> {
  try {
    await put(ports, key, body, new StallWatch(ports.clock));
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    await put(ports, key, body, new StallWatch(ports.clock));
  }
}

async function putStream(ports: BodyPorts, key: BlobKey, source: AsyncIterable<Uint8Array>, reading: BodyReading): Promise<void> {
  const stall = new StallWatch(ports.clock);
  let sourceError: { readonly error: unknown } | null = null;
  const passing = async function* (): AsyncIterable<Uint8Array> {
    try {
      stall.disarm();
      for await (const chunk of source) {
        reading.take(chunk);
        stall.arm();
        yield chunk;
        stall.disarm();
      }
    } catch (error) {
      sourceError = { error };
      throw error;
    } finally {
      stall.arm();
    }
  };
  try {
    await put(ports, key, passing(), stall);
  } catch (error) {
    const failed = sourceError as { readonly error: unknown } | null;
    throw failed ? failed.error : error;
  }
}

/** Throws Unavailable, whatever the store throws, and if it says nothing for too long. */
async function put({ blobs }: BodyPorts, key: BlobKey, body: Uint8Array | AsyncIterable<Uint8Array>, stall: StallWatch): Promise<void> {
  stall.arm();
  try {
    await Promise.race([blobs.put(key, body), stall.stalled]);
  } catch (cause) {
    throw cause instanceof Unavailable ? cause : new Unavailable('the blob store did not take the message', { cause });
  } finally {
    stall.end();
  }
}

/** Rejects `stalled` once it has been armed for too long at a stretch: time in which the store has the next word. */
class StallWatch {
  readonly stalled: Promise<never>;
  private fail: (error: Error) => void = () => {};
  private cancel: () => void = () => {};
  private hasEnded = false;

  constructor(private readonly clock: Clock) {
    this.stalled = new Promise((_resolve, reject) => (this.fail = reject));
  }

  arm(): void {
    this.cancel();
    if (this.hasEnded) return;
    this.cancel = this.clock.after(STALL_MS, () => this.fail(new Unavailable('the blob store does not answer')));
  }

  disarm(): void {
    this.cancel();
  }

  end(): void {
    this.cancel();
    this.hasEnded = true;
  }
}
