// What a new demo account finds in its INBOX: messages of several MIME shapes, so that a client shows what it can.
import { attachment, crlf, entity, multipart, text, type HeaderFields } from './message-writer';

export interface WelcomeMessage {
  readonly body: Buffer;
  readonly flags: readonly string[];
}

const TOUR_CSV = `what,where
IMAP,"port 1143, STARTTLS"
IMAP inside TLS,port 1993
health and metrics,port 1080
`;

/** `timeMs`: the Date of the newest; the others are a minute older each. */
export function welcomeMessages(login: string, timeMs: number): WelcomeMessage[] {
  const fields = (number: number, subject: string, more: HeaderFields = {}): HeaderFields => ({
    From: 'Isomail <welcome@localhost>',
    To: login,
    Subject: subject,
    Date: dateTime(timeMs - (5 - number) * 60_000),
    'Message-ID': `<welcome-${number}@localhost>`,
    ...more,
    'MIME-Version': '1.0',
  });
  const plain = { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Transfer-Encoding': '8bit' };
  const forwarded = entity(
    { From: 'Ada <ada@example.org>', To: 'grace@example.org', Subject: 'Notes', Date: dateTime(0), 'Message-ID': '<notes@example.org>', ...plain },
    'A message within a message: it has an envelope and a structure of its own.\r\n',
  );
  return [
    seen(entity(fields(1, 'Welcome to Isomail: grüß Gott, καλημέρα, こんにちは', plain), crlf(WELCOME))),
    unseen(multipart('alternative', 'alternative-2', fields(2, 'The same in plain text and in HTML'), [text('plain', PLAIN), text('html', HTML)])),
    unseen(
      multipart('mixed', 'mixed-3', fields(3, 'With an attachment'), [
        text('plain', 'The table attached says what listens where by default.\n'),
        attachment('text/csv', 'ports.csv', Buffer.from(TOUR_CSV)),
      ]),
    ),
    unseen(
      multipart('mixed', 'mixed-4', fields(4, 'Fwd: Notes'), [
        text('plain', 'The message below came as message/rfc822.\n'),
        entity({ 'Content-Type': 'message/rfc822' }, forwarded),
      ]),
    ),
    flagged(entity(fields(5, 'Re: Welcome to Isomail', { 'In-Reply-To': '<welcome-1@localhost>', References: '<welcome-1@localhost>', ...plain }), crlf(REPLY))),
  ];
}

const WELCOME = `This account is here to try things.

Start a second process on the same data folder with other ports, connect a
client to each, and change something in one: the other shows it. Then stop
either of them. Neither owns anything, so nothing has to be downloaded again.

  npm start -- --imap 2143 --imaps 2993 --http 2080
`;

const PLAIN = `Your own mail comes in with

  npm run isomail -- user add you@example.org
  npm run isomail -- import you@example.org ~/Maildir
`;

const HTML = `<p>Your own mail comes in with</p>
<pre>npm run isomail -- user add you@example.org
npm run isomail -- import you@example.org ~/Maildir</pre>
`;

const REPLY = `A reply, in one thread with the first message. It is flagged.

  npm run isomail -- show demo@localhost
  npm run isomail -- log demo@localhost
`;

const seen = (body: string): WelcomeMessage => ({ body: Buffer.from(body), flags: ['\\Seen'] });
const unseen = (body: string): WelcomeMessage => ({ body: Buffer.from(body), flags: [] });
const flagged = (body: string): WelcomeMessage => ({ body: Buffer.from(body), flags: ['\\Flagged'] });

/** RFC 5322 §3.3. */
function dateTime(timeMs: number): string {
  return new Date(timeMs).toUTCString().replace('GMT', '+0000');
}
