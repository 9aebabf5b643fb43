// What one connection may cost, each with its reason.

export const imapLimits = {
  /** Before login nobody sends more than a password. */
  lineBytesBeforeLogin: 8 * 1024,
  /** Clients send sets of 100,000 UIDs. */
  lineBytesAfterLogin: 1024 * 1024,
  /** A literal before login: a login name or a password. */
  literalBytesBeforeLogin: 4 * 1024,
  /** All literals of one command but a message: search strings, mailbox names. */
  literalBytesBuffered: 1024 * 1024,
  /** Nobody searches for so many strings; each costs more memory than its octets. */
  literalsPerCommand: 1_000,
  /** A message (RFC 7889 names it to clients). */
  messageBytes: 64 * 1024 * 1024,
  /** Messages of one APPEND (RFC 3502): they become one entry, and its blob. */
  messagesPerAppend: 1_000,
  /** What is held of them until the last one is there: a thousand ordinary ones need one MiB, hostile ones 256 KiB each. */
  summaryBytesPerAppend: 16 * 1024 * 1024,
  /** Of a refused command so much is read and dropped; a client that goes on is sent away (RFC 7888 §4). */
  droppedBytes: 2 * 64 * 1024 * 1024,
  /** Before login there is no message that somebody could be about to send. */
  droppedBytesBeforeLogin: 64 * 1024,
  /** Commands that make no sense, in a row, before login: nobody mistypes so often. */
  badCommandsBeforeLogin: 10,
  /** From the greeting to the login, whatever is said between them. */
  loginMs: 60_000,
  /** Silence after which an authenticated session hears `* OK Still here`: balancers drop what is silent for 350 s. */
  keepAliveMs: 240_000,
  /** RFC 3501 §5.4: not below 30 minutes. IDLE does not count as silence. */
  autologoutMs: 31 * 60_000,
  /** How long a client may take nothing of what is said to it. */
  deafMs: 10 * 60_000,
  /** For what runs when the server stops. */
  drainMs: 8_000,
  /** Connections before login from one address; and of one user from one address: Thunderbird alone takes five. */
  connectionsBeforeLogin: 32,
  connectionsPerUser: 50,
} as const;
