import { Damaged, Unavailable } from '../../../services/core/runtime/errors';
import { BlobMissing, type BlobStore } from '../../../services/core/store/blob-store';
import { MessageBodies } from '../../../services/core/account/message-bodies';
import { VirtualClock } from '../store/memory/virtual-clock';

const clock = new VirtualClock();
const BLOB = new Uint8Array(16);

/** Bodies over a store whose reads are `pieces`. */
function bodiesOf(pieces: () => AsyncIterable<Uint8Array>): MessageBodies {
  return new MessageBodies({ read: pieces } as unknown as BlobStore, clock, 'account');
}

async function* giving(...pieces: (string | Error)[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    if (piece instanceof Error) throw piece;
    yield Buffer.from(piece);
  }
}

test('a range comes whole, whatever its pieces', async () => {
  expect(String(await bodiesOf(() => giving('ab', 'c', 'de')).whole(BLOB, { startByte: 3, endByte: 8 }))).toBe('abcde');
});

test('an empty range asks nothing of the store', async () => {
  expect(await bodiesOf(() => giving(new Error('asked'))).whole(BLOB, { startByte: 3, endByte: 3 })).toHaveLength(0);
});

test.each<[string, (string | Error)[], new (...args: never[]) => Error]>([
  ['fewer octets than a message has are damage', ['ab'], Damaged],
  ['more octets than were asked for are damage', ['abc', 'def'], Damaged],
  ['a missing blob stays what it is', [new BlobMissing('00/account/0')], BlobMissing],
  ['so does a store that is away', ['a', new Unavailable('away')], Unavailable],
  ['any other failure is a store that is away', ['a', new Error('EIO')], Unavailable],
])('%s', async (_claim, pieces, kind) => {
  await expect(bodiesOf(() => giving(...pieces)).whole(BLOB, { startByte: 0, endByte: 5 })).rejects.toThrow(kind);
});

test('a store that sits on a piece counts as away', async () => {
  const next = jest.fn(() => new Promise<IteratorResult<Uint8Array>>(() => undefined));
  const hanging = { [Symbol.asyncIterator]: () => ({ next }) };
  const reading = bodiesOf(() => hanging).whole(BLOB, { startByte: 0, endByte: 5 });
  const outcome = expect(reading).rejects.toThrow(Unavailable);
  while (next.mock.calls.length === 0) await Promise.resolve();
  await clock.advance(60_000);
  await outcome;
});
