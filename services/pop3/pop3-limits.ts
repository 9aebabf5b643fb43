// What one POP3 connection may cost, each with its reason.

export const pop3Limits = {
  /**
   * A line, its end included. RFC 2449 §4 asks for 255 octets; but passwords here may have 1,024, which AUTH PLAIN repeats in base64
   * (RFC 5034 §4: whatever the mechanisms on offer need).
   */
  lineBytes: 4 * 1024,
  /** Of a line that is too long so much is read and dropped; a client that goes on is sent away. */
  droppedBytes: 64 * 1024,
  /** Commands that make no sense, in a row: no program and no person goes on like that. */
  badCommands: 10,
  /** Commands that are answered before other sessions get their turn: pipelined ones wait for nothing. */
  commandsAtOnce: 64,
  /** From the greeting to the login, whatever is said between them. */
  loginMs: 60_000,
  /** RFC 1939 §3: at least ten minutes. */
  autologoutMs: 10 * 60_000,
  /** A server of POP3 may only answer: TCP keeps the connection alive. */
  keepAliveMs: null,
  /** How long a client may take nothing of what is said to it. */
  deafMs: 10 * 60_000,
  /** For what runs when the server stops. */
  drainMs: 8_000,
  /** Connections before login from one address; and of one user from one address. */
  connectionsBeforeLogin: 32,
  connectionsPerUser: 50,
} as const;
