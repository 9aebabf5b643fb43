// Every failure that a client may see, by whose fault it is. Protocol dispatchers turn these into replies; nobody else does.

/** The client broke the protocol: IMAP `BAD`, POP3 `-ERR`. */
export class BadCommand extends Error {
  override readonly name = 'BadCommand';
}

/** Response codes of RFC 5530 and of the extensions that define their own. */
export type RefusalCode =
  | 'ALREADYEXISTS' | 'AUTHENTICATIONFAILED' | 'AUTHORIZATIONFAILED' | 'BADCHARSET' | 'CANNOT' | 'CLIENTBUG'
  | 'EXPUNGEISSUED' | 'INUSE' | 'LIMIT' | 'NONEXISTENT' | 'NOPERM' | 'OVERQUOTA' | 'PRIVACYREQUIRED' | 'TOOBIG'
  | 'TRYCREATE' | 'UNAVAILABLE';

/** A rule says no: IMAP `NO [CODE] text`. The session goes on. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  constructor(readonly code: RefusalCode | null, text: string) {
    super(text);
  }
}

/** A store did not do its work; nothing was changed by the command: IMAP `NO [UNAVAILABLE]`, LMTP 451. */
export class Unavailable extends Error {
  override readonly name: string = 'Unavailable';
}

/**
 * Nobody knows whether the change was stored. No tagged reply may be given: IMAP `BYE [UNAVAILABLE]`, LMTP 451
 * (docs/log-protocol.md, "Unknown fates").
 */
export class FateUnknown extends Unavailable {
  override readonly name = 'FateUnknown';
}

/** What is stored contradicts itself. The account is refused until someone looks: IMAP `NO [SERVERBUG]`, and an alarm. */
export class Damaged extends Error {
  override readonly name = 'Damaged';
}

/** The peer went away, or was sent away. */
export class Disconnected extends Error {
  override readonly name = 'Disconnected';
}
