// What one sender may cost, each with its reason.

export interface LmtpLimits {
  readonly messageBytes: number;
  readonly droppedBytes: number;
  readonly heldBytes: number;
  readonly lineBytes: number;
  readonly recipients: number;
  readonly connections: number;
  readonly deliveriesAtOnce: number;
  readonly silenceMs: number;
  readonly dataMs: number;
  readonly drainMs: number;
}

export const lmtpLimits: LmtpLimits = {
  /** As APPEND takes; told in LHLO (RFC 1870). */
  messageBytes: 64 * 1024 * 1024,
  /** Of a message that is too large so much is heard in all, so that its sender hears why; who goes on is cut off. */
  droppedBytes: 2 * 64 * 1024 * 1024,
  /** A message up to this is held in memory until all its recipients have it; a larger one goes straight into a blob. */
  heldBytes: 512 * 1024,
  /** RFC 5321 §4.5.3.1.4 asks for 512, extensions for some more. */
  lineBytes: 4 * 1024,
  /** RFC 5321 §4.5.3.1.8: not below 100. Senders come again with the rest. */
  recipients: 100,
  /** Senders are mail servers: Postfix opens up to 20. All together hold `connections * heldBytes`. */
  connections: 256,
  /** Bodies on their way to the blob store, of all senders: each is copied once more. */
  deliveriesAtOnce: 64,
  /** Between two octets, and for a whole command. RFC 5321 §4.5.3.2.7: not below 5 minutes. */
  silenceMs: 5 * 60_000,
  /** From DATA to the end of the message, however it trickles. */
  dataMs: 30 * 60_000,
  /** For what runs when the server stops. */
  drainMs: 8_000,
};
