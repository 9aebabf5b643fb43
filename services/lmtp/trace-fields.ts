// The two fields that a delivery puts on top of a message.
import { inAscii } from './recipient';

/**
 * Return-Path (RFC 5321 §4.4: whoever makes the final delivery writes MAIL FROM there) and Delivered-To (the address of RCPT TO, as
 * Postfix and Dovecot write it). Addresses with control characters were refused before.
 */
export function traceFields(sender: string, recipient: string): Buffer {
  return Buffer.from(`Return-Path: <${inAscii(sender)}>\r\nDelivered-To: ${recipient}\r\n`);
}
