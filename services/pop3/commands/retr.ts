// RETR and TOP: RFC 1939 §5, §7.
import { decodeSummary } from '../../core/message/summary';
import { numberOf, wordsOf } from '../command-line';
import { TRANSACTION, type Handler } from '../handler';
import { messageResponse } from '../message-response';

const LF = 0x0a;

/** The message as it is stored, every octet; it counts as read when it was sent to its end. */
export const retr: Handler = {
  states: TRANSACTION,
  async *run(argument, context) {
    const [word] = wordsOf(argument, 1, 1);
    const { maildrop } = context.session.opened;
    const number = numberOf(word!);
    const row = maildrop.message(number);
    yield* messageResponse({ row, range: { startByte: 0, endByte: row.sizeBytes }, text: `${row.sizeBytes} octets` }, context);
    maildrop.noteRetrieved(number);
  },
};

/** The header with its empty line, and so many lines of the body: looked at, not read. */
export const top: Handler = {
  states: TRANSACTION,
  async *run(argument, context) {
    const [word, lines] = wordsOf(argument, 2, 2).map(numberOf);
    const row = context.session.opened.maildrop.message(word!);
    const { bodyStart } = decodeSummary(row.summary).structure;
    const range = { startByte: 0, endByte: lines === 0 ? bodyStart : row.sizeBytes };
    yield* messageResponse({ row, range, text: 'top of message follows', cut: (pieces) => cutAfter(pieces, bodyStart, lines!) }, context);
  },
};

/** What comes before octet `bodyStart`, and `lines` lines from there on. Reads no further. */
async function* cutAfter(pieces: AsyncGenerator<Uint8Array, void>, bodyStart: number, lines: number): AsyncGenerator<Uint8Array, void> {
  let startByte = 0;
  let missing = lines;
  for await (const piece of pieces) {
    let end = Math.max(0, bodyStart - startByte);
    while (missing > 0 && end < piece.length) {
      const lineFeed = piece.indexOf(LF, end);
      end = lineFeed === -1 ? piece.length : lineFeed + 1;
      if (lineFeed !== -1) missing -= 1;
    }
    startByte += piece.length;
    yield end < piece.length ? piece.subarray(0, end) : piece;
    if (missing === 0 && startByte >= bodyStart) return;
  }
}
