// LIST and UIDL: RFC 1939 §5, §7. One line a message, of all or of one.
import type { Chunk } from '../../core/account/chunk';
import { ByteWriter } from '../../core/wire/byte-writer';
import { numberOf, wordsOf } from '../command-line';
import { giveWay } from '../../core/runtime/give-way';
import { TRANSACTION, type Handler } from '../handler';
import type { Maildrop } from '../maildrop';
import { ok, TERMINATOR } from '../replies';

/** So much is said before others get their turn. */
const PIECE_BYTES = 32 * 1024;

const SPACE = 0x20;

/** What is told of the message at `i` of a chunk. */
type Tell = (out: ByteWriter, chunk: Chunk, i: number) => void;

export const list: Handler = {
  states: TRANSACTION,
  async *run(argument, { session }) {
    const { maildrop } = session.opened;
    const number = oneOf(argument);
    if (number !== null) return yield ok(`${number} ${maildrop.message(number).sizeBytes}`);
    yield* allOf(maildrop, (out, chunk, i) => out.number(chunk.sizeAt(i)));
  },
};

export const uidl: Handler = {
  states: TRANSACTION,
  async *run(argument, { session }) {
    const { maildrop } = session.opened;
    const number = oneOf(argument);
    if (number !== null) return yield ok(`${number} ${maildrop.uniqueId(maildrop.message(number))}`);
    yield* allOf(maildrop, (out, chunk, i) => out.ascii(maildrop.uniqueId(chunk.row(i))));
  },
};

function oneOf(argument: Buffer | null): number | null {
  const [word] = wordsOf(argument, 0, 1);
  return word === undefined ? null : numberOf(word);
}

async function* allOf(maildrop: Maildrop, tell: Tell): AsyncGenerator<Uint8Array, void> {
  const out = new ByteWriter();
  out.bytes(ok(`${maildrop.count} messages (${maildrop.octets} octets)`));
  for (const { before, chunk } of maildrop.chunks()) {
    for (let i = 0; i < chunk.length; i += 1) {
      const number = before + i + 1;
      if (maildrop.isDeleted(number)) continue;
      out.number(number).byte(SPACE);
      tell(out, chunk, i);
      out.crlf();
    }
    if (out.lengthBytes < PIECE_BYTES) continue;
    yield out.take();
    await giveWay();
  }
  yield out.ascii(TERMINATOR).take();
}
